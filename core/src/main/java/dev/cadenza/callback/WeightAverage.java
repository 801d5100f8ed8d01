package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.BatchNorm;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Average the weights that training passes through, which are often better than the last ones (Polyak and Juditsky 1992,
 * Acceleration of Stochastic Approximation by Averaging).
 *
 * <p>{@link #ema} averages after each step, the newest counting most, and validates with the average. {@link #swa} takes
 * the plain mean of the weights at the end of the last epochs, for a learning rate that stays high there. Floating-point
 * buffers are averaged like weights, others copied. The average begins anew with each fit.
 *
 * <p>If the fit was not a failure, the model has the average afterwards. Until then the model that is trained, and that
 * a callback finds at AFTER_EPOCH, has the weights of the last step.
 *
 * <pre>{@code
 * learn.fit(10, 1e-3, WeightAverage.ema(0.999));
 * learn.fit(20, 0.05, WeightAverage.swa(o -> o.start = 0.5));
 * }</pre>
 *
 * <p>Costs one copy of the weights, and another while validating with the average.
 */
public abstract sealed class WeightAverage implements Callback, Stateful permits Ema, Swa {
    /** What can be chosen of both. */
    public static class Options {
        /** Whether the model gets the average when the fit has ended; default true. Without, see {@link #averaged}. */
        public boolean leaveInModel = true;

        Options() {}
    }

    /** What can be chosen of {@link #swa}. */
    public static final class SwaOptions extends Options {
        /** The share of the fit, in [0, 1], from which on epochs count; default 0.75. The last one always does. */
        public double start = 0.75;

        SwaOptions() {}
    }

    private final boolean leaveInModel;
    private Map<String, Tensor> live; // the model's, from the first training of a fit to its end
    private Map<String, Buffer> average = Map.of();
    private int count; // of the weights in it
    private final Map<String, Buffer> undone = new LinkedHashMap<>(); // how the average was before a batch
    private Map<String, Tensor> setAside; // what the model had before it was lent the average

    WeightAverage(Options options) {
        leaveInModel = options.leaveInModel;
    }

    /** Average exponentially; see {@link #ema(double, Consumer)}. */
    public static WeightAverage ema(double decay) {
        return ema(decay, o -> {});
    }

    /**
     * Average exponentially: {@code average = decay · average + (1 - decay) · weights} after each step, beginning with
     * the weights before the first one (timm's {@code ModelEmaV2}).
     *
     * @param decay in (0, 1): 0.999 averages over some 1000 steps, of which a fit should have several times as many
     * @throws IllegalArgumentException if the decay is out of range
     */
    public static WeightAverage ema(double decay, Consumer<Options> options) {
        Options chosen = new Options();
        options.accept(chosen);
        return new Ema(decay, chosen);
    }

    /** Average over the last quarter of the epochs; see {@link #swa(Consumer)}. */
    public static WeightAverage swa() {
        return swa(o -> {});
    }

    /**
     * Average the weights at the end of each epoch from a share of the fit on (Izmailov et al. 2018, Averaging Weights
     * Leads to Wider Optima and Better Generalization; {@code torch.optim.swa_utils}). An epoch that was left early does
     * not count; one of which only training or validation was left does.
     *
     * <p>When the fit has ended, {@link #refreshBatchNorm} goes once through its training data if the model has batch
     * norms. No validation of the fit sees the average: {@link Learner#validate} does afterwards.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public static WeightAverage swa(Consumer<SwaOptions> options) {
        SwaOptions chosen = new SwaOptions();
        options.accept(chosen);
        return new Swa(chosen);
    }

    /**
     * Compute the running statistics of all batch norms anew, as the plain average over these batches; see
     * {@link BatchNorm#refresh} ({@code torch.optim.swa_utils.update_bn}).
     *
     * <pre>{@code
     * WeightAverage.refreshBatchNorm(model, data.train().epoch(0));
     * }</pre>
     */
    public static void refreshBatchNorm(Module model, Iterable<Batch> batches) {
        Device device = model.stateDict().values().stream()
                .findFirst()
                .map(Tensor::device)
                .orElse(Device.CPU);
        BatchNorm.refresh(model, () -> {
            for (Iterator<Batch> left = batches.iterator(); left.hasNext(); ) {
                try (Scope scope = Scope.open()) {
                    model.forward(left.next().to(device).inputs());
                }
            }
        });
    }

    /**
     * Return the average of the last fit, by the names of {@link Module#stateDict}; empty before the first. They change
     * as training goes on, and are closed when the next fit begins; the batch norms of {@link #swa} are not refreshed.
     */
    public final Map<String, Tensor> averaged() {
        return Collections.unmodifiableMap(average);
    }

    /** Return this type: of two averages in one fit, each would take the other's for the weights. */
    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(WeightAverage.class);
    }

    @Override
    public void beforeTrain(Learner learn) {
        if (live == null) {
            begin(learn);
        }
    }

    private void begin(Learner learn) {
        live = learn.model().stateDict();
        Map<String, Buffer> copies = new LinkedHashMap<>();
        copy(live).forEach((name, copy) -> copies.put(name, new Buffer(copy)));
        average.values().forEach(Buffer::close);
        average = copies;
        count = 0;
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("count", count);
        state.put("average", live == null ? Map.of() : average);
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        Map<String, Tensor> saved = state.getTensors("average");
        try (Scope scope = Scope.open();
                NoGrad off = NoGrad.open()) {
            begin(learn);
            average.forEach((name, mean) -> mean.copy_(Checks.saved(saved, name, mean)));
        }
        count = (int) state.getLong("count");
    }

    private static Map<String, Tensor> copy(Map<String, Tensor> state) {
        try (NoGrad off = NoGrad.open()) {
            Map<String, Tensor> copies = new LinkedHashMap<>();
            state.forEach((name, tensor) -> copies.put(name, tensor.clone()));
            return copies;
        }
    }

    /** Returns how many times the weights were averaged in this fit. */
    final int count() {
        return count;
    }

    /** Goes this share of the way from the average to the weights. */
    final void average(double share) {
        if (live == null) {
            return; // a validation, or no training yet
        }
        count++;
        try (NoGrad off = NoGrad.open()) {
            average.forEach((name, mean) -> {
                if (Inputs.isFloat(mean)) {
                    mean.lerp_(live.get(name), share);
                } else {
                    mean.copy_(live.get(name));
                }
            });
        }
    }

    /** Returns what brings the average back to how it is now. */
    final Runnable undoAverage() {
        int before = count;
        copyAll(average, undone);
        return () -> {
            count = before;
            copyAll(undone, average);
        };
    }

    private static void copyAll(Map<String, Buffer> from, Map<String, Buffer> to) {
        try (NoGrad off = NoGrad.open()) {
            from.forEach((name, tensor) -> to.computeIfAbsent(name, n -> new Buffer(tensor.zerosLike()))
                    .copy_(tensor));
        }
    }

    /** Puts the average into the model, until {@link #giveBack}; in the same span, which owns what is set aside. */
    final void lend() {
        if (live != null) {
            setAside = copy(live);
            load(average);
        }
    }

    final void giveBack() {
        if (setAside != null) {
            load(setAside);
            setAside = null;
        }
    }

    private void load(Map<String, ? extends Tensor> state) {
        try (NoGrad off = NoGrad.open()) {
            live.forEach((name, tensor) -> tensor.copy_(state.get(name)));
        }
    }

    @Override
    public void afterFit(Learner learn) {
        try {
            if (count > 0 && live != null && leaveInModel && learn.outcome().kind() != Outcome.Kind.FAILED) {
                lend();
                complete(learn);
                setAside = null;
                learn.timeline().note("weights", "averaged", null);
            }
        } finally {
            giveBack();
            live = null;
            undone.values().forEach(Buffer::close);
            undone.clear();
        }
    }

    /** Does to the model, which has the average for good, what is left to do. */
    abstract void complete(Learner learn);
}
