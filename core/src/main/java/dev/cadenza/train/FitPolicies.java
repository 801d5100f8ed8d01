package dev.cadenza.train;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.BatchNorm;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Rates;
import dev.cadenza.schedule.Schedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.IntStream;

/** Ways to train that are made of {@code fit}, schedules and freezing: each adds its schedulers and fits. */
abstract sealed class FitPolicies extends LearnerState permits Learner {
    private static final double[] MOMS = {0.95, 0.85, 0.95};

    FitPolicies(DataLoaders data, Module model, Loss lossFunction) {
        super(data, model, lossFunction);
    }

    abstract void fit(int epochs, Callback... forThisFit);

    /** Do {@link #fitOneCycle(int, Rates, Consumer, Callback...)} up to the rates that the optimizer has. */
    public void fitOneCycle(int epochs, Callback... forThisFit) {
        double[] rates = optimizer().groups().stream()
                .mapToDouble(group -> group.get(Hyper.LR))
                .toArray();
        fitOneCycle(epochs, Rates.each(rates), o -> {}, forThisFit);
    }

    /** Do {@link #fitOneCycle(int, Rates, Consumer, Callback...)} up to one rate, with the defaults. */
    public void fitOneCycle(int epochs, double lrMax, Callback... forThisFit) {
        fitOneCycle(epochs, Rates.of(lrMax), o -> {}, forThisFit);
    }

    /**
     * Train with a rate that rises and falls, and momentum that does the opposite ({@code fit_one_cycle}).
     *
     * <p>The rate goes by cosine from {@code lrMax/div} to lrMax in the share pctStart of the batches and then to
     * {@code lrMax/divFinal}; momentum from 0.95 to 0.85 and back. <a href="https://arxiv.org/abs/1708.07120">Smith
     * and Topin 2017</a>.
     *
     * @param lrMax the greatest rate of each group
     * @throws IllegalArgumentException if a value is out of range
     * @throws PlanException see {@link Learner#fit(int, double, Callback...)}
     */
    public void fitOneCycle(int epochs, Rates lrMax, Consumer<FitOptions.OneCycle> options, Callback... forThisFit) {
        FitOptions.OneCycle o = new FitOptions.OneCycle();
        options.accept(o);
        requireShare(o.pctStart);
        requireAbove0("div", o.div);
        requireAbove0("divFinal", o.divFinal);
        List<Callback> schedulers = new ArrayList<>();
        schedulers.add(lr(lrMax, lr -> Schedule.combinedCos(o.pctStart, lr / o.div, lr, lr / o.divFinal)));
        double[] moms = o.moms == null && optimizer().reads().contains(Hyper.MOM) ? MOMS : o.moms;
        if (moms != null) {
            if (moms.length != 3) {
                throw new IllegalArgumentException("wanted three values of momentum, at the start, at the greatest rate"
                        + " and at the end, but got: " + Arrays.toString(moms));
            }
            Arrays.stream(moms).forEach(Hyper.MOM::is);
            schedulers.add(new ParamScheduler(Hyper.MOM, Schedule.combinedCos(o.pctStart, moms[0], moms[1], moms[2])));
        }
        fit(epochs, schedulers, forThisFit);
    }

    /** Do {@link #fitFlatCos(int, Rates, Consumer, Callback...)} with one rate and the defaults. */
    public void fitFlatCos(int epochs, double lr, Callback... forThisFit) {
        fitFlatCos(epochs, Rates.of(lr), o -> {}, forThisFit);
    }

    /**
     * Train with a rate that stays for the share pctStart of the batches and then falls by cosine to {@code
     * lr/divFinal} ({@code fit_flat_cos}).
     *
     * @throws IllegalArgumentException if a value is out of range
     * @throws PlanException see {@link Learner#fit(int, double, Callback...)}
     */
    public void fitFlatCos(int epochs, Rates lr, Consumer<FitOptions.FlatCos> options, Callback... forThisFit) {
        FitOptions.FlatCos o = new FitOptions.FlatCos();
        options.accept(o);
        requireShare(o.pctStart);
        requireAbove0("divFinal", o.divFinal);
        Callback scheduler = lr(lr, rate -> Schedule.combinedCos(o.pctStart, rate, rate, rate / o.divFinal));
        fit(epochs, List.of(scheduler), forThisFit);
    }

