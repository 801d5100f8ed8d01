package dev.cadenza.tensor;

import java.util.List;
import java.util.function.Function;

/** The steps of a random sequence that call kernels, whole lists and generators. */
final class FuzzKernelSteps {
    private final List<FuzzSteps.Step> steps;

    private FuzzKernelSteps(List<FuzzSteps.Step> steps) {
        this.steps = steps;
    }

    static void addTo(List<FuzzSteps.Step> steps) {
        FuzzKernelSteps all = new FuzzKernelSteps(steps);
        all.kernels();
        all.activations();
        all.losses();
        all.lists();
        all.generators();
    }

    private void add(String name, Function<FuzzWorld, Object> action) {
        steps.add(new FuzzSteps.Step(name, action));
    }

    private void kernels() {
        add("linear", w -> Kernels.linear(operand(w, 3, 3), operand(w, 4, 3), optional(w, 4)));
        add(
                "conv2d",
                w -> Kernels.conv2d(
                        operand(w, 3, 3, 5, 5),
                        operand(w, 6, 3, 2, 2),
                        optional(w, 6),
                        pair(w, 1),
                        pair(w, 0),
                        pair(w, 1),
                        w.isEvil() ? count(w) : 1));
        add(
                "maxPool2d",
                w -> PoolKernels.maxPool2d(
                        operand(w, 3, 3, 6, 6), pair(w, 2), pair(w, 2), pair(w, 0), pair(w, 1), w.bool()));
        add(
                "avgPool2d",
                w -> PoolKernels.avgPool2d(
                        operand(w, 3, 3, 6, 6),
                        pair(w, 2),
                        pair(w, 2),
                        pair(w, 0),
                        w.bool(),
                        w.bool(),
                        w.isEvil() ? count(w) : 0));
        add("adaptiveAvgPool2d", w -> PoolKernels.adaptiveAvgPool2d(operand(w, 3, 3, 6, 6), pair(w, 2)));
        add("adaptiveMaxPool2d", w -> PoolKernels.adaptiveMaxPool2d(operand(w, 3, 3, 6, 6), pair(w, 2)));
        add("reflectionPad2d", w -> PoolKernels.reflectionPad2d(operand(w, 3, 3, 6, 6), w.isEvil() ? w.evilSize() : 1));
        add("celu", w -> Kernels.celu(w.floats(), w.scalar()));
        add(
                "batchNorm",
                w -> Kernels.batchNorm(
                        operand(w, 3, 3),
                        optional(w, 3),
                        optional(w, 3),
                        state(w),
                        state(w),
                        w.isEvil() ? w.bool() : true,
                        w.scalar(),
                        w.scalar()));
        add("dropout", w -> Kernels.dropout(w.floats(), w.isEvil() ? w.scalar() : 0.5, w.bool()));
        add(
                "embedding",
                w -> Kernels.embedding(
                        operand(w, 5, 3),
                        w.isEvil() ? w.integers() : Tensor.of(new long[] {0, 4}),
                        w.isEvil() ? w.evilSize() : -1));
    }

    private void activations() {
        add("leakyRelu", w -> Kernels.leakyRelu(w.floats(), w.scalar()));
        add("elu", w -> Kernels.elu(w.floats(), w.scalar()));
        add("gelu", w -> Kernels.silu(Kernels.gelu(w.floats(), w.bool())));
        add("mish", w -> Kernels.softplus(Kernels.mish(w.floats())));
        add("selu", w -> Kernels.hardswish(Kernels.selu(Kernels.relu6(w.floats()))));
        add("logSoftmax", w -> FuzzSteps.on(w, w.floats(), x -> Kernels.logSoftmax(x, w.dim(x))));
    }

