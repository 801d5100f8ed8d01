package dev.cadenza.train;

import dev.cadenza.nn.Untouched;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Trains with a rising rate, in a learner of its own that shares only the model, and puts that back. */
final class LrFinder implements Callback {
    private static final double DIVERGED = 4;

    private final FitOptions.LrFind options;
    private final Curve lrs = new Curve();
    private final Curve losses = new Curve();
    private double best = Double.POSITIVE_INFINITY;

    LrFinder(FitOptions.LrFind options) {
        this.options = options;
        Hyper.lr(options.startLr);
        Hyper.lr(options.endLr);
        if (!(options.startLr > 0 && options.endLr > options.startLr)) {
            throw new IllegalArgumentException(
                    "wanted an endLr above a startLr above 0, but got: " + options.startLr + " to " + options.endLr);
        }
        if (options.iterations < 1) {
            throw new IllegalArgumentException("wanted 1 iteration or more, but got: " + options.iterations);
        }
    }

    LrCurve find(Learner learn, Callback... playing) {
        int batches = Math.max(learn.data().train().size(), 1);
        try (Scope scope = Scope.open();
                Untouched before = new Untouched(learn.model())) {
            Learner probe = probe(learn);
            probe.add(playing).add(this);
            try {
                probe.fit(options.iterations / batches + 1);
            } finally {
                learn.optimizer().zeroGrad();
                probe.optimizer().clearState();
            }
        }
        return new LrCurve(lrs.toArray(), losses.toArray(), options.iterations);
    }

    /** A learner that goes on from where another is, and leaves nothing in it but changed weights. */
    private static Learner probe(Learner learn) {
        Optimizer theirs = learn.optimizer();
        Optimizer own = learn.makeOptimizer().noDecay(theirs.noDecay());
        Map<String, Parameter> names = learn.model().namedParameters();
        own.loadStateDict(names, theirs.stateDict(names));
        Learner probe = new Learner(learn.data(), learn.model(), learn.lossFunction()).optimizer(groups -> own);
        probe.state.epochsEver = learn.state.epochsEver;
        return probe;
    }

    /** Return 60, as all schedulers do. */
    @Override
    public double order() {
        return 60;
    }

    @Override
    public Set<Hyper> schedules() {
        return Set.of(Hyper.LR);
    }

    @Override
    public void beforeBatch(Learner learn) {
        double done = (double) learn.iteration() / options.iterations;
        double lr = options.startLr * Math.pow(options.endLr / options.startLr, done);
        for (ParamGroup group : learn.optimizer().groups()) {
            group.set(Hyper.lr(lr));
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        double loss = learn.recorder().smoothLoss();
        lrs.add(learn.optimizer().get(Hyper.LR));
        losses.add(loss);
        best = Math.min(best, loss);
        if (options.stopDiverged && !(loss <= DIVERGED * best)) { // not a number, too
            throw Cancel.fit("the loss diverges");
        }
        if (learn.iteration() >= options.iterations) {
            throw Cancel.fit("the last rate is tried");
        }
    }

    @Override
    public void beforeValidate(Learner learn) {
        throw Cancel.validate("only training tells");
    }

    @Override
    public List<String> problems(Learner learn) {
        return learn.data().train().size() == 0 ? List.of("there is no batch to find a rate by") : List.of();
    }
}
