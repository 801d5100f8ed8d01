package dev.cadenza.callback;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.StateDict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Keep a copy of the model as it was after its best epoch, and load it when the fit has ended
 * ({@code SaveModelCallback}).
 *
 * <pre>{@code
 * SaveBest best = new SaveBest(o -> o.monitor = "accuracy");
 * learn.fit(20, 1e-3, best);
 * System.out.println(best.best() + " in epoch " + best.bestEpoch()); // the model is that one now
 * }</pre>
 *
 * <p>A value is better if it beats the best one by more than {@code minDelta}; NaN never is. The copy is of parameters
 * and buffers, in memory, on their device, and takes as much as they do; the optimizer's state is neither copied nor
 * loaded. Nothing is written to files.
 *
 * <p>Epochs that were left early, or lack the value because validation was skipped, are not compared. Where there is no
 * best epoch, as in a fit that was cancelled in its first, the model stays as it is; so it does in a fit that failed.
 * In {@link Learner#validate} it does nothing.
 */
public final class SaveBest extends Monitor {
    /** What can be chosen. */
    public static final class Options extends Monitor.Options {
        /** Whether the model is the best one after the fit, not the last one; default true, as in fastai. */
        public boolean loadAtEnd = true;

        private Options() {}
    }

    private final Options options;
    private final Map<String, Tensor> copies = new LinkedHashMap<>();

    /** Keep the model with the least {@code valid_loss}. */
    public SaveBest() {
        this(o -> {});
    }

    /**
     * Keep the best model with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public SaveBest(Consumer<Options> options) {
        this(Checks.chosen(new Options(), options));
    }

    private SaveBest(Options options) {
        super(options);
        this.options = options;
    }

    /** Return 61: after the recorder, and before those that act on a lack of progress. */
    @Override
    public double order() {
        return 61;
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (improves(learn)) {
            copy(learn.model().stateDict());
            learn.timeline().note("best", bestInWords(), null);
        }
    }

    private void copy(Map<String, Tensor> state) {
        copies.keySet().retainAll(state.keySet());
        state.forEach((name, tensor) -> {
            Tensor now = tensor.detach();
            Tensor copy = copies.get(name);
            if (copy != null && alike(copy, now)) {
                copy.copy_(now);
            } else {
                copies.put(name, new Buffer(now.clone()));
            }
        });
    }

    private static boolean alike(Tensor a, Tensor b) {
        return a.describe().equals(b.describe()) && a.device().equals(b.device());
    }

    @Override
    public void afterFit(Learner learn) {
        boolean trained = learn.iteration() > 0 && learn.outcome().kind() != Outcome.Kind.FAILED;
        if (options.loadAtEnd && trained && bestEpoch().isPresent()) {
            learn.model().loadStateDict(copies);
            learn.timeline().note("load", "epoch " + bestEpoch().getAsInt(), bestInWords());
        }
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        super.saveState(learn, state);
        state.put("copies", copies);
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        super.loadState(learn, state);
        copy(state.getTensors("copies"));
    }

    /** Return which epoch of its fit was the best, from 0; empty if none was, or none has ended yet. */
    public OptionalInt bestEpoch() {
        return epochOfBest();
    }

    /** Return the value in the best epoch; empty where {@link #bestEpoch} is. */
    public OptionalDouble best() {
        return valueOfBest();
    }

    /**
     * Return the copies by name, for {@code learn.model().loadStateDict(…)}; empty where {@link #bestEpoch} is. The next
     * better epoch is written over them; clone what is to last.
     */
    public Map<String, Tensor> state() {
        return bestEpoch().isPresent() ? Collections.unmodifiableMap(copies) : Map.of();
    }
}
