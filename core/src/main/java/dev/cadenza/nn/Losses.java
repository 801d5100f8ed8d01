package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
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
        LossOptions.CrossEntropy o = LossOptions.lasting(new LossOptions.CrossEntropy(), options);
        return new Ready("CrossEntropyLoss", (x, y) -> F.crossEntropy(x, y, o), x -> x.softmax(Checks.classDim(x)));
    }

    /** Make {@link F#nllLoss}, for a model that ends in log-softmax; its activation is exp. */
    public static Loss nll() {
        return nll(o -> {});
    }

    /** Make {@link F#nllLoss} with options. */
    public static Loss nll(Consumer<LossOptions.Nll> options) {
        LossOptions.Nll o = LossOptions.lasting(new LossOptions.Nll(), options);
        return new Ready("NLLLoss", (x, y) -> F.nllLoss(x, y, o), Tensor::exp);
    }

    /** Make {@link F#mseLoss}, the usual one for numbers. */
    public static Loss mse() {
        return mse(o -> {});
    }

    /** Make {@link F#mseLoss} with options. */
    public static Loss mse(Consumer<LossOptions> options) {
        LossOptions o = LossOptions.lasting(new LossOptions(), options);
        return new Ready("MSELoss", (x, y) -> F.mseLoss(x, y, o), x -> x);
    }

    /** Make {@link F#l1Loss}, for numbers with outliers. */
    public static Loss l1() {
        return l1(o -> {});
    }

    /** Make {@link F#l1Loss} with options. */
    public static Loss l1(Consumer<LossOptions> options) {
        LossOptions o = LossOptions.lasting(new LossOptions(), options);
        return new Ready("L1Loss", (x, y) -> F.l1Loss(x, y, o), x -> x);
    }

    /** Make {@link F#huberLoss}, for numbers with outliers, smooth at 0. */
    public static Loss huber() {
        return huber(o -> {});
    }

    /** Make {@link F#huberLoss} with options. */
    public static Loss huber(Consumer<LossOptions.Huber> options) {
        LossOptions.Huber o = LossOptions.lasting(new LossOptions.Huber(), options);
        return new Ready("HuberLoss", (x, y) -> F.huberLoss(x, y, o), x -> x);
    }

    /** Make {@link F#bceWithLogits}, for labels of which several can be true; its activation is sigmoid. */
    public static Loss bceWithLogits() {
        return bceWithLogits(o -> {});
    }

    /** Make {@link F#bceWithLogits} with options. */
    public static Loss bceWithLogits(Consumer<LossOptions.BceWithLogits> options) {
        LossOptions.BceWithLogits o = LossOptions.lasting(new LossOptions.BceWithLogits(), options);
        return new Ready("BCEWithLogitsLoss", (x, y) -> F.bceWithLogits(x, y, o), Tensor::sigmoid);
    }
}
