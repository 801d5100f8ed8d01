package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.ToDoubleFunction;

/** A number that follows from the confusion matrix of all batches. */
final class ConfusionMetric implements Metric {
    private final String name;
    private final String ifMoreThanTwo;
    private final ToDoubleFunction<ConfusionMatrix> score;
    private ConfusionMatrix matrix;

    private ConfusionMetric(String name, String ifMoreThanTwo, ToDoubleFunction<ConfusionMatrix> score) {
        this.name = name;
        this.ifMoreThanTwo = ifMoreThanTwo;
        this.score = score;
    }

    static Metric of(String name, ToDoubleFunction<ConfusionMatrix> score) {
        return new ConfusionMetric(name, null, score);
    }

    /** A metric for two classes, which says what to do where there are more. */
    static Metric ofTwo(String name, String ifMoreThanTwo, ToDoubleFunction<ConfusionMatrix> score) {
        return new ConfusionMetric(name, ifMoreThanTwo, score);
    }

    /** A metric that averages a score of single classes. */
    static Metric average(String name, MetricOptions.PerClass o, ToDoubleFunction<Counts> score) {
        return o.average == Average.BINARY
                ? ofTwo(
                        name,
                        "choose how to average: o.average = Average.MACRO",
                        matrix -> score.applyAsDouble(matrix.perClass().get(o.positive)))
                : of(
                        name,
                        matrix -> o.average.of(
                                matrix.perClass().stream()
                                        .filter(Counts::occurs)
                                        .toList(),
                                score));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        matrix = null;
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        Checks.classes(name, pred, target);
        int classes = Math.toIntExact(pred.size(1));
        if (ifMoreThanTwo != null && classes != 2) {
            throw new TensorException(
                    name + ": wanted scores of two classes, but got " + pred.describe() + "; " + ifMoreThanTwo);
        }
        if (target.numel() == 0) {
            return;
        }
        if (matrix == null) {
            matrix = new ConfusionMatrix(classes);
        }
        Checks.sameAsBefore(name, matrix.classes(), classes);
        matrix.add(pred.argmax(1), target);
    }

    @Override
    public double value() {
        return matrix == null ? Double.NaN : score.applyAsDouble(matrix);
    }
}
