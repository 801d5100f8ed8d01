package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.Reduction;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Recorder;
import dev.cadenza.train.Rescuer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Take back a training batch in which memory runs out, a number is not finite or anything is thrown, and go on: without
 * it, or with the same batch in smaller pieces.
 *
 * <p>{@link Rescuer} tells what is taken back, what cannot be, and what that costs. The {@link
 * dev.cadenza.train.Timeline} has an entry {@code rescued} for each failure, with the reason.
 *
 * <pre>{@code
 * learn.add(new SafeStep());                                               // leaves such batches out
 * learn.add(new SafeStep(o -> {
 *     o.then = SafeStep.Then.RETRY;                                        // in 2, 4, 8 pieces
 *     o.when = Rescuer::outOfMemory;
 *     o.nan = false;
 * }));
 * }</pre>
 *
 * <p><b>Pieces.</b> Each is a batch for the callbacks. All but the last are cancelled at AFTER_BACKWARD; the gradients of
 * all add up to those of the whole, each weighted by its samples (by 1 if the loss is a sum), for one step. From
 * BEFORE_BACKWARD on {@link Learner#batch} is the whole one, as the loader gave it; after the backward pass of the last
 * piece the loss is that of the whole, and so is the prediction where it has a row for each sample. Layers that look at
 * a whole batch, such as batch normalisation, see the pieces, and dropout draws other numbers than for the whole: use
 * the gradients as what they are, those of {@link GradientAccumulation}.
 *
 * <p>Looking whether numbers are finite waits for the device in each step, which on a GPU takes time.
 */
public final class SafeStep implements Rescuer {
    /** What becomes of a batch that failed. */
    public enum Then {
        /** It is left out: the run goes on as if the data did not have it. */
        SKIP,
        /** It is trained in 2 pieces, then in 4, 8, and so on as long as it fails. */
        RETRY
    }

    /** What can be chosen. */
    public static final class Options {
        /** What becomes of a batch that failed; default {@link Then#SKIP}. */
        public Then then = Then.SKIP;

        /** Whether a loss or gradient that is not finite is a failure; default true. */
        public boolean nan = true;

        /**
         * How many failures in a row are rescued, 1 or more; default 3. One more ends the fit with the first of them. A
         * batch that is trained on ends the row.
         */
        public int most = 3;

        /** Which failures are rescued; default all. {@link Rescuer#outOfMemory} is one to choose. */
        public Predicate<Throwable> when = failure -> true;

        private Options() {}
    }

    private final Options options;
    private List<Batch> pieces = List.of(); // of the batch that is tried again
    private final List<Buffer> preds = new ArrayList<>();
    private Batch whole;
    private Batch piece;
    private int index;
    private int begun;
    private double loss;

    /** Leave out batches that fail, three in a row at most. */
    public SafeStep() {
        this(o -> {});
    }

    /**
     * Do as the options say.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public SafeStep(Consumer<Options> options) {
        this.options = Checks.chosen(new Options(), options);
        Objects.requireNonNull(this.options.then, "then is null; wanted SKIP or RETRY");
        Objects.requireNonNull(this.options.when, "when is null; leave it, to rescue all");
        Checks.require(this.options.most >= 1, "1 failure or more in a row to rescue", this.options.most);
    }

    /** Return -70: before those that look at what was computed, or end the fit by it. */
    @Override
    public double order() {
        return -70;
    }

    @Override
    public Set<Class<? extends Callback>> runBefore() {
        return Set.of(Recorder.class, TerminateOnNaN.class, GradientAccumulation.class);
    }

    @Override
    public boolean rescues(Learner learn, List<Throwable> failures) {
        forget();
        Throwable failure = failures.get(failures.size() - 1);
        boolean splits = options.then == Then.SKIP || learn.batch().size() > 1;
        return splits && failures.size() <= options.most && options.when.test(failure);
    }

    @Override
    public List<Batch> instead(Learner learn, List<Throwable> failures) {
        if (options.then == Then.RETRY) {
            whole = learn.batch();
            index = learn.batchIndex();
            pieces = split(whole, 1 << Math.min(failures.size(), 30));
        }
        return pieces;
    }

    /** Cuts a batch into so many pieces of almost the same size, or single samples. */
    static List<Batch> split(Batch batch, int count) {
        long size = batch.size();
        long most = Math.min(count, size);
        List<Batch> pieces = new ArrayList<>();
        for (long i = 0; i < most; i++) {
            long from = i * size / most;
            long length = (i + 1) * size / most - from;
            pieces.add(new Batch(
                    batch.inputs().stream().map(x -> x.narrow(0, from, length)).toList(),
                    batch.targets().stream().map(y -> y.narrow(0, from, length)).toList()));
        }
        return pieces;
    }

    private void forget() {
        pieces = List.of();
        preds.forEach(Buffer::close);
        preds.clear();
        whole = null;
        piece = null;
        begun = 0;
        loss = 0;
    }

    @Override
    public void beforeTrain(Learner learn) {
        forget();
    }

    @Override
    public void beforeBatch(Learner learn) {
        if (learn.training() && learn.batchIndex() == index && begun < pieces.size()) {
            begun++;
        } else {
            forget();
        }
    }

    @Override
    public void beforeBackward(Learner learn) {
        if (options.nan) {
            requireFinite("loss", learn.loss().item(), learn);
        }
        if (begun == 0) {
            return;
        }
        double share = learn.lossFunction().reduction() == Reduction.SUM
                ? 1
                : (double) learn.batch().size() / whole.size();
        loss += share * learn.loss().item();
        learn.scaleBackward(share);
        preds.add(new Buffer(learn.pred()));
        piece = learn.batch();
        learn.batch(new Batch(
                whole.inputs().stream().map(Tensor::detach).toList(),
                whole.targets().stream().map(Tensor::detach).toList()));
    }

    @Override
    public void afterBackward(Learner learn) {
        if (begun == 0) {
            return;
        }
        if (begun < pieces.size()) {
            learn.batch(piece);
            throw Cancel.batch("piece " + begun + " of " + pieces.size() + " of a batch that failed");
        }
        learn.loss(Tensor.of(new double[] {loss}, new long[0]));
        if (preds.stream().allMatch(pred -> pred.dim() > 0)
                && preds.stream().mapToLong(pred -> pred.size(0)).sum() == whole.size()) {
            learn.pred(Tensor.cat(preds, 0));
        }
    }

    /** Here gradients are as the step saw them, whatever scaled or clipped them; what it did can be taken back. */
    @Override
    public void afterStep(Learner learn) {
        if (options.nan) {
            requireFinite("largest gradient", learn.optimizer().grads().norm(Double.POSITIVE_INFINITY), learn);
        }
    }

    private static void requireFinite(String what, double value, Learner learn) {
        if (!Double.isFinite(value)) {
            throw new ArithmeticException(
                    "the " + what + " is " + value + " in batch " + learn.batchIndex() + " of epoch " + learn.epoch());
        }
    }

    @Override
    public void afterFit(Learner learn) {
        forget();
    }
}
