package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;

/**
 * Choose a metric for samples of which each has one label, its class, or average one of your own.
 *
 * <p>Unless its own words say otherwise, a metric here takes scores {@code [N, C]} of C ≥ 2 classes (any
 * floating-point dtype, with or without softmax: the highest is the prediction) and labels {@code [N]} (any integer
 * dtype, 0 … C - 1); or {@code [N, C, *]} and {@code [N, *]}, where each place counts as a sample does. Other shapes,
 * labels out of range and NaN are a {@link TensorException}, and so is another C than in the batches before.
 *
 * <p>Where a class is never predicted its precision is 0, and where it never is right its recall is 0, as in
 * scikit-learn; averages are over the classes that occur. No samples at all give NaN.
 *
 * <pre>{@code
 * learn.metrics(
 *         Metrics.accuracy(),
 *         Metrics.f1(o -> o.average = Average.MACRO),
 *         Metrics.average("mae", (pred, target) -> pred.sub(target).abs().mean()));
 * }</pre>
 *
 * @see MultiLabelMetrics
 * @see RegressionMetrics
 * @see SegmentationMetrics
 */
public final class Metrics {
    private Metrics() {}

    // Mine

    /**
     * Average what a function says of each batch, weighted by the number of samples (fastai's {@code AvgMetric}).
     *
     * @param name in tables and files
     * @param f from predictions {@code [N, *]} and targets {@code [N, *]} to a scalar that is a mean over the samples
     */
    public static Metric average(String name, BinaryOperator<Tensor> f) {
        return new AverageMetric(name, f, (pred, target) -> target.size(0));
    }

    // Right or wrong

    /** Measure the share of labels whose class has the highest score, in [0, 1]. */
    public static Metric accuracy() {
        return new ItemMetric("accuracy", (pred, target) -> Classes.right("accuracy", pred, target));
    }

    /** Measure the share of labels whose class does not have the highest score: 1 - accuracy. */
    public static Metric errorRate() {
        return new ItemMetric(
                "error_rate", (pred, target) -> Classes.right("error_rate", pred, target), right -> 1 - right);
    }

    /** Measure {@link #topKAccuracy(int)} with k = 5. */
    public static Metric topKAccuracy() {
        return topKAccuracy(5);
    }

    /**
     * Measure the share of labels whose class has one of the k highest scores, in [0, 1]. Of equal scores that of the
     * smaller class is higher.
     *
     * @throws IllegalArgumentException if k is less than 1; k above C is a {@link TensorException} in a batch
     */
    public static Metric topKAccuracy(int k) {
        Checks.require(k >= 1, "k", "at least 1", k);
        String name = "top_k_accuracy";
        return new ItemMetric(name, (pred, target) -> Classes.amongBest(name, k, pred, target));
    }

    /** Measure the share of labels that are wrong, which for one label per sample is {@link #errorRate}. */
    public static Metric hammingLoss() {
        return new ItemMetric(
                "hamming_loss", (pred, target) -> Classes.right("hamming_loss", pred, target), right -> 1 - right);
    }

    // For each class

    /** Measure {@link #precision(Consumer)} of class 1 of two. */
    public static Metric precision() {
        return precision(o -> {});
    }

    /** Measure the share of what was predicted as a class that is of it, {@code TP / (TP + FP)}, in [0, 1]. */
    public static Metric precision(Consumer<MetricOptions.PerClass> options) {
        return perClass("precision_score", options, Counts::precision);
    }

    /** Measure {@link #recall(Consumer)} of class 1 of two. */
    public static Metric recall() {
        return recall(o -> {});
    }

    /** Measure the share of what is of a class that was predicted as it, {@code TP / (TP + FN)}, in [0, 1]. */
    public static Metric recall(Consumer<MetricOptions.PerClass> options) {
        return perClass("recall_score", options, Counts::recall);
    }

    /** Measure {@link #f1(Consumer)} of class 1 of two. */
    public static Metric f1() {
        return f1(o -> {});
    }

    /** Measure the harmonic mean of precision and recall, {@code 2TP / (2TP + FP + FN)} ({@code F1Score}). */
    public static Metric f1(Consumer<MetricOptions.PerClass> options) {
        return perClass("f1_score", options, Counts::f1);
    }

    /** Measure {@link #fBeta(double, Consumer)} of class 1 of two. */
    public static Metric fBeta(double beta) {
        return fBeta(beta, o -> {});
    }

    /**
     * Measure a mean of precision P and recall R in which R counts beta times as much,
     * {@code (1 + beta²) · P · R / (beta² · P + R)}, in [0, 1].
     *
     * @throws IllegalArgumentException if beta is not above 0
     */
    public static Metric fBeta(double beta, Consumer<MetricOptions.PerClass> options) {
        return perClass("fbeta_score", options, Counts.fBetaOf(beta));
    }

    /** Measure {@link #jaccard(Consumer)} of class 1 of two. */
    public static Metric jaccard() {
        return jaccard(o -> {});
    }

    /** Measure intersection over union of predicted and right, {@code TP / (TP + FP + FN)}, in [0, 1]. */
    public static Metric jaccard(Consumer<MetricOptions.PerClass> options) {
        return perClass("jaccard_score", options, Counts::jaccard);
    }

    private static Metric perClass(
            String name, Consumer<MetricOptions.PerClass> options, ToDoubleFunction<Counts> score) {
        return ConfusionMetric.average(name, MetricOptions.of(new MetricOptions.PerClass(), options), score);
    }

    // Beyond chance

    /** Measure the mean recall of the classes that there are, in [0, 1]: accuracy as if all were equally frequent. */
    public static Metric balancedAccuracy() {
        return ConfusionMetric.of("balanced_accuracy_score", Agreement::balanced);
    }

