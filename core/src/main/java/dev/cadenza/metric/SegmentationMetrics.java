package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Choose a metric for images in which each pixel has a class.
 *
 * <p>All take scores {@code [N, C, H, W]} (or {@code [N, C, *]}) and labels {@code [N, H, W]} of any integer dtype; the
 * highest score is the prediction. Other shapes, labels out of range and NaN are a {@link TensorException}.
 * {@link Metrics#accuracy} takes the same.
 *
 * <pre>{@code
 * learn.metrics(SegmentationMetrics.foregroundAccuracy(), SegmentationMetrics.diceMulti());
 * }</pre>
 */
public final class SegmentationMetrics {
    private SegmentationMetrics() {}

    /**
     * Measure twice the intersection over the sum of both areas of class 1 of two, {@code 2TP / (2TP + FP + FN)}, in
     * [0, 1], over all pixels of all batches (Dice 1945); NaN while class 1 does not occur.
     */
    public static Metric dice() {
        return ofTwo("dice", "use diceMulti()", Counts::dice);
    }

    /** Measure {@link #dice} of each class that occurs, the background among them, and of these the mean. */
    public static Metric diceMulti() {
        return ofAll("dice_multi", Counts::dice);
    }

    /**
     * Measure intersection over union of class 1 of two, {@code TP / (TP + FP + FN)}, in [0, 1], over all pixels of all
     * batches (Jaccard 1901); NaN while class 1 does not occur.
     */
    public static Metric jaccardCoeff() {
        return ofTwo("jaccard_coeff", "use jaccardCoeffMulti()", Counts::jaccardCoeff);
    }

    /** Measure {@link #jaccardCoeff} of each class that occurs, and of these the mean: mIoU. */
    public static Metric jaccardCoeffMulti() {
        return ofAll("jaccard_coeff_multi", Counts::jaccardCoeff);
    }

    private static Metric ofTwo(String name, String ifMore, ToDoubleFunction<Counts> score) {
        return ConfusionMetric.ofTwo(
                name, ifMore, matrix -> score.applyAsDouble(matrix.perClass().get(1)));
    }

    private static Metric ofAll(String name, ToDoubleFunction<Counts> score) {
        return ConfusionMetric.of(name, matrix -> {
            OptionalDouble mean = matrix.perClass().stream()
                    .filter(Counts::occurs)
                    .mapToDouble(score)
                    .average();
            return mean.orElse(Double.NaN);
        });
    }

    /** Measure {@link #foregroundAccuracy(long)} where class 0 is the background. */
    public static Metric foregroundAccuracy() {
        return foregroundAccuracy(0);
    }

    /**
     * Measure the share of the pixels that are not background, by their label, that are right, in [0, 1]
     * ({@code foreground_acc}); a model that sees background everywhere has 0.
     *
     * <p>As in fastai it is the mean over batches, each weighted by its samples, not by its pixels of foreground; and
     * labels may be {@code [N, 1, H, W]}. Batches without foreground, which give NaN in fastai, are left out.
     *
     * @throws IllegalArgumentException if the background is negative
     */
    public static Metric foregroundAccuracy(long background) {
        Checks.require(background >= 0, "background", "at least 0", background);
        String name = "foreground_acc";
        return new AverageMetric(
                name,
                (pred, target) -> {
                    Tensor labels = labels(pred, target);
                    Tensor foreground = labels.ne(background);
                    Tensor right = pred.argmax(1).eq(labels).mul(foreground);
                    return sum(right).div(sum(foreground));
                },
                (pred, target) -> {
                    Tensor labels = labels(pred, target);
                    Checks.classes(name, pred, labels);
                    return sum(labels.ne(background)).item() == 0 ? 0 : labels.size(0);
                });
    }

    private static Tensor labels(Tensor pred, Tensor target) {
        return target.dim() == pred.dim() ? target.squeeze(1) : target;
    }

    private static Tensor sum(Tensor truths) {
        return truths.to(DType.FLOAT64).sum();
    }
}
