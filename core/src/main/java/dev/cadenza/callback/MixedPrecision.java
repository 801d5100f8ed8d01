package dev.cadenza.callback;

import dev.cadenza.tensor.Autocast;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.LossScale;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Let the model compute in a 16-bit type what loses little by it ({@link Autocast}): matrix products and convolutions take
 * half the memory, and half the time or less where the processor knows the type ({@code to_bf16}, {@code to_fp16}).
 *
 * <p>Parameters, their gradients and the optimizer stay as they are; the loss is computed from a float32 prediction.
 *
 * <pre>{@code
 * learn.add(new MixedPrecision());                                       // bfloat16
 * learn.add(new MixedPrecision(o -> o.dtype = DType.FLOAT16));           // for GPUs that know no bfloat16
 * }</pre>
 *
 * <p>Gradients in float16 may be too small for the type. They are computed of a multiple of the loss and divided again
 * before the step, see {@link LossScale}; a step whose gradients are not finite is left out ({@code AFTER_CANCEL_STEP}
 * plays), of which there may be a few at first. Until BEFORE_STEP gradients are such multiples; the recorded loss is not. On
 * CPUs float16 works, but is slower than float32: there it is good for tests only.
 *
 * <p>Outside of a fit, as in {@link Learner#predict}, nothing is cast.
 */
public final class MixedPrecision implements Callback, Stateful {
    /** What can be chosen. */
    public static final class Options {
        /** The type to compute in, {@link DType#BFLOAT16}, the default, or {@link DType#FLOAT16}. */
        public DType dtype = DType.BFLOAT16;

        /** How losses are scaled for float16, anew in each fit; for bfloat16 they are not. Default: as in PyTorch. */
        public Consumer<LossScale.Options> lossScale = o -> {};

        private Options() {}
    }

    private final Options options;
    private LossScale scale;
    private Autocast autocast; // open while the model computes
    private boolean unscaled; // from BEFORE_STEP to the end of the step

    /** Compute in bfloat16. */
    public MixedPrecision() {
        this(o -> {});
    }

    /**
     * Compute in the type of the options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public MixedPrecision(Consumer<Options> options) {
        this.options = Checks.chosen(new Options(), options);
        DType dtype = this.options.dtype;
        Checks.require(
                dtype == DType.BFLOAT16 || dtype == DType.FLOAT16, "dtype bfloat16 or float16 to compute in", dtype);
        scale = new LossScale(
                Objects.requireNonNull(this.options.lossScale, "lossScale is null; leave it, or set options"));
    }

    /** Return the factor by which the loss is multiplied now, or was at the end of the last fit; 1 with bfloat16. */
    public double lossScale() {
        return scales() ? scale.value() : 1;
    }

    private boolean scales() {
        return options.dtype == DType.FLOAT16;
    }

    /** Return 8: after accumulation, before those that look at gradients. */
    @Override
    public double order() {
        return 8;
    }

    @Override
    public Set<Class<? extends Callback>> runAfter() {
        return Set.of(GradientAccumulation.class);
    }

    @Override
    public Set<Class<? extends Callback>> runBefore() {
        return Set.of(GradientStats.class, GradientClip.class);
    }

    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(MixedPrecision.class);
    }

    @Override
    public Runnable undo(Learner learn) {
        LossScale before = scale.copy();
        return () -> scale = before.copy(); // it may be undone again
    }

    @Override
    public void beforeFit(Learner learn) {
        scale = new LossScale(options.lossScale);
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("loss_scale", scale.value());
        state.put("finite_steps", scale.finiteSteps());
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        scale.goOn(state.getDouble("loss_scale"), (int) state.getLong("finite_steps"));
    }

    @Override
    public void beforeBatch(Learner learn) {
        autocast = Autocast.open(learn.batch().input().device().type(), options.dtype);
    }

    @Override
    public void afterPred(Learner learn) {
        leave();
        Tensor pred = learn.pred();
        if (Inputs.isFloat(pred) && pred.dtype().bytes() < Float.BYTES) {
            learn.pred(pred.to(DType.FLOAT32));
        }
    }

    private void leave() {
        if (autocast != null) {
            autocast.close();
            autocast = null;
        }
    }

    @Override
    public void beforeBackward(Learner learn) {
        learn.scaleBackward(lossScale());
    }

    @Override
    public void beforeStep(Learner learn) {
        if (!scales()) {
            return;
        }
        unscaled = true;
        double was = scale.value();
        if (!scale.unscale_(learn.optimizer().grads())) {
            scale.update(false);
            throw Cancel.step("gradients are not finite with the loss times " + was + "; next is " + scale.value());
        }
    }

    @Override
    public void afterStep(Learner learn) {
        if (scales()) {
            scale.update(true);
        }
        unscaled = false;
    }

    @Override
    public void afterCancelStep(Learner learn) {
        unscaled = false;
    }

    @Override
    public void afterBatch(Learner learn) {
        leave();
        if (unscaled) { // left between scaling and step: later batches add to these gradients
            learn.optimizer().grads().mul_(scale.value());
            unscaled = false;
        }
    }
}
