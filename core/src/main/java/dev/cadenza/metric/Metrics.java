package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.BinaryOperator;

/**
 * Choose a metric.
 *
 * <pre>{@code
 * learn.metrics(Metrics.accuracy(), Metrics.average("mae", (pred, target) -> pred.sub(target).abs().mean()));
 * }</pre>
 */
public final class Metrics {
    private Metrics() {}

    /**
     * Measure the share of samples whose highest score is the right class.
     *
     * <p>Predictions are scores {@code [N, classes]}, targets int64 {@code [N]}; other shapes are a
     * {@link TensorException}.
     */
    public static Metric accuracy() {
        return average("accuracy", (pred, target) -> {
            if (pred.dim() != 2 || target.dim() != 1 || pred.size(0) != target.size(0)) {
                throw new TensorException("accuracy: wanted scores [N, classes] and labels [N], but got "
                        + pred.describe() + " and " + target.describe());
            }
            return pred.argmax(1).eq(target).to(DType.FLOAT64).mean();
        });
    }

    /**
     * Average what a function says of each batch, weighted by the number of samples.
     *
     * @param name in tables and files
     * @param f from predictions {@code [N, *]} and targets {@code [N, *]} to a scalar that is a mean over the samples
     */
    public static Metric average(String name, BinaryOperator<Tensor> f) {
        return new AverageMetric(name, f);
    }
}
