package dev.cadenza.cli;

import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;

/** Hands each batch to the report, and what was recorded of each epoch as soon as its row is printed. */
record Reporting(TrainReport report) implements Callback {
    @Override
    public double order() {
        return 70;
    }

    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public void afterBatch(Learner learn) {
        report.batch(learn);
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (learn.outcome().kind() != Outcome.Kind.FAILED) { // of a failed one nothing is recorded
            report.epoch(learn.recorder().lastEpoch());
        }
    }
}
