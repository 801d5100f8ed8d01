package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;
import java.util.stream.LongStream;

/** What can be chosen of a loss; those with more to choose have a kind of their own below. */
public class LossOptions {
    /** What becomes of the losses of single elements; default {@link Reduction#MEAN}. */
    public Reduction reduction = Reduction.MEAN;

    LossOptions() {}

    /** What can be chosen of every loss of one class of several. */
    public static class Classes extends LossOptions {
        /** Whether predictions are {@code [N, *, C]} (fastai: axis=-1); default false: {@code [N, C, *]}. */
        public boolean classesLast;

        Classes() {}

        int classDim(Tensor pred) {
            return classesLast ? pred.dim() - 1 : Checks.classDim(pred);
        }

        Tensor classesSecond(Tensor pred) {
            if (!classesLast || pred.dim() < 3) {
                return pred; // they are, or there is only one sample
            }
            long[] order = LongStream.range(-1, pred.dim() - 1).toArray();
            order[0] = 0;
            order[1] = -1;
            return pred.permute(order);
        }
    }

    /** What can be chosen of {@link Losses#nll}. */
    public static class Nll extends Classes {
        /** How much each class counts, {@code [C]} of the prediction's dtype; default null: all the same. */
        public Tensor weight;
        /** The label whose elements count for nothing, such as padding; default -100. */
        public long ignoreIndex = -100;

        Nll() {}

        @Override
        Tensor counted(Tensor target) {
            return target.dtype() == DType.INT64 ? target.ne((double) ignoreIndex) : null;
        }

        @Override
        void keepTensors() {
            weight = kept(weight);
        }
    }

    /** What can be chosen of {@link Losses#crossEntropy}. */
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

    /** What can be chosen of {@link Losses#focal}. */
    public static final class Focal extends Nll {
        /** How little a sample counts that is right already, at least 0; default 2, at 0 it is cross-entropy. */
        public double gamma = 2;

        Focal() {}

        @Override
        void check() {
            super.check();
            Checks.require(gamma >= 0, "gamma", "at least 0", gamma);
        }
    }

    /** What can be chosen of {@link Losses#dice}. */
    public static final class Dice extends Classes {
        /** What is added above and below the line, at least 0, for classes that do not occur; default 1e-6. */
        public double smooth = 1e-6;
        /** Whether probabilities are squared below the line (Milletari et al. 2016); default false. */
        public boolean squareInUnion;

        Dice() {}

        @Override
        void check() {
            super.check();
            Checks.require(smooth >= 0, "smooth", "at least 0", smooth);
        }
    }

    /** What can be chosen of {@link Losses#bce}. */
    public static class Bce extends LossOptions {
        /** How much each element counts, broadcast to the prediction's shape; default null: all the same. */
        public Tensor weight;
        /** The probability, in [0, 1], above which {@link Loss#decode} says yes (fastai: thresh); default 0.5. */
        public double threshold = 0.5;

        Bce() {}

        @Override
        void check() {
            super.check();
            Checks.require(threshold >= 0 && threshold <= 1, "threshold", "in [0, 1]", threshold);
        }

        @Override
        void keepTensors() {
            weight = kept(weight);
        }
    }

    /** What can be chosen of {@link Losses#bceWithLogits}. */
    public static final class BceWithLogits extends Bce {
        /** How much more the positive part of each label counts, {@code [C]}; default null: as the negative. */
        public Tensor posWeight;

        BceWithLogits() {}

        @Override
        void keepTensors() {
            super.keepTensors();
            posWeight = kept(posWeight);
        }
    }

    /** What can be chosen of {@link Losses#smoothL1}. */
    public static final class SmoothL1 extends LossOptions {
        /** The difference, above 0, from which on the loss grows straight; default 1. */
        public double beta = 1;

        SmoothL1() {}

        @Override
        void check() {
            super.check();
            Checks.require(beta > 0, "beta", "above 0", beta);
        }
    }

    /** What can be chosen of {@link Losses#huber}. */
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

    /** Which elements of the target count, as bool; null if all do. */
    Tensor counted(Tensor target) {
        return null;
    }

    private static Tensor kept(Tensor tensor) {
        return tensor == null ? null : new Buffer(tensor);
    }
}
