package dev.cadenza.train;

import dev.cadenza.metric.ConfusionMatrix;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Show where a model is wrong: the samples with the largest losses, and which classes it takes for which
 * ({@code ClassificationInterpretation}).
 *
 * <pre>{@code
 * Interpretation wrong = learn.interpret();
 * wrong.topLosses(9).forEach(top -> System.out.println("sample " + top.index() + ": " + top.loss()));
 * System.out.println(wrong.confusionMatrix().report());
 * System.out.println(wrong.mostConfused(2));
 * }</pre>
 *
 * <p>It holds numbers, no tensors, and so outlives any scope.
 */
public final class Interpretation {
    /**
     * One sample and its loss.
     *
     * @param index of the sample in its data set
     * @param loss of this sample alone
     */
    public record TopLoss(int index, double loss) {}

    private final double[] losses;
    private final ConfusionMatrix matrix;

    private Interpretation(double[] losses, ConfusionMatrix matrix) {
        this.losses = losses;
        this.matrix = matrix;
    }

    static Interpretation of(Predictions predictions) {
        return new Interpretation(predictions.losses().toDoubles(), matrix(predictions));
    }

    /** Counts classes where there are any: labels, and a score for each class. */
    private static ConfusionMatrix matrix(Predictions p) {
        Tensor target = p.targets().get(0);
        if (p.decoded().dtype() != DType.INT64
                || target.dtype() != DType.INT64
                || !Arrays.equals(p.decoded().shape(), target.shape())) {
            return null;
        }
        ConfusionMatrix matrix = new ConfusionMatrix((int) p.preds().size(1));
        matrix.add(p.decoded(), target);
        return matrix;
    }

    /** Return the samples with the largest losses, at most {@code k}, the largest first; NaN counts as the largest. */
    public List<TopLoss> topLosses(int k) {
        return IntStream.range(0, losses.length)
                .mapToObj(i -> new TopLoss(i, losses[i]))
                .sorted(Comparator.comparingDouble(TopLoss::loss).reversed())
                .limit(k)
                .toList();
    }

    /** Return the loss of each sample, in the order of the data set. */
    public double[] losses() {
        return losses.clone();
    }

    /**
     * Return how often each class was taken for each other.
     *
     * @throws IllegalStateException if the targets are no class labels
     */
    public ConfusionMatrix confusionMatrix() {
        if (matrix == null) {
            throw new IllegalStateException(
                    "there is no confusion matrix: it takes class labels (int64) as targets, and"
                            + " a loss that decodes predictions to them, such as Losses.crossEntropy()");
        }
        return matrix;
    }

    /** List what was confused at least {@code minVal} times, the most often first; see {@link #confusionMatrix}. */
    public List<ConfusionMatrix.Confusion> mostConfused(long minVal) {
        return confusionMatrix().mostConfused(minVal);
    }
}
