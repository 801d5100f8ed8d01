package dev.cadenza.nn;

import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Make the usual losses; what each computes, wants and refuses stands at the function of its name in {@link F}.
 *
 * <pre>{@code
 * Loss loss = Losses.crossEntropy(o -> { o.labelSmoothing = 0.1; o.ignoreIndex = 0; });
 * Tensor value = loss.apply(model.forward(x), labels);
 * Tensor probabilities = loss.activation(model.forward(x));
 * }</pre>
 */
public final class Losses {
    private Losses() {}

    private record Ready(String name, BinaryOperator<Tensor> function, UnaryOperator<Tensor> activated)
            implements Loss {
        @Override
        public Tensor apply(Tensor pred, Tensor target) {
            return function.apply(pred, target);
        }

        @Override
        public Tensor activation(Tensor pred) {
            return activated.apply(pred);
        }

        @Override
        public String toString() {
            return name + "()";
        }
    }

    /** Make {@link F#crossEntropy}, for one class of several; its activation is softmax over the classes. */
    public static Loss crossEntropy() {
        return crossEntropy(o -> {});
    }

    /** Make {@link F#crossEntropy} with options. */
    public static Loss crossEntropy(Consumer<LossOptions.CrossEntropy> options) {
        LossOptions.CrossEntropy o = LossOptions.of(new LossOptions.CrossEntropy(), options);
        return new Ready(
                "CrossEntropyLoss", (pred, target) -> crossEntropy(pred, target, o), x -> x.softmax(classDim(x)));
    }

    private static Tensor crossEntropy(Tensor pred, Tensor target, LossOptions.CrossEntropy o) {
        if (target.dtype().isFloatingPoint() && target.dim() == pred.dim()) {
            Checks.alike("crossEntropy", pred, target);
        } else {
            Checks.labels("crossEntropy", pred, target);
        }
        try {
            return Kernels.crossEntropy(pred, target, o.weight, o.reduction.ordinal(), o.ignoreIndex, o.labelSmoothing);
        } catch (TensorException e) {
            throw Checks.outside("crossEntropy", target, pred.size(classDim(pred)), o.ignoreIndex, e);
        }
    }

    /** Make {@link F#nllLoss}, for a model that ends in log-softmax; its activation is exp. */
    public static Loss nll() {
        return nll(o -> {});
    }

    /** Make {@link F#nllLoss} with options. */
    public static Loss nll(Consumer<LossOptions.Nll> options) {
        LossOptions.Nll o = LossOptions.of(new LossOptions.Nll(), options);
        return new Ready("NLLLoss", (pred, target) -> nll(pred, target, o), Tensor::exp);
    }

    private static Tensor nll(Tensor pred, Tensor target, LossOptions.Nll o) {
        Checks.labels("nllLoss", pred, target);
        try {
            return Kernels.nllLoss(pred, target, o.weight, o.reduction.ordinal(), o.ignoreIndex);
        } catch (TensorException e) {
            throw Checks.outside("nllLoss", target, pred.size(classDim(pred)), o.ignoreIndex, e);
        }
    }

    /** The dimension of the classes: the second, or that of a single sample. */
    private static long classDim(Tensor pred) {
        return Math.min(1, pred.dim() - 1);
    }

    /** Make {@link F#mseLoss}, the usual one for numbers. */
    public static Loss mse() {
        return mse(o -> {});
    }

    /** Make {@link F#mseLoss} with options. */
    public static Loss mse(Consumer<LossOptions> options) {
        LossOptions o = LossOptions.of(new LossOptions(), options);
        return alike("mseLoss", "MSELoss", (x, y) -> Kernels.mseLoss(x, y, o.reduction.ordinal()), x -> x);
    }

    /** Make {@link F#l1Loss}, for numbers with outliers. */
    public static Loss l1() {
        return l1(o -> {});
    }

    /** Make {@link F#l1Loss} with options. */
    public static Loss l1(Consumer<LossOptions> options) {
        LossOptions o = LossOptions.of(new LossOptions(), options);
        return alike("l1Loss", "L1Loss", (x, y) -> Kernels.l1Loss(x, y, o.reduction.ordinal()), x -> x);
    }

    /** Make {@link F#huberLoss}, for numbers with outliers, smooth at 0. */
    public static Loss huber() {
        return huber(o -> {});
    }

    /** Make {@link F#huberLoss} with options. */
    public static Loss huber(Consumer<LossOptions.Huber> options) {
        LossOptions.Huber o = LossOptions.of(new LossOptions.Huber(), options);
        return alike(
                "huberLoss", "HuberLoss", (x, y) -> Kernels.huberLoss(x, y, o.reduction.ordinal(), o.delta), x -> x);
    }

    /** Make {@link F#bceWithLogits}, for labels of which several can be true; its activation is sigmoid. */
    public static Loss bceWithLogits() {
        return bceWithLogits(o -> {});
    }

    /** Make {@link F#bceWithLogits} with options. */
    public static Loss bceWithLogits(Consumer<LossOptions.BceWithLogits> options) {
        LossOptions.BceWithLogits o = LossOptions.of(new LossOptions.BceWithLogits(), options);
        return alike(
                "bceWithLogits",
                "BCEWithLogitsLoss",
                (x, y) -> Kernels.bceWithLogits(x, y, o.weight, o.posWeight, o.reduction.ordinal()),
                Tensor::sigmoid);
    }

    /** A loss whose target is of the prediction's shape and dtype; broadcasting would give a wrong number silently. */
    private static Loss alike(
            String op, String name, BinaryOperator<Tensor> function, UnaryOperator<Tensor> activation) {
        return new Ready(
                name,
                (pred, target) -> {
                    Checks.alike(op, pred, target);
                    return function.apply(pred, target);
                },
                activation);
    }
}