    /** Measure {@link #cohenKappa(Weighting)} where every mistake counts the same. */
    public static Metric cohenKappa() {
        return cohenKappa(Weighting.NONE);
    }

    /**
     * Measure how far predictions agree with labels beyond chance (Cohen 1960): 1 - (weight of the mistakes) / (weight
     * of those that independent predictions would make). At most 1; 0 is chance; NaN if there is but one class.
     *
     * <p>Distances are those of the labels; scikit-learn numbers the classes that occur, and so closes gaps.
     */
    public static Metric cohenKappa(Weighting weights) {
        Checks.require(weights != null, "weights", "NONE, LINEAR or QUADRATIC", null);
        return ConfusionMetric.of("cohen_kappa_score", matrix -> Agreement.kappa(matrix, weights));
    }

    /**
     * Measure the correlation of predicted and right classes, in [-1, 1] (Matthews 1975; Gorodkin 2004 for more than
     * two classes); 0 if there is but one ({@code MatthewsCorrCoef}).
     */
    public static Metric matthews() {
        return ConfusionMetric.of("matthews_corrcoef", Agreement::matthews);
    }

    // Scores and probabilities; all keep the scores of the epoch, 8 bytes each, but for Brier's

    /**
     * Measure how often a sample of class 1 has a higher score than one of class 0, in [0, 1]; equal scores count half
     * ({@code RocAucBinary}): the area under the ROC curve.
     *
     * <p>Takes scores {@code [N, 2]}, or {@code [N]} or {@code [N, 1]} for class 1, and labels {@code [N]} of 0 and 1.
     * NaN while one of the classes is missing.
     */
    public static Metric rocAucBinary() {
        String name = "roc_auc_score";
        return new ScoresMetric(
                name,
                (pred, target) -> Classes.forClassOne(name, pred, target),
                all -> Curves.ofLabels(all, Average.MICRO, Ranking::auc));
    }

    /** Measure {@link #rocAuc(Consumer)} of each class against all others, averaged with equal weights. */
    public static Metric rocAuc() {
        return rocAuc(o -> {});
    }

    /**
     * Measure how well the probabilities of classes tell their samples from others, in [0, 1] (Hand and Till 2001): the
     * mean of the areas under the ROC curves of {@code softmax(scores)}. NaN while a class is missing.
     *
     * <p>Takes scores {@code [N, C]} and labels {@code [N]} only.
     */
    public static Metric rocAuc(Consumer<MetricOptions.RocAuc> options) {
        MetricOptions.RocAuc o = MetricOptions.of(new MetricOptions.RocAuc(), options);
        String name = "roc_auc_score";
        return new ScoresMetric(
                name,
                (pred, target) -> Classes.probabilities(name, o.softmax, pred, target),
                all -> Curves.ofClasses(all, o));
    }

    /**
     * Measure the mean precision over all thresholds, each weighted by how much recall rises there, in [0, 1]
     * ({@code APScoreBinary}): better than ROC where class 1 is rare. Takes what {@link #rocAucBinary} takes; NaN while
     * class 1 is missing.
     */
    public static Metric averagePrecision() {
        String name = "average_precision_score";
        return new ScoresMetric(
                name,
                (pred, target) -> Classes.forClassOne(name, pred, target),
                all -> Curves.ofLabels(all, Average.MICRO, Ranking::averagePrecision));
    }

    /** Measure {@link #brier(Consumer)} of scores. */
    public static Metric brier() {
        return brier(o -> {});
    }

    /**
     * Measure the mean squared distance of probabilities and truth (Brier 1950; {@code BrierScore}); 0 is best.
     *
     * <p>For two classes that is {@code (p₁ - y)²}, in [0, 1]; for more {@code sum over c of (p_c - [c = y])²}, in
     * [0, 2]. Takes scores {@code [N, C]} and labels {@code [N]} only.
     */
    public static Metric brier(Consumer<MetricOptions.Probabilities> options) {
        boolean softmax = MetricOptions.of(new MetricOptions.Probabilities(), options).softmax;
        String name = "brier_score_loss";
        return new ItemMetric(name, (pred, target) -> Classes.brier(name, softmax, pred, target));
    }

    // Text

    /**
     * Measure e to the power of the mean cross-entropy over all labels, at least 1: among how many equally likely
     * classes the model hesitates.
     *
     * <p>Takes scores, not probabilities. The classes are the second dimension, as for the cross-entropy: for a language
     * model that gives {@code [N, T, C]}, {@code pred.transpose(1, 2)}. fastai weights batches by samples, and not by
     * labels, which is the same where all sequences are of one length.
     */
    public static Metric perplexity() {
        String name = "perplexity";
        return new ItemMetric(name, (pred, target) -> Classes.crossEntropy(name, pred, target), Math::exp);
    }

    /**
     * Measure how many runs of 1 to 4 tokens translations share with the right ones, in [0, 1] (Papineni et al. 2002):
     * the geometric mean of the four precisions over the corpus, times {@code e^(1 - right/predicted)} if the
     * predictions are shorter.
     *
     * <p>Takes scores {@code [N, tokens, length]} and labels {@code [N, length]}; the lengths may differ. As in fastai's
     * {@code CorpusBLEUMetric}, a sentence without a match counts as 1/2, and its next such length as 1/4 and so on
     * (Chen and Cherry 2014); lengths that a sentence does not have are left out. Padding counts as tokens. NaN if no
     * prediction has 4 tokens.
     */
    public static Metric corpusBleu() {
        return new CorpusBleu();
    }
}
