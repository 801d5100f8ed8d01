package dev.cadenza.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Say how the scores of single classes become one number (scikit-learn's {@code average}).
 *
 * <pre>{@code
 * Metric f1 = Metrics.f1(o -> o.average = Average.MACRO).named("f1_macro");
 * Metric perSample = MultiLabelMetrics.f1Multi(o -> o.average = Average.SAMPLES);
 * }</pre>
 */
public enum Average {
    /** Take the score of one class of two, the positive one; for single labels only. */
    BINARY,
    /** Take the mean over the classes, so that a rare one counts as much as a frequent one. */
    MACRO,
    /** Count all classes together, so that each decision counts the same; for single labels that is the accuracy. */
    MICRO,
    /** Take the mean over the classes, each weighted by how often it is right. */
    WEIGHTED,
    /** Take the score within each sample, and of these the mean; for several labels per sample only. */
    SAMPLES;

    /** Averages over classes; for the other two there is more to know than these. */
    double of(List<Counts> classes, ToDoubleFunction<Counts> score) {
        return switch (this) {
            case MACRO -> classes.stream().mapToDouble(score).average().orElse(Double.NaN);
            case MICRO -> score.applyAsDouble(Counts.sum(classes));
            case WEIGHTED ->
                Counts.ratio(
                        classes.stream()
                                .mapToDouble(each -> each.actual() * score.applyAsDouble(each))
                                .sum(),
                        Counts.sum(classes).actual());
            case BINARY, SAMPLES -> throw new IllegalStateException(this + " is no average over classes");
        };
    }
}
