package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.eps;
import static dev.cadenza.optim.Hyper.lr;
import static dev.cadenza.optim.Hyper.mom;
import static dev.cadenza.optim.Hyper.sqrMom;
import static dev.cadenza.optim.Hyper.wd;

import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Choose an optimizer by name; each is a few {@link Steps}, and its options are set where it is made.
 *
 * <pre>{@code
 * learn.optimizer(Optimizers.sgd(o -> o.mom = 0.9));
 * }</pre>
 *
 * <p>Each throws an {@code IllegalArgumentException} if an option is out of range.
 */
public final class Optimizers {
    private static final Step[] NONE = {};

    private Optimizers() {}

    private static <O> O chosen(O options, Consumer<? super O> choose) {
        choose.accept(options);
        return options;
    }

    private static Optimizer.Factory factory(Hyper.Setting[] hypers, Step... steps) {
        return groups -> Optimizer.ofGroups(groups, steps).set(hypers);
    }

    /** Settings that are checked here, where the options are given. */
    private static Hyper.Setting[] hypers(OptimizerOptions o, Hyper.Setting... more) {
        return Stream.concat(Stream.of(lr(o.lr), wd(o.wd)), Stream.of(more)).toArray(Hyper.Setting[]::new);
    }

    private static Hyper.Setting[] adamHypers(OptimizerOptions.Adam o, Hyper.Setting... more) {
        Stream<Hyper.Setting> common = Stream.of(mom(o.mom), sqrMom(o.sqrMom), eps(o.eps));
        return hypers(o, Stream.concat(common, Stream.of(more)).toArray(Hyper.Setting[]::new));
    }

    private static Step[] steps(Step first, Step[] between, Step... last) {
        return Stream.of(Stream.of(first), Stream.of(between), Stream.of(last))
                .flatMap(each -> each)
                .toArray(Step[]::new);
    }

    private static Step[] averages(OptimizerOptions o, Step last) {
        return steps(o.decay(), new Step[] {Steps.averageGrad(true), Steps.averageSqrGrad()}, last);
    }

    private static Step[] momentum(double mom) {
        return mom == 0 ? NONE : new Step[] {Steps.averageGrad(false)};
    }

    /**
     * Use stochastic gradient descent: {@code p -= lr·g}, or with momentum {@code avg = mom·avg + g; p -= lr·avg}, or
     * with Nesterov's {@code p -= lr·(g + mom·avg)}.
     */
    public static Optimizer.Factory sgd(Consumer<OptimizerOptions.Sgd> options) {
        OptimizerOptions.Sgd o = chosen(new OptimizerOptions.Sgd(), options);
        Hyper.Setting mom = mom(o.mom);
        if (o.mom == 0) {
            if (o.nesterov) {
                throw new IllegalArgumentException("wanted a mom above 0 for Nesterov's momentum, but got: 0");
            }
            return factory(hypers(o), o.decay(), Steps.sgdStep());
        }
        Step last = o.nesterov ? Steps.nesterovStep() : Steps.momentumStep();
        return factory(hypers(o, mom), o.decay(), Steps.averageGrad(false), last);
    }

    /** Use RMSProp, {@link Steps#rmsPropStep}: each element's gradient over the root of its average square. */
    public static Optimizer.Factory rmsProp(Consumer<OptimizerOptions.RmsProp> options) {
        OptimizerOptions.RmsProp o = chosen(new OptimizerOptions.RmsProp(), options);
        Hyper.Setting[] hypers = o.mom == 0
                ? hypers(o, sqrMom(o.sqrMom), eps(o.eps))
                : hypers(o, mom(o.mom), sqrMom(o.sqrMom), eps(o.eps));
        return factory(hypers, steps(o.decay(), momentum(o.mom), Steps.averageSqrGrad(), Steps.rmsPropStep()));
    }

    /** Use Adagrad, {@link Steps#rmsPropStep} on the sum of squares: rates fall for what has moved much. */
    public static Optimizer.Factory adagrad(Consumer<OptimizerOptions.Adagrad> options) {
        OptimizerOptions.Adagrad o = chosen(new OptimizerOptions.Adagrad(), options);
        return factory(hypers(o, eps(o.eps)), o.decay(), Steps.sumSqrGrad(), Steps.rmsPropStep());
    }

