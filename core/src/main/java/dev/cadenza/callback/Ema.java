package dev.cadenza.callback;

import dev.cadenza.train.Learner;

/** See {@link WeightAverage#ema}. */
final class Ema extends WeightAverage {
    private final double decay;

    Ema(double decay, Options options) {
        super(options);
        Checks.require(decay > 0 && decay < 1, "a decay above 0 and below 1", decay);
        this.decay = decay;
    }

    @Override
    public Runnable undo(Learner learn) {
        return undoAverage();
    }

    @Override
    public void afterStep(Learner learn) {
        average(1 - decay);
    }

    @Override
    public void beforeValidate(Learner learn) {
        lend();
    }

    @Override
    public void afterValidate(Learner learn) {
        giveBack();
    }

    @Override
    void complete(Learner learn) {}
}
