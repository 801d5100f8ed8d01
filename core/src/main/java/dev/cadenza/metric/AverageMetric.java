package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.BinaryOperator;
import java.util.function.ToLongBiFunction;

/** The mean of a function's values over batches, each weighted, usually by its samples. */
final class AverageMetric implements Metric {
    private final String name;
    private final BinaryOperator<Tensor> f;
    private final ToLongBiFunction<Tensor, Tensor> weight;
    private double sum;
    private long count;

    /** What a batch weighs can be 0: then it is left out, and the function not asked. */
    AverageMetric(String name, BinaryOperator<Tensor> f, ToLongBiFunction<Tensor, Tensor> weight) {
        this.name = name;
        this.f = f;
        this.weight = weight;
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
        long samples = weight.applyAsLong(pred, target);
        if (samples == 0) {
            return; // a mean over nothing is NaN, and would stay in the sum
        }
        Tensor mean = f.apply(pred, target);
        if (mean.numel() != 1) {
            throw new TensorException(
                    "metric " + name + ": wanted one number, but got " + mean.describe() + "; take its mean()");
        }
        sum += mean.item() * samples;
        count += samples;
    }

    @Override
    public double value() {
        return sum / count;
    }
}
