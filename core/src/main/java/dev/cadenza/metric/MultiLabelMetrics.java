package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Choose a metric for samples of which each can have several labels, or none.
 *
 * <p>All take scores {@code [N, C]} of any floating-point dtype and targets {@code [N, C]} of 0 and 1 of any dtype. A
 * label is predicted where its score, by default after a sigmoid, exceeds {@code thresh}. Other shapes, other targets
 * and NaN are a {@link TensorException}, and so is another C than in the batches before. No samples at all give NaN.
 *
 * <p>What is 0/0, such as the precision of a label that was never predicted, is 0, as in scikit-learn; unlike for single
 * labels, all C count in averages, whether they occur or not.
 *
 * <pre>{@code
 * learn.metrics(
 *         MultiLabelMetrics.accuracyMulti(o -> o.thresh = 0.2),
 *         MultiLabelMetrics.f1Multi(o -> o.average = Average.SAMPLES));
 * }</pre>
 */
public final class MultiLabelMetrics {
    private MultiLabelMetrics() {}

    // Over all labels of all samples

    /** Measure {@link #accuracyMulti(Consumer)} with a sigmoid and the threshold 0.5. */
    public static Metric accuracyMulti() {
        return accuracyMulti(o -> {});
    }

    /** Measure the share of all N·C labels that are rightly predicted or rightly not, in [0, 1]. */
    public static Metric accuracyMulti(Consumer<MetricOptions.Labels> options) {
        return overall("accuracy_multi", options, counts -> 1 - counts.errors());
    }

    /** Measure {@link #hammingLossMulti(Consumer)} with a sigmoid and the threshold 0.5. */
    public static Metric hammingLossMulti() {
        return hammingLossMulti(o -> {});
    }

    /** Measure the share of all N·C labels that are wrong: 1 - accuracy. */
    public static Metric hammingLossMulti(Consumer<MetricOptions.Labels> options) {
        return overall("hamming_loss", options, Counts::errors);
    }

    /** Measure {@link #matthewsMulti(Consumer)} with a sigmoid and the threshold 0.5. */
    public static Metric matthewsMulti() {
        return matthewsMulti(o -> {});
    }

    /** Measure the correlation of predicted and right over all N·C labels, in [-1, 1]; 0 if either never varies. */
    public static Metric matthewsMulti(Consumer<MetricOptions.Labels> options) {
        return overall("matthews_corrcoef", options, Counts::matthews);
    }

    private static Metric overall(String name, Consumer<MetricOptions.Labels> options, ToDoubleFunction<Counts> score) {
        return new MultiLabelMetric(name, MetricOptions.of(new MetricOptions.Labels(), options), Average.MICRO, score);
    }

    // For each label

    /** Measure {@link #precisionMulti(Consumer)} of each label, and of these the mean. */
    public static Metric precisionMulti() {
        return precisionMulti(o -> {});
    }

    /** Measure the share of predicted labels that are right, {@code TP / (TP + FP)}, in [0, 1]. */
    public static Metric precisionMulti(Consumer<MetricOptions.PerLabel> options) {
        return perLabel("precision_score", options, Counts::precision);
    }

    /** Measure {@link #recallMulti(Consumer)} of each label, and of these the mean. */
    public static Metric recallMulti() {
        return recallMulti(o -> {});
    }

    /** Measure the share of right labels that were predicted, {@code TP / (TP + FN)}, in [0, 1]. */
    public static Metric recallMulti(Consumer<MetricOptions.PerLabel> options) {
        return perLabel("recall_score", options, Counts::recall);
    }

    /** Measure {@link #f1Multi(Consumer)} of each label, and of these the mean. */
    public static Metric f1Multi() {
        return f1Multi(o -> {});
    }

    /** Measure the harmonic mean of precision and recall, {@code 2TP / (2TP + FP + FN)} ({@code F1ScoreMulti}). */
    public static Metric f1Multi(Consumer<MetricOptions.PerLabel> options) {
        return perLabel("f1_score", options, Counts::f1);
    }

