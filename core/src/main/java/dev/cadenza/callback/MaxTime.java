package dev.cadenza.callback;

import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * End the fit after the first training batch that ends past a time.
 *
 * <pre>{@code
 * learn.fit(100, new MaxTime(java.time.Duration.ofHours(2)), new SaveBest());
 * }</pre>
 *
 * <p>Time is measured from the beginning of the fit, and looked at after each training batch. The epoch that is cut off
 * is not validated; a validation that has begun is finished, so that its values stand for all of its data.
 */
public final class MaxTime implements Callback, Stateful {
    private final Duration limit;
    private final LongSupplier nanos;
    private long begun;

    /**
     * Allow a fit this much time.
     *
     * @param limit above 0
     * @throws IllegalArgumentException if it is not
     */
    public MaxTime(Duration limit) {
        this(limit, System::nanoTime);
    }

    /** For tests, which must not depend on the speed of the machine. */
    MaxTime(Duration limit, LongSupplier nanos) {
        Checks.require(!limit.isNegative() && !limit.isZero(), "a time above 0", limit);
        this.limit = limit;
        this.nanos = nanos;
    }

    /** Return 80: last, so that for all others the batch is a completed one. */
    @Override
    public double order() {
        return 80;
    }

    @Override
    public void beforeFit(Learner learn) {
        begun = nanos.getAsLong();
    }

    @Override
    public void afterBatch(Learner learn) {
        if (learn.training() && Duration.ofNanos(nanos.getAsLong() - begun).compareTo(limit) > 0) {
            throw Cancel.fit("more than " + Lines.time(limit.toMillis() / 1e3) + " have passed");
        }
    }

    /** The time that was used counts on where a run is resumed. */
    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("nanos", nanos.getAsLong() - begun);
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        begun = nanos.getAsLong() - state.getLong("nanos");
    }
}
