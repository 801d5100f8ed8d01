package dev.cadenza.nn;

import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.function.BinaryOperator;

/** The formulas that {@link F} and {@link Losses} share; the reduction is apart since one loss is asked for several. */
final class LossFunctions {
    /** Below any {@code 1 - p} but 0, where the gradient of a power may be infinite. */
    private static final double TINY = 1e-30;

    private LossFunctions() {}

    static Tensor crossEntropy(Tensor pred, Tensor target, LossOptions.CrossEntropy o, Reduction r) {
        Checks.classes("crossEntropy", pred, target, o.classDim(pred));
        return ofClasses(
                "crossEntropy",
                pred,
                target,
                o,
                (x, y) -> Kernels.crossEntropy(x, y, o.weight, r.ordinal(), o.ignoreIndex, o.labelSmoothing));
    }

    static Tensor nllLoss(Tensor pred, Tensor target, LossOptions.Nll o, Reduction r) {
        Checks.labels("nllLoss", pred, target, o.classDim(pred));
        return ofClasses(
                "nllLoss", pred, target, o, (x, y) -> Kernels.nllLoss(x, y, o.weight, r.ordinal(), o.ignoreIndex));
    }

    static Tensor focalLoss(Tensor pred, Tensor target, LossOptions.Focal o, Reduction r) {
        Checks.classes("focalLoss", pred, target, o.classDim(pred));
        Tensor ce = ofClasses(
                "focalLoss",
                pred,
                target,
                o,
                (x, y) -> Kernels.crossEntropy(x, y, o.weight, Reduction.NONE.ordinal(), o.ignoreIndex, 0));
        Tensor missing = ce.neg().exp().neg().add(1); // 1 - p
        Tensor losses = missing.clamp(TINY, 1).pow(o.gamma).mul(ce);
        Tensor counted = o.counted(target);
        return r == Reduction.MEAN && counted != null
                ? losses.sum().div(counted.sum()) // what is ignored has loss 0
                : reduced(losses, r);
    }

    /** Calls a kernel with the classes second, where it wants them; an error names the label out of range. */
    private static Tensor ofClasses(
            String op, Tensor pred, Tensor target, LossOptions.Nll o, BinaryOperator<Tensor> kernel) {
        boolean labels = target.dim() < pred.dim();
        try {
            return kernel.apply(o.classesSecond(pred), labels ? target : o.classesSecond(target));
        } catch (TensorException e) {
            throw labels ? Checks.outside(op, target, pred.size(o.classDim(pred)), o.ignoreIndex, e) : e;
        }
    }

    static Tensor diceLoss(Tensor pred, Tensor target, LossOptions.Dice o, Reduction r) {
        Checks.samples("diceLoss", pred, target);
        Checks.labels("diceLoss", pred, target, o.classDim(pred));
        Tensor p = o.classesSecond(pred).softmax(1);
        Checks.range("diceLoss", target, p.size(1));
        Tensor wanted = oneHot(target, p.size(1)).to(p.dtype());
        Tensor common = sumOverSpace(p.mul(wanted));
        Tensor union = sumOverSpace((o.squareInUnion ? p.square() : p).add(wanted));
        return reduced(
                common.mul(2).add(o.smooth).div(union.add(o.smooth)).neg().add(1), r);
    }

    /** Labels {@code [N, *]} as {@code [N, C, *]}, true at the right class. */
    private static Tensor oneHot(Tensor labels, long classes) {
        long[] shape = new long[labels.dim()];
        Arrays.fill(shape, 1);
        shape[0] = classes;
        Tensor all = Tensor.arange(classes).reshape(shape).to(labels.device());
        return labels.unsqueeze(1).eq(all);
    }

    /** From {@code [N, C, *]} to {@code [N, C]}. */
    private static Tensor sumOverSpace(Tensor x) {
        return x.unsqueeze(-1).flatten(2).sum(2);
    }

    static Tensor mseLoss(Tensor pred, Tensor target, Reduction r) {
        Checks.alike("mseLoss", pred, target);
        return Kernels.mseLoss(pred, target, r.ordinal());
    }

    static Tensor l1Loss(Tensor pred, Tensor target, Reduction r) {
        Checks.alike("l1Loss", pred, target);
        return Kernels.l1Loss(pred, target, r.ordinal());
    }

    static Tensor smoothL1Loss(Tensor pred, Tensor target, LossOptions.SmoothL1 o, Reduction r) {
        Checks.alike("smoothL1Loss", pred, target);
        return Kernels.smoothL1Loss(pred, target, r.ordinal(), o.beta);
    }

    static Tensor huberLoss(Tensor pred, Tensor target, LossOptions.Huber o, Reduction r) {
        Checks.alike("huberLoss", pred, target);
        return Kernels.huberLoss(pred, target, r.ordinal(), o.delta);
    }

    static Tensor bce(Tensor pred, Tensor target, LossOptions.Bce o, Reduction r) {
        Checks.alike("bce", pred, target);
        Checks.probabilities("bce", pred);
        return Kernels.bce(pred, target, o.weight, r.ordinal());
    }

    static Tensor bceWithLogits(Tensor pred, Tensor target, LossOptions.BceWithLogits o, Reduction r) {
        Checks.alike("bceWithLogits", pred, target);
        return Kernels.bceWithLogits(pred, target, o.weight, o.posWeight, r.ordinal());
    }

    private static Tensor reduced(Tensor losses, Reduction r) {
        return switch (r) {
            case NONE -> losses;
            case MEAN -> losses.mean();
            case SUM -> losses.sum();
        };
    }
}
