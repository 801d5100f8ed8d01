package dev.cadenza.callback;

import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;

/**
 * Skip the first epochs, to go on with training where it was left ({@code SkipToEpoch}).
 *
 * <pre>{@code
 * learn.fit(10, 1e-3, new SkipToEpoch(4)); // epochs 4 to 9
 * }</pre>
 *
 * <p>Schedules and the order of the data are in the epochs that follow what they are in a fit that skips none. Model
 * and optimizer are as they are: load what they were. The table of epochs has a row without values for each one
 * skipped.
 *
 * <p>It cancels the epoch where training begins, so that {@link Learner#validate}, which has no training, validates.
 */
public final class SkipToEpoch implements Callback {
    private final int epoch;

    /**
     * Begin with this epoch.
     *
     * @param epoch from 0, which skips none; at the number of epochs or above it, all are skipped
     * @throws IllegalArgumentException if it is below 0
     */
    public SkipToEpoch(int epoch) {
        Checks.require(epoch >= 0, "epoch 0 or a later one", epoch);
        this.epoch = epoch;
    }

    /** Return 70: when the others are done with beginning the epoch. */
    @Override
    public double order() {
        return 70;
    }

    @Override
    public void beforeTrain(Learner learn) {
        if (learn.epoch() < epoch) {
            throw Cancel.epoch("skipping to epoch " + epoch);
        }
    }
}
