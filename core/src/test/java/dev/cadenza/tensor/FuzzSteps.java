package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/** What a random sequence may do: every public operation of the package, with arguments that a {@link FuzzWorld} draws. */
final class FuzzSteps {
    record Step(String name, Function<FuzzWorld, Object> action) {}

    static final Rng OWN = new Rng(7);
    private final List<Step> steps = new ArrayList<>();

    private FuzzSteps() {}

    static List<Step> all() {
        FuzzSteps all = new FuzzSteps();
        for (int i = 0; i < 6; i++) {
            all.making();
        }
        all.arithmetic();
        all.reducing();
        all.shaping();
        all.inPlace();
        FuzzStateSteps.addTo(all.steps);
        FuzzKernelSteps.addTo(all.steps);
        return List.copyOf(all.steps);
    }

    private void add(String name, Function<FuzzWorld, Object> action) {
        steps.add(new Step(name, action));
    }

    private void making() {
        add("of", w -> Tensor.of(new float[] {1, -2, 3}, w.isEvil() ? w.shape() : new long[] {3}));
        add("ofLongs", w -> Tensor.of(new long[] {0, 1, w.isEvil() ? w.evilSize() : 2}));
        add("ofBooleans", w -> Tensor.of(new boolean[] {true, false, true}));
        add("full", w -> Tensor.full(w.dtype(), w.scalar(), w.shape()));
        add("randn", w -> Tensor.randn(w.shape()));
        add("leaf", w -> Tensor.rand(w.shape()).requiresGrad_(true));
    }

    private void arithmetic() {
        add("ofInts", w -> Tensor.of(new int[0], w.isEvil() ? w.shape() : new long[] {0}));
        add("ofDoubles", w -> Tensor.of(new double[9], w.isEvil() ? w.shape() : new long[] {3, 3}));
        add("ofBytes", w -> Tensor.of(ByteBuffer.allocate(24), w.dtype()));
        add("zeros", w -> Tensor.zeros(w.dtype(), w.shape()));
        add("arange", w -> Tensor.arange(w.isEvil() ? w.evilSize() : w.dice.nextInt(20)));
        add(
                "arangeBy",
                w -> Tensor.arange(
                        w.isEvil() ? w.scalar() : 0, w.isEvil() ? w.scalar() : 5, w.isEvil() ? w.scalar() : 2));
        add("eye", w -> Tensor.eye(w.isEvil() ? w.evilSize() : w.dice.nextInt(5)));
        add("like", w -> w.bool() ? w.tensor().zerosLike() : w.tensor().onesLike());
        add("cat", w -> Tensor.cat(list(w), w.isEvil() ? w.evilSize() : 0));
        add("stack", w -> Tensor.stack(list(w), w.isEvil() ? w.evilSize() : 0));
        add("where", w -> Tensor.where(w.tensor().gt(w.scalar()), w.tensor(), w.tensor()));
        add("whereAny", w -> Tensor.where(w.isEvil() ? w.tensor() : w.tensor().ne(0), w.floats(), w.floats()));
        add("add", w -> w.tensor().add(w.tensor()));
        add("addScalar", w -> w.tensor().add(w.scalar()));
        add("addAlpha", w -> w.floats().add(w.isEvil() ? w.tensor() : w.floats(), w.scalar()));
        add("sub", w -> w.floats().sub(w.isEvil() ? w.tensor() : w.floats()));
        add("subScalar", w -> w.floats().sub(w.scalar()));
        add("mul", w -> w.tensor().mul(w.tensor()));
        add("mulScalar", w -> w.tensor().mul(w.scalar()));
        add("div", w -> w.tensor().div(w.tensor()));
        add("divScalar", w -> w.tensor().div(w.scalar()));
        add("pow", w -> w.floats().pow(w.scalar()));
        add("powIntegers", w -> w.integers().pow(w.isEvil() ? w.scalar() : 2));
        add("matmul", w -> w.floats().matmul(w.floats()));
        add(
                "maximum",
                w -> w.bool() ? w.tensor().maximum(w.tensor()) : w.tensor().minimum(w.tensor()));
        add("clamp", w -> w.floats().clamp(w.scalar(), w.scalar()));
        add("clampIntegers", w -> w.integers().clamp(w.scalar(), w.scalar()));
        add("exp", w -> w.tensor().exp().log().sqrt());
        add("sign", w -> w.floats().neg().abs().sign().square());
        add("signIntegers", w -> w.integers().neg().abs().sign().square());
        add("relu", w -> w.floats().relu().sigmoid().tanh());
        add(
                "compare",
                w -> w.tensor().eq(w.tensor()).ne(w.tensor()).gt(w.tensor()).ge(w.tensor()));
        add("less", w -> w.tensor().lt(w.tensor()).le(w.tensor()).isFinite());
        add("compareScalar", w -> w.tensor().lt(w.scalar()).le(w.scalar()).ge(w.scalar()));
        add("eqScalar", w -> w.bool() ? w.tensor().eq(w.scalar()) : w.tensor().gt(w.scalar()));
        add(
                "maskedFill",
                w -> w.tensor().maskedFill(w.isEvil() ? w.tensor() : w.tensor().gt(0), w.isEvil() ? w.scalar() : 0));
    }

    private static List<Tensor> list(FuzzWorld w) {
        Tensor[] tensors = new Tensor[w.isEvil() ? 0 : 1 + w.dice.nextInt(2)];
        Arrays.fill(tensors, w.tensor());
        if (tensors.length > 1 && w.isEvil()) {
            tensors[1] = w.isEvil() ? w.note(null, "null") : w.tensor();
        }
        return Arrays.asList(tensors);
    }

