package dev.cadenza.cli;

import dev.cadenza.train.Callback;
import dev.cadenza.train.EpochRecord;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.util.function.Consumer;

/** Hands on what was recorded of each epoch as soon as its row is printed. */
record OnEpoch(Consumer<EpochRecord> action) implements Callback {
    @Override
    public double order() {
        return 70;
    }

    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (learn.outcome().kind() != Outcome.Kind.FAILED) { // of a failed one nothing is recorded
            action.accept(learn.recorder().lastEpoch());
        }
    }
}
