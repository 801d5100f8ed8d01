package dev.cadenza.metric;

import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * Name what can be chosen of metrics; each kind of metric has a type of its own here, to be filled in by a lambda.
 *
 * <pre>{@code
 * Metric recall = Metrics.recall(o -> { o.average = Average.BINARY; o.positive = 0; });
 * Metric strict = MultiLabelMetrics.precisionMulti(o -> { o.thresh = 0.9; o.average = Average.MICRO; });
 * }</pre>
 *
 * <p>A value that is not possible is an {@link IllegalArgumentException} from the method that takes the lambda.
 */
public abstract class MetricOptions {
    private MetricOptions() {}

    /** What can be chosen of metrics of single labels that have a value for each class. */
    public static final class PerClass extends MetricOptions {
        /** How they become one number: all but SAMPLES; default BINARY, which needs two classes. */
        public Average average = Average.BINARY;
        /** The class, 0 or 1, whose value BINARY takes; default 1. */
        public int positive = 1;

        PerClass() {}

        @Override
        void check() {
            oneOf(average, Average.BINARY, Average.MACRO, Average.MICRO, Average.WEIGHTED);
            Checks.require(positive == 0 || positive == 1, "positive", "0 or 1", positive);
        }
    }

    /** What can be chosen of metrics that decide for each label whether it is predicted. */
    public static class Labels extends MetricOptions {
        /** What a score must exceed for its label to be predicted; default 0.5. */
        public double thresh = 0.5;
        /** Whether scores go through a sigmoid first; default true. Set false where the model ends in one. */
        public boolean sigmoid = true;

        Labels() {}

        @Override
        void check() {
            Checks.require(!Double.isNaN(thresh), "thresh", "a number", thresh);
        }
    }

    /** What can be chosen of metrics of several labels per sample that have a value for each label. */
    public static final class PerLabel extends Labels {
        /** How they become one number: all but BINARY; default MACRO. */
        public Average average = Average.MACRO;

        PerLabel() {}

        @Override
        void check() {
            super.check();
            oneOf(average, Average.MACRO, Average.MICRO, Average.WEIGHTED, Average.SAMPLES);
        }
    }

    /** What can be chosen of metrics of several labels per sample that look only at the order of the scores. */
    public static final class Ranked extends MetricOptions {
        /** How the values of the labels become one number: all but BINARY; default MACRO. */
        public Average average = Average.MACRO;

        Ranked() {}

        @Override
        void check() {
            oneOf(average, Average.MACRO, Average.MICRO, Average.WEIGHTED, Average.SAMPLES);
        }
    }

    /** What can be chosen of metrics of the probabilities of classes. */
    public static class Probabilities extends MetricOptions {
        /** Whether scores go through softmax first; default true. Set false where the model ends in one. */
        public boolean softmax = true;

        Probabilities() {}
    }

    /** What can be chosen of {@link Metrics#rocAuc}. */
    public static final class RocAuc extends Probabilities {
        /** Whether each class is told from each other ({@code ovo}); default false: from all others ({@code ovr}). */
        public boolean oneVsOne;
        /** How the values become one number: MACRO or WEIGHTED; default MACRO. */
        public Average average = Average.MACRO;

        RocAuc() {}

        @Override
        void check() {
            oneOf(average, Average.MACRO, Average.WEIGHTED);
        }
    }

    static <O extends MetricOptions> O of(O options, Consumer<? super O> choose) {
        choose.accept(options);
        options.check();
        return options;
    }

    /** Refuses wrong values. */
    void check() {}

    private static void oneOf(Average given, Average... possible) {
        Checks.require(Arrays.asList(possible).contains(given), "average", "one of " + List.of(possible), given);
    }
}
