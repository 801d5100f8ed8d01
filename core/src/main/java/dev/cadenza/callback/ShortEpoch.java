package dev.cadenza.callback;

import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Use only the first batches of each training and validation, to see quickly whether all works
 * ({@code ShortEpochCallback}).
 *
 * <pre>{@code
 * learn.fit(2, ShortEpoch.batches(10));
 * learn.fit(2, ShortEpoch.share(0.1, o -> o.validation = false));
 * }</pre>
 *
 * <p>Schedules go on as if each epoch had been whole. {@link Learner#validate} is shortened, too.
 */
public final class ShortEpoch implements Callback {
    /** What can be chosen. */
    public static final class Options {
        /** Whether validation is shortened, too (fastai: short_valid); default true. */
        public boolean validation = true;

        private Options() {}
    }

    private final Options options = new Options();
    private final Predicate<Learner> enough;

    private ShortEpoch(Predicate<Learner> enough, Consumer<Options> options) {
        this.enough = enough;
        options.accept(this.options);
    }

    /** Use a share of the batches; see {@link #share(double, Consumer)}. */
    public static ShortEpoch share(double share) {
        return share(share, o -> {});
    }

    /**
     * Use the batches up to the first one before which this share of them lies, as fastai does: batch i, from 0, of n is
     * the last if {@code i / n ≥ share}. Half of 6 are 4, and there is always one.
     *
     * @param share from 0 to 1 (fastai: pct); at 1 epochs are whole
     * @throws IllegalArgumentException if it is out of range
     */
    public static ShortEpoch share(double share, Consumer<Options> options) {
        Checks.require(share >= 0 && share <= 1, "a share from 0 to 1", share);
        return new ShortEpoch(learn -> (double) learn.batchIndex() / learn.batches() >= share, options);
    }

    /** Use exactly this many batches; see {@link #batches(int, Consumer)}. */
    public static ShortEpoch batches(int count) {
        return batches(count, o -> {});
    }

    /**
     * Use exactly this many batches, or all where there are fewer.
     *
     * @param count 1 or more
     * @throws IllegalArgumentException if it is out of range
     */
    public static ShortEpoch batches(int count, Consumer<Options> options) {
        Checks.require(count >= 1, "1 batch or more", count);
        return new ShortEpoch(learn -> learn.batchIndex() + 1 >= count, options);
    }

    /** Return 80: last, so that for all others the batch is a completed one. */
    @Override
    public double order() {
        return 80;
    }

    @Override
    public void afterBatch(Learner learn) {
        if ((learn.training() || options.validation) && enough.test(learn)) {
            String why = "short epoch: " + (learn.batchIndex() + 1) + " of " + learn.batches() + " batches";
            throw learn.training() ? Cancel.train(why) : Cancel.validate(why);
        }
    }
}