    private void reducing() {
        add("sum", w -> w.tensor().sum());
        add("sumDim", w -> on(w, w.tensor(), x -> x.sum(w.dim(x))));
        add("sumDims", w -> on(w, w.tensor(), x -> x.sum(w.bool(), w.dims(x))));
        add("mean", w -> w.floats().mean());
        add("meanDim", w -> on(w, w.floats(), x -> x.mean(w.dim(x))));
        add("var", w -> on(w, w.floats(), x -> x.var(w.bool(), w.bool(), w.dims(x))));
        add("std", w -> w.floats().std(w.bool()));
        add("max", w -> w.bool() ? w.tensor().max() : w.tensor().min());
        add("amax", w -> on(w, w.tensor(), x -> x.amax(w.bool(), w.dims(x))));
        add("argmax", w -> on(w, w.tensor(), x -> x.argmax(w.dim(x))));
        add("logsumexp", w -> on(w, w.floats(), x -> x.logsumexp(w.dim(x))));
        add("softmax", w -> on(w, w.floats(), x -> x.softmax(w.dim(x))));
        add("norm", w -> w.floats().norm());
        add("all", w -> w.tensor().all());
    }

    static Object on(FuzzWorld w, Tensor x, Function<Tensor, Object> f) {
        return f.apply(x);
    }

    private void shaping() {
        add("view", w -> w.tensor().contiguous().view(w.isEvil() ? w.shape() : new long[] {-1}));
        add("reshape", w -> w.tensor().reshape(w.isEvil() ? w.shape() : new long[] {-1}));
        add("flatten", w -> on(w, w.tensor(), x -> x.flatten(w.dim(x))));
        add("permute", w -> on(w, w.tensor(), x -> x.permute(w.isEvil() ? w.dims(x) : reversed(x))));
        add("transpose", w -> on(w, w.tensor(), x -> x.transpose(w.dim(x), w.dim(x))));
        add("t", w -> on(w, w.tensor(), x -> x.isClosed() || x.dim() <= 2 || w.isEvil() ? x.t() : null));
        add("squeeze", w -> on(w, w.tensor(), x -> x.squeeze(w.dim(x)).unsqueeze(w.isEvil() ? w.evilSize() : 0)));
        add("expand", w -> w.tensor().expand(w.isEvil() ? w.shape() : new long[] {3, 3, 3, 3}));
        add("huge", FuzzStateSteps::huge);
        add("select", w -> on(w, w.tensor(), x -> x.select(w.dim(x), w.index(1))));
        add("narrow", w -> on(w, w.tensor(), x -> x.narrow(w.dim(x), w.index(1), w.index(2))));
        add("indexSelect", w -> w.tensor().indexSelect(w.isEvil() ? w.evilSize() : 0, index(w)));
        add("gather", w -> on(w, index(w), i -> w.tensor().reshape(-1).gather(w.isEvil() ? w.evilSize() : 0, i)));
        add("contiguous", w -> w.tensor().contiguous().clone());
        add("to", w -> w.tensor().to(w.dtype()));
        add("toDevice", w -> w.tensor().to(w.isEvil() ? Device.cuda(w.dice.nextInt(400)) : Device.CPU));
    }

    private static Tensor index(FuzzWorld w) {
        return w.isEvil() ? w.integers() : Tensor.of(new long[] {w.isEvil() ? w.evilSize() : 0});
    }

    private static long[] reversed(Tensor x) {
        long[] dims = new long[x.isClosed() ? 0 : x.dim()];
        Arrays.setAll(dims, i -> dims.length - 1 - i);
        return dims;
    }

    private void inPlace() {
        add(
                "add_",
                w -> w.target()
                        .add_(w.scalar())
                        .sub_(w.scalar())
                        .mul_(w.scalar())
                        .div_(w.scalar()));
        add(
                "addTensor_",
                w -> on(w, w.target(), x -> x.add_(x, 2).sub_(x).mul_(x).div_(x)));
        add("addOther_", w -> w.target().add_(w.isEvil() ? w.tensor() : Tensor.scalar(2)));
        add(
                "integers_",
                w -> w.integers().add_(w.isEvil() ? w.scalar() : 1).mul_(2).fill_(w.scalar()));
        add("addcmul_", w -> on(w, w.target(), x -> x.addcmul_(x, w.isEvil() ? w.tensor() : x, w.scalar())));
        add("addcdiv_", w -> on(w, w.target(), x -> x.addcdiv_(w.isEvil() ? w.tensor() : x, x, w.scalar())));
        add("lerp_", w -> on(w, w.target(), x -> x.lerp_(w.isEvil() ? w.tensor() : x.clone(), w.scalar())));
        add("sqrt_", w -> w.target().sqrt_().relu_());
        add("zero_", w -> w.target().zero_());
        add("copy_", w -> on(w, w.target(), x -> x.copy_(w.isEvil() ? w.tensor() : x)));
        add("normal_", w -> w.target().normal_(w.scalar(), w.isEvil() ? w.scalar() : 1, w.bool() ? OWN : Rng.global()));
        add("uniform_", w -> w.target().uniform_(w.isEvil() ? w.scalar() : -1, w.isEvil() ? w.scalar() : 1));
        add("bernoulli_", w -> w.target().bernoulli_(w.isEvil() ? w.scalar() : 0.5, OWN));
    }
}