    /**
     * Use Adam with decoupled weight decay of 0.01 (AdamW), {@link Steps#adamStep}, with fastai's defaults: the choice
     * if unsure.
     */
    public static Optimizer.Factory adam(Consumer<OptimizerOptions.Adam> options) {
        OptimizerOptions.Adam o = chosen(new OptimizerOptions.Adam(0.01), options);
        return factory(adamHypers(o), averages(o, Steps.adamStep()));
    }

    /** Use rectified Adam, {@link Steps#rAdamStep}: it needs no warm-up. */
    public static Optimizer.Factory rAdam(Consumer<OptimizerOptions.RAdam> options) {
        OptimizerOptions.RAdam o = chosen(new OptimizerOptions.RAdam(), options);
        return factory(adamHypers(o, Hyper.BETA.is(o.beta)), averages(o, Steps.rAdamStep()));
    }

    /** Use quasi-hyperbolic Adam, {@link Steps#qHAdamStep}. */
    public static Optimizer.Factory qHAdam(Consumer<OptimizerOptions.QHAdam> options) {
        OptimizerOptions.QHAdam o = chosen(new OptimizerOptions.QHAdam(), options);
        return factory(adamHypers(o, Hyper.NU_1.is(o.nu1), Hyper.NU_2.is(o.nu2)), averages(o, Steps.qHAdamStep()));
    }

    /** Use LARC, or without clip LARS: a rate for each layer, {@link Steps#larcLayerLr}; for very large batches. */
    public static Optimizer.Factory larc(Consumer<OptimizerOptions.Larc> options) {
        OptimizerOptions.Larc o = chosen(new OptimizerOptions.Larc(), options);
        Hyper.Setting[] hypers = o.mom == 0
                ? hypers(o, Hyper.TRUST.is(o.trust), eps(o.eps))
                : hypers(o, mom(o.mom), Hyper.TRUST.is(o.trust), eps(o.eps));
        return factory(hypers, steps(o.decay(), momentum(o.mom), Steps.larcLayerLr(o.clip), Steps.larcStep()));
    }

    /** Use LAMB, {@link Steps#lambStep}: Adam with steps in proportion to the layer; for very large batches. */
    public static Optimizer.Factory lamb(Consumer<OptimizerOptions.Adam> options) {
        OptimizerOptions.Adam o = chosen(new OptimizerOptions.Adam(0), options);
        return factory(adamHypers(o), averages(o, Steps.lambStep()));
    }

    /** Use Ranger: {@link Steps#lookahead} over rectified Adam, with mom 0.95, eps 1e-6 and wd 0.01. */
    public static Optimizer.Factory ranger(Consumer<OptimizerOptions.Ranger> options) {
        OptimizerOptions.Ranger o = chosen(new OptimizerOptions.Ranger(), options);
        Hyper.Setting[] hypers = adamHypers(o, Hyper.BETA.is(o.beta), Hyper.K.is(o.k), Hyper.ALPHA.is(o.alpha));
        return factory(hypers, Steps.lookahead(averages(o, Steps.rAdamStep())));
    }

    /** Use Lion, {@link Steps#lionStep}: one average, and steps of one size. */
    public static Optimizer.Factory lion(Consumer<OptimizerOptions.Lion> options) {
        OptimizerOptions.Lion o = chosen(new OptimizerOptions.Lion(), options);
        return factory(hypers(o, mom(o.mom), sqrMom(o.sqrMom)), o.decay(), Steps.lionStep());
    }

    /** Use Adan, {@link Steps#adanStep}; the paper shrinks by {@code 1/(1 + lr·wd)}, here it is {@code 1 - lr·wd}. */
    public static Optimizer.Factory adan(Consumer<OptimizerOptions.Adan> options) {
        OptimizerOptions.Adan o = chosen(new OptimizerOptions.Adan(), options);
        return factory(adamHypers(o, Hyper.DIFF_MOM.is(o.diffMom)), o.decay(), Steps.adanStep());
    }
}
