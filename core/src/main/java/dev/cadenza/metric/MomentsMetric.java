package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import java.util.function.BinaryOperator;
import java.util.function.ToDoubleFunction;

/** A number that follows from the means, squares and products of pairs, of which the second is the target. */
final class MomentsMetric implements Metric {
    private final String name;
    private final BinaryOperator<Tensor> first;
    private final ToDoubleFunction<Moments> score;
    private Moments moments = new Moments();

    /** Takes the function that checks a batch and gives the first of each pair. */
    MomentsMetric(String name, BinaryOperator<Tensor> first, ToDoubleFunction<Moments> score) {
        this.name = name;
        this.first = first;
        this.score = score;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void reset() {
        moments = new Moments();
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        double[] a = first.apply(pred, target).toDoubles();
        double[] b = target.toDoubles();
        for (int i = 0; i < a.length; i++) {
            moments.add(a[i], b[i]);
        }
    }

    @Override
    public double value() {
        return score.applyAsDouble(moments);
    }
}