    /** Measure {@link #fBetaMulti(double, Consumer)} of each label, and of these the mean. */
    public static Metric fBetaMulti(double beta) {
        return fBetaMulti(beta, o -> {});
    }

    /**
     * Measure a mean of precision P and recall R in which R counts beta times as much,
     * {@code (1 + beta²) · P · R / (beta² · P + R)}, in [0, 1].
     *
     * @throws IllegalArgumentException if beta is not above 0
     */
    public static Metric fBetaMulti(double beta, Consumer<MetricOptions.PerLabel> options) {
        return perLabel("fbeta_score", options, Counts.fBetaOf(beta));
    }

    /** Measure {@link #jaccardMulti(Consumer)} of each label, and of these the mean. */
    public static Metric jaccardMulti() {
        return jaccardMulti(o -> {});
    }

    /** Measure intersection over union of predicted and right, {@code TP / (TP + FP + FN)}, in [0, 1]. */
    public static Metric jaccardMulti(Consumer<MetricOptions.PerLabel> options) {
        return perLabel("jaccard_score", options, Counts::jaccard);
    }

    private static Metric perLabel(
            String name, Consumer<MetricOptions.PerLabel> options, ToDoubleFunction<Counts> score) {
        MetricOptions.PerLabel o = MetricOptions.of(new MetricOptions.PerLabel(), options);
        return new MultiLabelMetric(name, o, o.average, score);
    }

    // Scores and probabilities

    /** Measure {@link #rocAucMulti(Consumer)} of each label, and of these the mean. */
    public static Metric rocAucMulti() {
        return rocAucMulti(o -> {});
    }

    /**
     * Measure how often a sample with a label has a higher score for it than one without, in [0, 1]; equal scores count
     * half. Keeps all scores. NaN while a label is true in all samples or in none.
     */
    public static Metric rocAucMulti(Consumer<MetricOptions.Ranked> options) {
        return ranked("roc_auc_score", options, Ranking::auc);
    }

    /** Measure {@link #averagePrecisionMulti(Consumer)} of each label, and of these the mean. */
    public static Metric averagePrecisionMulti() {
        return averagePrecisionMulti(o -> {});
    }

    /**
     * Measure the mean precision over all thresholds, each weighted by how much recall rises there, in [0, 1]
     * ({@code APScoreMulti}). Keeps all scores. NaN while a label is true in no sample.
     */
    public static Metric averagePrecisionMulti(Consumer<MetricOptions.Ranked> options) {
        return ranked("average_precision_score", options, Ranking::averagePrecision);
    }

    private static Metric ranked(String name, Consumer<MetricOptions.Ranked> options, Curves.Area area) {
        Average average = MetricOptions.of(new MetricOptions.Ranked(), options).average;
        return new ScoresMetric(
                name,
                (pred, target) -> {
                    Checks.labelSets(name, pred, target);
                    return pred;
                },
                all -> Curves.ofLabels(all, average, area));
    }

    /** Measure {@link #brierMulti(Consumer)} of scores. */
    public static Metric brierMulti() {
        return brierMulti(o -> {});
    }

    /** Measure the mean of {@code (p - y)²} over all N·C labels, in [0, 1]; {@code thresh} does not matter. */
    public static Metric brierMulti(Consumer<MetricOptions.Labels> options) {
        boolean sigmoid = MetricOptions.of(new MetricOptions.Labels(), options).sigmoid;
        String name = "brier_score_loss";
        return new ItemMetric(name, (pred, target) -> {
            Checks.labelSets(name, pred, target);
            Tensor scores = pred.to(DType.FLOAT64);
            if (!sigmoid) {
                Checks.probabilities(name, pred, "o.sigmoid");
            }
            return (sigmoid ? scores.sigmoid() : scores)
                    .sub(target.to(DType.FLOAT64))
                    .square();
        });
    }
}
