package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.BinaryOperator;

/** The mean of a function's values over batches, weighted by samples. */
final class AverageMetric implements Metric {
    private final String name;
    private final BinaryOperator<Tensor> f;
    private double sum;
    private long count;

    AverageMetric(String name, BinaryOperator<Tensor> f) {
        this.name = name;
        this.f = f;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        sum = 0;
        count = 0;
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        Tensor mean = f.apply(pred, target);
        if (mean.numel() != 1) {
            throw new TensorException(
                    "metric " + name + ": wanted one number, but got " + mean.describe() + "; take its mean()");
        }
        sum += mean.item() * target.size(0);
        count += target.size(0);
    }

    @Override
    public double value() {
        return sum / count;
    }
}