    /** Do {@link #fitSgdr(int, Rates, Consumer, Callback...)} with one rate and cycles of 1, 2, 4, … epochs. */
    public void fitSgdr(int cycles, double lrMax, Callback... forThisFit) {
        fitSgdr(cycles, Rates.of(lrMax), o -> {}, forThisFit);
    }

    /**
     * Train in cycles, in each of which the rate falls by cosine from lrMax to 0 ({@code fit_sgdr}).
     *
     * <p>Cycle i has {@code cycleLength · cycleMult^i} epochs. <a href="https://arxiv.org/abs/1608.03983">Loshchilov
     * and Hutter 2016</a>.
     *
     * @param cycles 1 or more
     * @throws IllegalArgumentException if a value is out of range
     * @throws PlanException see {@link Learner#fit(int, double, Callback...)}
     */
    public void fitSgdr(int cycles, Rates lrMax, Consumer<FitOptions.Sgdr> options, Callback... forThisFit) {
        FitOptions.Sgdr o = new FitOptions.Sgdr();
        options.accept(o);
        if (cycles < 1 || o.cycleLength < 1 || o.cycleMult < 1) {
            throw new IllegalArgumentException("wanted 1 or more cycles, cycleLength and cycleMult, but got: " + cycles
                    + ", " + o.cycleLength + " and " + o.cycleMult);
        }
        double[] lengths = IntStream.range(0, cycles)
                .mapToDouble(i -> o.cycleLength * Math.pow(o.cycleMult, i))
                .toArray();
        double epochs = Arrays.stream(lengths).sum();
        if (epochs > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("wanted cycles of some epochs in all, but they have " + epochs);
        }
        double[] shares = Arrays.stream(lengths).map(length -> length / epochs).toArray();
        Callback scheduler = lr(lrMax, lr -> {
            Schedule[] each = new Schedule[cycles];
            Arrays.fill(each, Schedule.cos(lr, 0));
            return Schedule.combine(shares, each);
        });
        fit((int) epochs, List.of(scheduler), forThisFit);
    }

    /** Do {@link #fineTune(int, double, Consumer, Callback...)} with a rate of 2e-3 and the defaults. */
    public void fineTune(int epochs, Callback... forThisFit) {
        fineTune(epochs, 2e-3, o -> {}, forThisFit);
    }

    /**
     * Train the last group alone by one cycle, and then all with half the rate ({@code fine_tune}), to make a trained
     * body fit a new head.
     *
     * <p>In the second fit the rate of the first group is lrMult times smaller than that of the last. Callbacks play in
     * both fits; {@link Learner#recorder} has the second.
     *
     * @param epochs of the second fit
     * @param baseLr the greatest rate of the last group in the first fit
     * @throws IllegalArgumentException if a value is out of range
     * @throws PlanException see {@link Learner#fit(int, double, Callback...)}
     */
    public void fineTune(int epochs, double baseLr, Consumer<FitOptions.FineTune> options, Callback... forThisFit) {
        FitOptions.FineTune o = new FitOptions.FineTune();
        options.accept(o);
        requireShare(o.pctStart);
        requireAbove0("lrMult", o.lrMult);
        requireAbove0("div", o.div);
        requireAbove0("baseLr", baseLr);
        requireEpochs(o.freezeEpochs);
        requireEpochs(epochs);
        freeze();
        fitOneCycle(o.freezeEpochs, Rates.lastAnd10th(baseLr), once -> once.pctStart = 0.99, forThisFit);
        unfreeze();
        if (outcome().kind() == Outcome.Kind.CANCELLED) {
            return; // somebody had enough
        }
        double lr = baseLr / 2;
        fitOneCycle(
                epochs,
                Rates.between(lr / o.lrMult, lr),
                then -> {
                    then.pctStart = o.pctStart;
                    then.div = o.div;
                },
                forThisFit);
    }

