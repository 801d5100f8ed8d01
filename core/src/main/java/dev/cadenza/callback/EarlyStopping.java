package dev.cadenza.callback;

import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import java.util.function.Consumer;

/**
 * End the fit when a recorded value no longer gets better ({@code EarlyStoppingCallback}).
 *
 * <pre>{@code
 * learn.fit(100, new SaveBest(), new EarlyStopping(o -> o.patience = 5));
 * System.out.println(learn.outcome()); // cancelled: no improvement of valid_loss since epoch 12
 * }</pre>
 *
 * <p>A value is better if it beats the best one by more than {@code minDelta}; NaN never is. After {@code patience}
 * epochs without a better one, the fit is cancelled at the end of the epoch. The model stays as it is then; add a
 * {@link SaveBest} to get back the best one.
 *
 * <p>Epochs that were left early, or lack the value because validation was skipped, are not counted at all. In
 * {@link Learner#validate} it does nothing. Not for one-cycle schedules: they are at their best at the end, which
 * stopping would cut off.
 */
public final class EarlyStopping extends Monitor {
    /** What can be chosen. */
    public static final class Options extends Monitor.PatientOptions {
        private Options() {}
    }

    private final Options options;

    /** Stop after the first epoch whose {@code valid_loss} is no better. */
    public EarlyStopping() {
        this(o -> {});
    }

    /**
     * Stop with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public EarlyStopping(Consumer<Options> options) {
        this(Checks.chosen(new Options(), options));
    }

    private EarlyStopping(Options options) {
        super(options);
        this.options = options;
    }

    /** Return 63: after those that still use the epoch. */
    @Override
    public double order() {
        return 63;
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (losesPatience(learn, options.patience)) {
            throw Cancel.fit(reason());
        }
    }
}
