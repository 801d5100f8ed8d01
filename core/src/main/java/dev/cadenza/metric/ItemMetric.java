package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;

/** The mean of a function's values over all items of all batches, which may go through another function at the end. */
final class ItemMetric implements Metric {
    private final String name;
    private final BinaryOperator<Tensor> values;
    private final DoubleUnaryOperator finish;
    private double sum;
    private long count;

    /** Takes the function that checks a batch and gives a tensor with one value for each of its items. */
    ItemMetric(String name, BinaryOperator<Tensor> values, DoubleUnaryOperator finish) {
        this.name = name;
        this.values = values;
        this.finish = finish;
    }

    ItemMetric(String name, BinaryOperator<Tensor> values) {
        this(name, values, mean -> mean);
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
        Tensor each = values.apply(pred, target);
        sum += each.to(DType.FLOAT64).sum().item();
        count += each.numel();
    }

    @Override
    public double value() {
        return finish.applyAsDouble(sum / count);
    }
}
