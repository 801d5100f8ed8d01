package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;

/** What can be chosen of a loss; those with more to choose have a kind of their own below. */
public class LossOptions {
    /** What becomes of the losses of single elements; default {@link Reduction#MEAN}. */
    public Reduction reduction = Reduction.MEAN;

    LossOptions() {}

    /** What can be chosen of {@link F#nllLoss} and {@link Losses#nll}. */
    public static class Nll extends LossOptions {
        /** How much each class counts, {@code [C]} of the prediction's dtype; default null: all the same. */
        public Tensor weight;
        /** The label whose elements count for nothing, such as padding; default -100. */
        public long ignoreIndex = -100;

        Nll() {}

        @Override
        void keepTensors() {
            weight = kept(weight);
        }
    }

    /** What can be chosen of {@link F#crossEntropy} and {@link Losses#crossEntropy}. */
    public static final class CrossEntropy extends Nll {
        /** The share, in [0, 1], of the target that is spread over all classes; default 0. */
        public double labelSmoothing;

        CrossEntropy() {}

        @Override
        void check() {
            super.check();
            Checks.require(labelSmoothing >= 0 && labelSmoothing <= 1, "labelSmoothing", "in [0, 1]", labelSmoothing);
        }
    }

    /** What can be chosen of {@link F#bceWithLogits} and {@link Losses#bceWithLogits}. */
    public static final class BceWithLogits extends LossOptions {
        /** How much each element counts, broadcast to the prediction's shape; default null: all the same. */
        public Tensor weight;
        /** How much more the positive part of each label counts, {@code [C]}; default null: as the negative. */
        public Tensor posWeight;

        BceWithLogits() {}

        @Override
        void keepTensors() {
            weight = kept(weight);
            posWeight = kept(posWeight);
        }
    }

    /** What can be chosen of {@link F#huberLoss} and {@link Losses#huber}. */
    public static final class Huber extends LossOptions {
        /** The difference, above 0, from which on the loss grows straight; default 1. */
        public double delta = 1;

        Huber() {}

        @Override
        void check() {
            super.check();
            Checks.require(delta > 0, "delta", "above 0", delta);
        }
    }

    /** The options for one call. */
    static <O extends LossOptions> O of(O options, Consumer<? super O> choose) {
        choose.accept(options);
        options.check();
        return options;
    }

    /** The options for a loss that is called again and again, after the scope of its weights is closed. */
    static <O extends LossOptions> O lasting(O options, Consumer<? super O> choose) {
        of(options, choose).keepTensors();
        return options;
    }

    /** Refuses wrong values. */
    void check() {
        Checks.require(reduction != null, "reduction", "NONE, MEAN or SUM", null);
    }

    /** Takes tensors out of the hands of any scope. */
    void keepTensors() {}

    private static Tensor kept(Tensor tensor) {
        return tensor == null ? null : new Buffer(tensor);
    }
}
