package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/** A metric under another name. */
record Named(String name, Metric metric) implements Metric {
    @Override
    public void reset() {
        metric.reset();
    }

    @Override
    public void accumulate(Tensor pred, Tensor target) {
        metric.accumulate(pred, target);
    }

    @Override
    public void accumulate(Tensor pred, List<Tensor> targets) {
        metric.accumulate(pred, targets);
    }

    @Override
    public double value() {
        return metric.value();
    }
}
