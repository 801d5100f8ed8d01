package dev.cadenza.callback;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.train.Learner;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Divide the learning rate when a recorded value no longer gets better ({@code fastai.callback.tracker},
 * {@code torch.optim.lr_scheduler.ReduceLROnPlateau}).
 *
 * <pre>{@code
 * learn.fit(30, 0.1, new ReduceLROnPlateau(o -> {
 *     o.patience = 3;
 *     o.minLr = 1e-5;
 * }));
 * System.out.println(learn.timeline()); // … lr 0.1 → 0.01 (no improvement of valid_loss since epoch 7)
 * }</pre>
 *
 * <p>A value is better if it beats the best one by more than {@code minDelta}; NaN never is. After {@code patience}
 * epochs without a better one, {@code lr = max(lr / factor, minLr)} in each parameter group, and patience is counted
 * anew. A group that is below {@code minLr} already stays as it is.
 *
 * <p>Epochs that were left early, or lack the value because validation was skipped, are not counted at all. In
 * {@link Learner#validate} it does nothing. Not together with a schedule of the learning rate, which would set it back
 * at the next batch: such a fit is refused.
 */
public final class ReduceLROnPlateau extends Monitor {
    /** What can be chosen. */
    public static final class Options extends Monitor.PatientOptions {
        /** What the learning rates are divided by, above 1; default 10. PyTorch multiplies, by 0.1. */
        public double factor = 10;

        /** Below which value no learning rate is brought, 0 or more; default 0, no bound. */
        public double minLr;

        private Options() {}

        @Override
        void check() {
            super.check();
            Checks.require(factor > 1 && Double.isFinite(factor), "a factor above 1", factor);
            Checks.require(minLr >= 0 && Double.isFinite(minLr), "a minLr of 0 or more", minLr);
        }
    }

    private final Options options;

    /** Divide by 10 after each epoch whose {@code valid_loss} is no better. */
    public ReduceLROnPlateau() {
        this(o -> {});
    }

    /**
     * Divide with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public ReduceLROnPlateau(Consumer<Options> options) {
        this(Checks.chosen(new Options(), options));
    }

    private ReduceLROnPlateau(Options options) {
        super(options);
        this.options = options;
    }

    /** Return 62: after the best epoch is saved, and before stopping is considered. */
    @Override
    public double order() {
        return 62;
    }

    @Override
    public Set<Hyper> schedules() {
        return Set.of(Hyper.LR);
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (losesPatience(learn, options.patience)) {
            learn.timeline().because(reason());
            learn.optimizer().groups().forEach(this::reduce);
        }
    }

    private void reduce(ParamGroup group) {
        double lr = group.get(Hyper.LR);
        group.set(Hyper.lr(Math.max(lr / options.factor, Math.min(lr, options.minLr))));
    }
}