    /**
     * Find a learning rate: train some batches with a rate that rises exponentially, and look where the loss falls
     * ({@code lr_find}).
     *
     * <p>It leaves no trace: weights, buffers, optimizer, random state, order of the data, recorder, timeline and
     * callbacks are to the bit as before. For that the callbacks that were added do not play; those that the loss depends
     * on (MixUp, clipping) can be given here. <a href="https://arxiv.org/abs/1506.01186">Smith 2015</a>.
     *
     * <pre>{@code
     * double lr = learn.lrFind().valley();
     * learn.fitOneCycle(3, lr);
     * }</pre>
     *
     * @throws IllegalArgumentException if an option is out of range
     * @throws IllegalStateException if a fit is going on
     */
    public LrCurve lrFind(Consumer<FitOptions.LrFind> options, Callback... playing) {
        FitOptions.LrFind o = new FitOptions.LrFind();
        options.accept(o);
        state.enter();
        try {
            return new LrFinder(o).find((Learner) this, playing);
        } finally {
            state.leave();
        }
    }

    /** Do {@link #lrFind(Consumer, Callback...)} from 1e-7 to 10 in 100 batches. */
    public LrCurve lrFind() {
        return lrFind(o -> {});
    }

    /** Train the last group only ({@code freeze}); see {@link #freezeTo}. */
    public void freeze() {
        freezeTo(-1);
    }

    /** Train all groups ({@code unfreeze}); see {@link #freezeTo}. */
    public void unfreeze() {
        freezeTo(0);
    }

    /**
     * Train the groups from this one on ({@code freeze_to}); batch normalisation of frozen groups is still trained, since
     * it must follow its new input. The optimizer's averages and counts are forgotten.
     *
     * @param group from 0, which freezes none; negative ones count from the end: -1 trains the last only
     * @throws IllegalArgumentException if there is no such group
     */
    public void freezeTo(int group) {
        state.requireNoFit("what is frozen");
        optimizer().freezeTo(group);
        model.namedModules().values().stream()
                .filter(BatchNorm.class::isInstance)
                .flatMap(norm -> norm.parameters().stream())
                .forEach(parameter -> parameter.requiresGrad_(true));
    }

    private Callback lr(Rates rates, DoubleFunction<Schedule> shape) {
        return new ParamScheduler(
                Hyper.LR, Arrays.stream(requireRates(rates)).mapToObj(shape).toArray(Schedule[]::new));
    }

    /** Refuses rates that the groups cannot have, before anything is changed, and returns them. */
    final double[] requireRates(Rates rates) {
        double[] each = rates.over(optimizer().groups().size());
        Arrays.stream(each).forEach(Hyper.LR::is);
        return each;
    }

    private void fit(int epochs, List<Callback> schedulers, Callback... forThisFit) {
        List<Callback> all = new ArrayList<>(schedulers);
        all.addAll(Arrays.asList(forThisFit));
        fit(epochs, all.toArray(Callback[]::new));
    }

    private static void requireShare(double pctStart) {
        if (!(pctStart >= 0 && pctStart <= 1)) {
            throw new IllegalArgumentException("wanted a pctStart in [0, 1], but got: " + pctStart);
        }
    }

    private static void requireAbove0(String name, double value) {
        if (!(value > 0 && Double.isFinite(value))) {
            throw new IllegalArgumentException("wanted a " + name + " above 0, but got: " + value);
        }
    }

    static void requireEpochs(int epochs) {
        if (epochs < 0) {
            throw new IllegalArgumentException("wanted 0 epochs or more, but got: " + epochs);
        }
    }
}
