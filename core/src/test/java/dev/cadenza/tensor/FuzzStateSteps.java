package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Function;

/** The steps of a random sequence that read, differentiate, and end lifetimes. */
final class FuzzStateSteps {
    private final List<FuzzSteps.Step> steps;

    private FuzzStateSteps(List<FuzzSteps.Step> steps) {
        this.steps = steps;
    }

    static void addTo(List<FuzzSteps.Step> steps) {
        FuzzStateSteps all = new FuzzStateSteps(steps);
        all.reading();
        all.gradients();
        all.lifetime();
    }

    private void add(String name, Function<FuzzWorld, Object> action) {
        steps.add(new FuzzSteps.Step(name, action));
    }

    private void reading() {
        add("item", w -> w.isEvil() ? w.tensor().item() : w.tensor().sum().item());
        add(
                "itemLong",
                w -> w.isEvil() ? w.tensor().itemLong() : w.integers().sum().itemLong());
        add("toFloats", w -> w.tensor().toFloats());
        add("toDoubles", w -> w.tensor().toDoubles());
        add("toInts", w -> w.tensor().toInts());
        add("toLongs", w -> w.tensor().toLongs());
        add("toBytes", w -> w.tensor().toBytes());
        add("copyToFloats", w -> {
            w.tensor().copyTo(FloatBuffer.allocate(w.isEvil() ? 1 : 1000));
            return null;
        });
        add("copyToBytes", w -> {
            w.tensor().copyTo(ByteBuffer.allocateDirect(w.isEvil() ? 1 : 8000));
            return null;
        });
        add(
                "facts",
                w -> FuzzSteps.on(
                        w,
                        w.tensor(),
                        x -> x.shape().length
                                + x.dim()
                                + x.numel()
                                + x.describe()
                                + x.device()
                                + x.isLeaf()
                                + x.isContiguous()
                                + x.size(w.isEvil() ? w.evilSize() : 0)));
        add("toString", w -> w.tensor().toString());
        add("equal", w -> w.floats().equal(w.floats()));
        add(
                "allclose",
                w -> FuzzSteps.on(
                        w, w.floats(), x -> x.allclose(w.isEvil() ? w.tensor() : x, w.isEvil() ? w.scalar() : 0, 1)));
    }

    /** A tensor of more elements than any memory holds: every element is the same one. */
    static Object huge(FuzzWorld w) {
        long a = w.dice.nextInt(4) > 0 ? 1L << 40 : w.evilSize();
        w.note(a, "expand " + a);
        Tensor x = w.tensor().sum().expand(a, w.isEvil() ? 1L << 21 : 1);
        w.note(x, x.describe());
        w.note(x.toString(), "toString");
        switch (w.dice.nextInt(9)) {
            case 0 -> x.select(0, w.index(x.size(0)));
            case 1 -> x.narrow(0, w.index(x.size(0)), w.isEvil() ? w.evilSize() : 0);
            case 2 -> x.transpose(w.dim(x), w.dim(x)).describe();
            case 3 -> x.copyTo(ByteBuffer.allocate(64));
            case 4 -> x.copyTo(FloatBuffer.allocate(64));
            case 5 -> whereTooLarge(x, () -> x.toBytes());
            case 6 -> whereTooLarge(x, () -> x.add(1));
            case 7 -> whereTooLarge(x, () -> x.contiguous());
            default -> x.view(w.shape());
        }
        return null;
    }

    private static void whereTooLarge(Tensor x, Runnable action) {
        if (x.numel() >= 1L << 40) {
            action.run();
        }
    }

    private void gradients() {
        add(
                "requiresGrad_",
                w -> w.isEvil()
                        ? w.tensor().requiresGrad_(w.bool())
                        : w.floats().detach().requiresGrad_(true));
        add("chain", w -> w.floats().mul(Tensor.ones(3).requiresGrad_(true)).sigmoid());
        add("backward", w -> {
            Tensor x = w.floats();
            (w.isEvil() ? x : x.mul(Tensor.ones(1).requiresGrad_(true)).sum()).backward();
            return null;
        });
        add(
                "backwardFrom",
                w -> FuzzSteps.on(w, w.floats(), x -> {
                    (w.isEvil() ? x : x.mul(Tensor.scalar(1).requiresGrad_(true)))
                            .backward(w.isEvil() ? w.tensor() : x.onesLike());
                    return null;
                }));
        add("grad", w -> FuzzSteps.on(w, w.floats(), x -> x.hasGrad() || w.isEvil() ? x.grad() : null));
        add(
                "setGrad",
                w -> FuzzSteps.on(w, w.floats(), x -> {
                    x.setGrad(w.isEvil() ? w.tensor() : x.detach());
                    return null;
                }));
        add("zeroGrad", w -> {
            w.tensor().zeroGrad();
            return null;
        });
        add("detach", w -> w.tensor().detach());
        add("setData", w -> {
            w.floats().setData(w.floats());
            return null;
        });
    }

    private void lifetime() {
        add("open", w -> w.scopes.add(Scope.open()));
        add("closeScope", w -> {
            if (w.scopes.size() > 1) {
                w.scopes.get(1 + w.dice.nextInt(w.scopes.size() - 1)).close();
            }
            return null;
        });
        add("noGrad", w -> w.noGrads.add(NoGrad.open()));
        add("closeNoGrad", w -> {
            if (!w.noGrads.isEmpty()) {
                w.noGrads.get(w.dice.nextInt(w.noGrads.size())).close();
            }
            return null;
        });
        for (int i = 0; i < 3; i++) {
            add("keep", w -> w.keep(w.tensor()));
            add("close", w -> {
                w.tensor().close();
                return null;
            });
        }
        add("parameter", w -> w.own(new Parameter(w.floats())));
        add("buffer", w -> w.own(new Buffer(w.tensor())));
    }
}
