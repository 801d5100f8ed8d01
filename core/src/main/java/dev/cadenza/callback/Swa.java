package dev.cadenza.callback;

import dev.cadenza.data.Epoch;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;

/** See {@link WeightAverage#swa}. */
final class Swa extends WeightAverage {
    private final double start;

    Swa(SwaOptions options) {
        super(options);
        start = options.start;
        Checks.require(start >= 0 && start <= 1, "a start from 0 to 1", start);
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (learn.outcome().kind() == Outcome.Kind.COMPLETED && learn.progress() >= start) {
            average(1.0 / (count() + 1));
        }
    }

    @Override
    void complete(Learner learn) {
        try (Epoch epoch = learn.data().train().epoch(0)) {
            refreshBatchNorm(learn.model(), epoch);
        }
    }
}
