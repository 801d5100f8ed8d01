package dev.cadenza.callback;

import dev.cadenza.metric.Metric;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;

/** Values that validation measures, one for each epoch, whatever the model does. */
final class Scripted {
    private Scripted() {}

    /** A learner with one batch of training and one of validation, whose valid_loss is scripted. */
    static Learner learner(double... validLoss) {
        return TinyProblem.learner(1, 1, validLoss(validLoss));
    }

    static Callback validLoss(double... values) {
        return Callback.on(Event.AFTER_LOSS, learn -> {
            if (!learn.training()) {
                learn.loss(Tensor.of(new double[] {values[learn.epoch()]}));
            }
        });
    }

    static Metric metric(String name, double... values) {
        return new Metric() {
            private int epoch = -1;

            @Override
            public String name() {
                return name;
            }

            @Override
            public void reset() {
                epoch++;
            }

            @Override
            public void accumulate(Tensor pred, Tensor target) {}

            @Override
            public double value() {
                return values[epoch];
            }
        };
    }
}
