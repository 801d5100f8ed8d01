package dev.cadenza.train;

/**
 * Watch a fit without a hand in it: see {@link Snapshot}s, which cannot change anything, and never end it.
 *
 * <pre>{@code
 * learn.add(Callback.observe(s -> System.out.println(s.iteration() + " " + s.loss()), Event.AFTER_BATCH));
 * FitObserver dashboard = s -> Thread.onSpinWait();                             // something slow
 * learn.add(Callback.observe(dashboard.aside(1000), Event.AFTER_EPOCH));      // on a thread of its own
 * }</pre>
 *
 * <p>What it throws, {@link Cancel} too, is reported once, through SLF4J and in the {@link Timeline}; it is then switched
 * off until the fit has ended.
 */
@FunctionalInterface
public interface FitObserver {
    /** See how the fit stands. */
    void observe(Snapshot snapshot);

    /** End what was begun for this fit, such as a file; called once the fit has ended, in whatever way. */
    default void fitEnded() {}

    /**
     * Do the same on a thread of its own, so that the training does not wait.
     *
     * <p>When it is that many snapshots behind, further ones are left out, and their number is reported at the end. A fit
     * waits at its end for what is still to be seen, for 10 seconds at most.
     *
     * @param capacity how many snapshots may wait, 1 or more
     * @throws IllegalArgumentException if capacity is out of range
     */
    default FitObserver aside(int capacity) {
        return new Aside(this, capacity, 10_000);
    }
}
