package dev.cadenza.lessons;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;

/**
 * Let others play in the loop, as Cadenza does it: events return nothing, and who wants to leave says what.
 *
 * <p>Neither version before let the loop be read: true meant one thing here and another there, and a flag ended what
 * happened to go on. Now a callback throws a {@link Cancel} that names the span to leave and why:
 * {@code Cancel.batch}, {@code Cancel.epoch}, {@code Cancel.fit}. It means the same wherever it is thrown, the reason is
 * told, and whoever saw a span begin sees it end. A callback that wants nothing of the kind has nothing to return, and
 * so nothing to forget.
 *
 * <p>The learner comes as an argument. {@link Event} shows this loop on one screen.
 */
public final class Step6Cancel {
    private Step6Cancel() {}

    /** Stops after some iterations: the whole fit, validation included. */
    record TestCallback(int most) implements Callback {
        @Override
        public void afterStep(Learner learn) {
            if (learn.iteration() >= most) {
                throw Cancel.fit(most + " iterations are enough");
            }
        }
    }

    /** Skips an epoch, validation included; {@code Cancel.train} in {@code beforeTrain} skips its training only. */
    record SkipEpoch(int skipped) implements Callback {
        @Override
        public void beforeEpoch(Learner learn) {
            if (learn.epoch() == skipped) {
                throw Cancel.epoch("epoch " + skipped + " is not wanted");
            }
        }
    }

    /** Run the lesson. */
    public static void main(String[] args) {
        Rng.global().seed(1);
        Learner learn = learner(Step3Loaders.data());

        learn.fit(1, new TestCallback(10));
        System.out.println(learn.outcome());

        learn.fit(2, new SkipEpoch(0));
        System.out.println(learn.outcome() + ", " + learn.recorder().lastEpoch());
    }

    /** What the lessons before had, put together. */
    static Learner learner(DataLoaders data) {
        return new Learner(data, Step2Modules.model(), Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = Step1Sgd.LR))
                .metrics(Metrics.accuracy());
    }
}
