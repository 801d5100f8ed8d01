package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import java.util.function.Consumer;

/**
 * Bring each channel to mean 0 and variance 1, then to a trained mean and spread (Ioffe and Szegedy 2015, Batch
 * Normalization).
 *
 * <p>{@code y = (x - mean) / √(var + eps) · weight + bias}. In training mean and variance (divided by n) are those of
 * the batch, and the running ones (variance divided by n - 1) go the share {@code momentum} of the way to them; in
 * inference the running ones are used. Use {@link BatchNorm1d} or {@link BatchNorm2d}.
 *
 * <p>State: {@code weight} (starts as 1) and {@code bias} (0) {@code [C]}, the buffers {@code running_mean} (0) and
 * {@code running_var} (1) {@code [C]} and {@code num_batches_tracked} {@code []} int64.
 */
public abstract sealed class BatchNorm extends Module implements Described permits BatchNorm1d, BatchNorm2d {
    /** What can be chosen. */
    public static final class Options {
        /** How fast the running statistics follow, in [0, 1]; default 0.1, the weight of the newest batch. */
        public double momentum = 0.1;
        /** Whether running statistics are the plain average of all batches (PyTorch's momentum None); default false. */
        public boolean cumulative;
        /** What is added to the variance, 0 or more; default 1e-5. */
        public double eps = 1e-5;
        /** Whether there are weight and bias; default true. */
        public boolean affine = true;
        /** Whether there are running statistics; default true. Without, inference too uses those of the batch. */
        public boolean trackRunningStats = true;

        private Options() {}
    }

    private final Parameter weight;
    private final Parameter bias;
    private final Buffer runningMean;
    private final Buffer runningVar;
    private final Buffer numBatchesTracked;
    private final Options options = new Options();
    private final long channels;
    private boolean refreshing;

    BatchNorm(long channels, Consumer<Options> choose) {
        Checks.atLeast(1, "channels", channels);
        choose.accept(options);
        Checks.require(options.momentum >= 0 && options.momentum <= 1, "momentum", "in [0, 1]", options.momentum);
        Checks.require(options.eps >= 0, "eps", "0 or more", options.eps);
        this.channels = channels;
        Blank.claim(channels, (options.affine ? 2 : 0) + (options.trackRunningStats ? 2 : 0));
        weight = options.affine ? new Parameter(Tensor.ones(channels)) : null;
        bias = options.affine ? new Parameter(Tensor.zeros(channels)) : null;
        boolean track = options.trackRunningStats;
        runningMean = track ? new Buffer(Tensor.zeros(channels)) : null;
        runningVar = track ? new Buffer(Tensor.ones(channels)) : null;
        numBatchesTracked = track ? new Buffer(Tensor.full(DType.INT64, 0)) : null;
    }

    /** Return the weight {@code [C]}, or null if not affine. */
    public final Parameter weight() {
        return weight;
    }

    /** Return the bias {@code [C]}, or null if not affine. */
    public final Parameter bias() {
        return bias;
    }

    /** Return what this is as plain data. */
    @Override
    public final Spec spec() {
        return Spec.of(name())
                .with("channels", channels)
                .with("momentum", options.momentum)
                .with("cumulative", options.cumulative)
                .with("eps", options.eps)
                .with("affine", options.affine)
                .with("trackRunningStats", options.trackRunningStats);
    }

    /** Forget the running statistics: mean 0, variance 1, no batch seen ({@code reset_running_stats}). */
    public final void resetRunningStats() {
        if (options.trackRunningStats) {
            runningMean.zero_();
            runningVar.fill_(1);
            numBatchesTracked.zero_();
        }
    }

    /**
     * Compute the running statistics of a model anew, as the plain average over the batches that go through it: for
     * weights that no batch has seen yet, such as averaged ones ({@code torch.optim.swa_utils.update_bn}).
     *
     * <pre>{@code
     * BatchNorm.refresh(model, () -> model.forward(images));
     * }</pre>
     *
     * <p>Meanwhile gradients are off, and all but the batch norms are in inference mode, so that nothing is drawn at
     * random. Afterwards all modes are as before, also if {@code pass} failed. Without any batch norm nothing is run.
     *
     * @param pass what sends the batches through the model
     */
    public static void refresh(Module model, Runnable pass) {
        List<BatchNorm> norms = model.namedModules().values().stream()
                .filter(BatchNorm.class::isInstance)
                .map(BatchNorm.class::cast)
                .toList();
        if (norms.isEmpty()) {
            return;
        }
        try (Modes modes = new Modes(model);
                NoGrad off = NoGrad.open()) {
            model.eval();
            norms.forEach(norm -> norm.refreshing(true));
            pass.run();
        } finally {
            norms.forEach(norm -> norm.refreshing(false));
        }
    }

    private void refreshing(boolean on) {
        refreshing = on;
        if (on) {
            setTraining(true);
            resetRunningStats();
        }
    }

    /** The shapes of input that are right, as an error shows them. */
    abstract String wanted();

    abstract boolean isRightRank(int dim);

    /**
     * Normalise.
     *
     * @throws TensorException if rank or channels are wrong, or a batch for training has one value per channel
     */
    @Override
    protected final Tensor compute(Tensor x) {
        if (!isRightRank(x.dim()) || x.size(1) != channels) {
            throw new TensorException(
                    this + ": wanted input " + wanted() + " with C = " + channels + ", but got " + x.describe());
        }
        boolean update = isTraining() && options.trackRunningStats;
        boolean average = update && (options.cumulative || refreshing);
        Tensor y = F.batchNorm(x, weight, bias, o -> {
            o.runningMean = runningMean;
            o.runningVar = runningVar;
            o.training = isTraining() || !options.trackRunningStats;
            o.momentum = average ? 1.0 / (numBatchesTracked.itemLong() + 1) : options.momentum;
            o.eps = options.eps;
        });
        if (update) {
            numBatchesTracked.add_(1);
        }
        return y;
    }

    @Override
    protected final String extraRepr() {
        return channels + ", eps=" + Repr.number(options.eps) + ", momentum="
                + (options.cumulative ? "None" : Repr.number(options.momentum)) + ", affine="
                + Repr.bool(options.affine) + ", track_running_stats=" + Repr.bool(options.trackRunningStats);
    }
}
