package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.eps;
import static dev.cadenza.optim.Hyper.lr;
import static dev.cadenza.optim.Hyper.mom;
import static dev.cadenza.optim.Hyper.sqrMom;
import static dev.cadenza.optim.Hyper.wd;

import java.util.function.Consumer;

/**
 * Choose an optimizer by name; each is a few {@link Steps}.
 *
 * <pre>{@code
 * learn.optimizer(Optimizers.sgd(o -> o.mom = 0.9));
 * }</pre>
 */
public final class Optimizers {
    private Optimizers() {}

    /** What can be chosen for {@link #sgd}. */
    public static final class SgdOptions {
        /** Learning rate, 0 or more; default 1e-3. */
        public double lr = 1e-3;

        /** Momentum in [0, 1); default 0, which leaves the momentum step out, so that it cannot be scheduled. */
        public double mom;

        /** Weight decay, decoupled, 0 or more; default 0. */
        public double wd;

        private SgdOptions() {}
    }

    /**
     * Use stochastic gradient descent: {@code p -= lr·g}, or with momentum {@code avg = mom·avg + g; p -= lr·avg}.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public static Optimizer.Factory sgd(Consumer<SgdOptions> options) {
        SgdOptions o = new SgdOptions();
        options.accept(o);
        Hyper.Setting lr = lr(o.lr);
        Hyper.Setting wd = wd(o.wd);
        Hyper.Setting mom = mom(o.mom);
        return parameters -> mom.value() == 0
                ? Optimizer.of(parameters, Steps.weightDecay(), Steps.sgdStep()).set(lr, wd)
                : Optimizer.of(parameters, Steps.weightDecay(), Steps.averageGrad(false), Steps.momentumStep())
                        .set(lr, wd, mom);
    }

    /** What can be chosen for {@link #adam}. */
    public static final class AdamOptions {
        /** Learning rate, 0 or more; default 1e-3. */
        public double lr = 1e-3;

        /** Share of the old average of gradients, β₁ in [0, 1); default 0.9. */
        public double mom = 0.9;

        /** Share of the old average of squares, β₂ in [0, 1); default 0.99 (PyTorch: 0.999). */
        public double sqrMom = 0.99;

        /** What is added to the divisor; default 1e-5 (PyTorch: 1e-8). */
        public double eps = 1e-5;

        /** Weight decay, decoupled, 0 or more; default 0.01. */
        public double wd = 0.01;

        private AdamOptions() {}
    }

    /**
     * Use Adam with decoupled weight decay, {@link Steps#adamStep}, with fastai's defaults: the choice if unsure.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public static Optimizer.Factory adam(Consumer<AdamOptions> options) {
        AdamOptions o = new AdamOptions();
        options.accept(o);
        Hyper.Setting[] chosen = {lr(o.lr), mom(o.mom), sqrMom(o.sqrMom), eps(o.eps), wd(o.wd)};
        return parameters -> Optimizer.of(
                        parameters,
                        Steps.weightDecay(),
                        Steps.averageGrad(true),
                        Steps.averageSqrGrad(),
                        Steps.adamStep())
                .set(chosen);
    }
}
