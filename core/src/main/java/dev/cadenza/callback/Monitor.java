package dev.cadenza.callback;

import dev.cadenza.metric.Metric;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Recorder;
import dev.cadenza.train.Span;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * Watches the best that a recorded value has been, and for how many epochs it has not been better (fastai's
 * TrackerCallback).
 */
abstract sealed class Monitor implements Callback, Stateful
        permits Checkpointing, EarlyStopping, ReduceLROnPlateau, SaveBest {
    /** What can be chosen of every callback that watches a value. */
    abstract static class Options {
        /** What to watch: {@code train_loss}, {@code valid_loss} or the name of a metric; default {@code valid_loss}. */
        public String monitor = Recorder.VALID_LOSS;

        /**
         * Whether greater is better (fastai: comp); default null: it is, unless {@code loss} or {@code error} is in the
         * name. A metric such as {@code mae} needs false.
         */
        public Boolean greater;

        /** By how much a value must be better than the best to count as better, 0 or more; default 0. */
        public double minDelta;

        /** Whether each fit starts from nothing; default true. Else it goes on from the best of the fits before. */
        public boolean resetOnFit = true;

        /** Refuses wrong values. */
        void check() {
            Objects.requireNonNull(monitor, "monitor");
            Checks.require(minDelta >= 0 && Double.isFinite(minDelta), "a minDelta of 0 or more", minDelta);
        }
    }

    /** What can be chosen of those that act when nothing gets better. */
    abstract static class PatientOptions extends Options {
        /** After how many epochs without a better value to act, 1 or more; default 1, the first. */
        public int patience = 1;

        @Override
        void check() {
            super.check();
            Checks.require(patience >= 1, "a patience of 1 epoch or more", patience);
        }
    }

    private final Options options;
    private final double sign;
    private double best; // times the sign: greater is better
    private int bestEpoch;
    private boolean fitBegan;
    private boolean validationLeft;
    private String since;
    private int waited;

    Monitor(Options options) {
        options.check();
        this.options = options;
        String name = options.monitor;
        boolean greater = options.greater == null ? !name.contains("loss") && !name.contains("error") : options.greater;
        sign = greater ? 1 : -1;
        forget();
    }

    private void forget() {
        best = Double.NEGATIVE_INFINITY;
        bestEpoch = -1;
    }

    /** A name that nothing is recorded under would make the callback do nothing, in silence. */
    @Override
    public List<String> problems(Learner learn) {
        Stream<String> ofValidation = learn.data().valid().size() == 0
                ? Stream.of()
                : Stream.concat(
                        Stream.of(Recorder.VALID_LOSS), learn.metrics().stream().map(Metric::name));
        List<String> recorded =
                Stream.concat(Stream.of(Recorder.TRAIN_LOSS), ofValidation).toList();
        return recorded.contains(options.monitor)
                ? List.of()
                : List.of(getClass().getSimpleName() + " monitors '" + options.monitor + "', but what is recorded is "
                        + recorded + "; monitor one of these");
    }

    @Override
    public void beforeFit(Learner learn) {
        fitBegan = true; // or only a validation: the first trained epoch tells
    }

    /** Some of the batches may be easier than all, unless it was shortened on purpose, which it is in each epoch. */
    @Override
    public void afterValidate(Learner learn) {
        Outcome outcome = learn.outcome();
        validationLeft =
                outcome.kind() == Outcome.Kind.CANCELLED && outcome.cancel().span() != Span.VALIDATE;
    }

    /** Takes the epoch that has ended into account, and tells whether it is the best so far. */
    final boolean improves(Learner learn) {
        return compares(learn) && waited == 0;
    }

    /** Takes the epoch that has ended into account, tells whether patience is at its end, and then counts anew. */
    final boolean losesPatience(Learner learn, int patience) {
        boolean lost = compares(learn) && waited >= patience;
        waited = lost ? 0 : waited;
        return lost;
    }

    private boolean compares(Learner learn) {
        boolean left = validationLeft || learn.training();
        validationLeft = false;
        if (learn.iteration() == 0 || learn.outcome().kind() == Outcome.Kind.FAILED) {
            return false;
        }
        beginFit();
        Double value = learn.recorder().lastEpoch().values().get(options.monitor);
        if (left || value == null) {
            return false;
        }
        waited++;
        if (sign * value - options.minDelta > best) {
            best = sign * value;
            bestEpoch = learn.epoch();
            since = "epoch " + bestEpoch;
            waited = 0;
        }
        return true;
    }

    private void beginFit() {
        if (fitBegan) {
            fitBegan = false;
            since = "the fit began";
            waited = 0;
            if (options.resetOnFit) {
                forget();
            }
        }
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("best", best);
        state.put("best_epoch", bestEpoch);
        state.put("since", since == null ? "" : since);
        state.put("waited", waited);
        state.put("fit_began", fitBegan);
        state.put("validation_left", validationLeft);
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        best = state.getDouble("best");
        bestEpoch = (int) state.getLong("best_epoch");
        since = state.getString("since");
        waited = (int) state.getLong("waited");
        fitBegan = state.getBoolean("fit_began");
        validationLeft = state.getBoolean("validation_left");
    }

    /** Says why patience was lost. */
    final String reason() {
        return "no improvement of " + options.monitor + " since " + since;
    }

    final OptionalInt epochOfBest() {
        return bestEpoch < 0 ? OptionalInt.empty() : OptionalInt.of(bestEpoch);
    }

    final OptionalDouble valueOfBest() {
        return bestEpoch < 0 ? OptionalDouble.empty() : OptionalDouble.of(sign * best);
    }

    /** The best value with its name. */
    final String bestInWords() {
        return options.monitor + " " + sign * best;
    }
}