    private void losses() {
        add(
                "crossEntropy",
                w -> Kernels.crossEntropy(
                        operand(w, 3, 3),
                        labels(w),
                        optional(w, 3),
                        reduction(w),
                        w.isEvil() ? w.evilSize() : 1,
                        w.isEvil() ? w.scalar() : 0.1));
        add(
                "nllLoss",
                w -> Kernels.nllLoss(
                        operand(w, 3, 3), labels(w), optional(w, 3), reduction(w), w.isEvil() ? w.evilSize() : 1));
        add("mseLoss", w -> Kernels.mseLoss(operand(w, 3, 3), operand(w, 3, 3), reduction(w)));
        add("l1Loss", w -> Kernels.l1Loss(operand(w, 3, 3), operand(w, 3, 3), reduction(w)));
        add(
                "huberLoss",
                w -> Kernels.huberLoss(operand(w, 3, 3), operand(w, 3, 3), reduction(w), w.isEvil() ? w.scalar() : 1));
        add(
                "smoothL1Loss",
                w -> Kernels.smoothL1Loss(
                        operand(w, 3, 3), operand(w, 3, 3), reduction(w), w.isEvil() ? w.scalar() : 1));
        add("bce", w -> Kernels.bce(operand(w, 3, 3), operand(w, 3, 3), optional(w, 3), reduction(w)));
        add(
                "bceWithLogits",
                w -> Kernels.bceWithLogits(
                        operand(w, 3, 3), operand(w, 3, 3), optional(w, 3), optional(w, 3), reduction(w)));
    }

    private static Tensor labels(FuzzWorld w) {
        return w.isEvil() ? w.integers() : Tensor.of(new long[] {0, 1, w.isEvil() ? w.evilSize() : 2});
    }

    private static int reduction(FuzzWorld w) {
        int reduction = w.isEvil() ? (int) w.evilSize() : w.dice.nextInt(3);
        return w.note(reduction, "reduction=" + reduction);
    }

    private static Tensor operand(FuzzWorld w, long... shape) {
        if (w.isEvil()) {
            return w.isEvil() ? w.note(null, "null") : w.tensor();
        }
        long[] sizes = shape.clone();
        if (w.isEvil()) {
            sizes[w.dice.nextInt(sizes.length)] = w.dice.nextInt(3);
        }
        Tensor x = Tensor.full(w.isEvil() ? w.dtype() : DType.FLOAT32, 0.5, sizes);
        w.note(x, x.describe());
        return w.bool() && x.dtype().isFloatingPoint() ? x.requiresGrad_(true) : x;
    }

    private static Tensor optional(FuzzWorld w, long size) {
        Tensor chosen = w.dice.nextInt(4) == 0 ? w.note(null, "null") : operand(w, size);
        return chosen == null || chosen.isClosed() || w.isEvil() ? chosen : chosen.detach();
    }

    private static Tensor state(FuzzWorld w) {
        return w.isEvil() ? optional(w, 3) : Tensor.ones(3);
    }

    private static long[] pair(FuzzWorld w, long usual) {
        return new long[] {w.isEvil() ? count(w) : usual, w.isEvil() ? count(w) : usual};
    }

    private static long count(FuzzWorld w) {
        long count = w.dice.nextBoolean() ? w.dice.nextInt(8) : w.evilSize();
        return w.note(count, "n=" + count);
    }

    private void lists() {
        add("listArithmetic", w -> {
            TensorList list = list(w);
            list.add_(list, w.scalar()).mul_(w.scalar()).add_(w.scalar()).copy_(w.isEvil() ? list(w) : list);
            return list.map(Tensor::clone).sign().sqrt().get(0);
        });
        add("listMoments", w -> {
            TensorList list = list(w);
            list.addcmul_(list, w.isEvil() ? list(w) : list, w.scalar());
            list.addcdiv_(w.isEvil() ? list(w) : list, list, w.scalar());
            return list.lerp_(list, w.scalar()).get(list.size() - 1);
        });
        add("listNorm", w -> list(w).norm() + list(w).clipNorm_(w.isEvil() ? w.scalar() : 1));
    }

    private static TensorList list(FuzzWorld w) {
        Tensor x = w.isEvil() ? w.tensor() : w.target();
        return new TensorList(w.isEvil() ? List.of(x, w.tensor()) : List.of(x, x));
    }

    private void generators() {
        add("randperm", w -> FuzzSteps.OWN.randperm(w.isEvil() ? w.evilSize() : w.dice.nextInt(9)));
        add("seed", w -> {
            FuzzSteps.OWN.seed(w.isEvil() ? w.evilSize() : 3);
            return FuzzSteps.OWN.toString();
        });
        add("state", w -> {
            byte[] state = FuzzSteps.OWN.state();
            if (w.isEvil()) {
                state[w.dice.nextInt(w.dice.nextBoolean() ? 24 : state.length)] ^= (byte) (1 << w.dice.nextInt(8));
            }
            FuzzSteps.OWN.setState(w.isEvil() ? new byte[w.dice.nextInt(6000)] : state);
            return Tensor.zeros(700).uniform_(0, 1, FuzzSteps.OWN).sum();
        });
    }
}
