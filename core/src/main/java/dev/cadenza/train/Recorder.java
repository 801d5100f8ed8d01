package dev.cadenza.train;

import dev.cadenza.metric.Metric;
import dev.cadenza.metric.SmoothMean;
import dev.cadenza.optim.Hyper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Write down losses, learning rates and metrics; each {@link Learner} has one.
 *
 * <p>Averages are weighted by samples, so that a short last batch counts as what it is; a cancelled batch counts for
 * nothing. The training loss is the mean over the epoch, while the model changed; the others are of validation. Once
 * the loss of a batch is NaN, the metrics of that epoch are NaN, too.
 *
 * <p>It plays before others (order -50), so that at AFTER_BATCH and AFTER_EPOCH they find what was recorded.
 *
 * <pre>{@code
 * learn.fit(3, 0.5);
 * double accuracy = learn.recorder().lastEpoch().get("accuracy");
 * }</pre>
 */
public final class Recorder implements Callback, Stateful {
    /** The name of the mean loss of training. */
    public static final String TRAIN_LOSS = "train_loss";
    /** The name of the mean loss of validation. */
    public static final String VALID_LOSS = "valid_loss";

    private final List<EpochRecord> epochs = new ArrayList<>();
    private final Mean trainLoss = new Mean();
    private final Mean validLoss = new Mean();
    private final Curve losses = new Curve();
    private final Curve lrs = new Curve();
    private final SmoothMean smoothed = new SmoothMean(0.98);
    private boolean noNumbers;
    private long begun;
    private double waiting;

    private static final class Mean {
        double sum;
        long count;

        void reset() {
            sum = 0;
            count = 0;
        }

        void add(double value, long samples) {
            sum += value * samples;
            count += samples;
        }
    }

    /** Refuses metrics of which one would hide another, or a loss. */
    static List<Metric> requireNames(List<Metric> metrics) {
        List<String> names = Stream.concat(
                        Stream.of(TRAIN_LOSS, VALID_LOSS), metrics.stream().map(Metric::name))
                .toList();
        if (Set.copyOf(names).size() < names.size()) {
            throw new IllegalArgumentException("wanted each name in the record once, but got " + names);
        }
        return metrics;
    }

    @Override
    public double order() {
        return -50;
    }

    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(Recorder.class);
    }

    /** Forgets all; the loop calls it, so that it happens even if a callback cancels the fit as it begins. */
    void clear() {
        epochs.clear();
        losses.clear();
        lrs.clear();
        smoothed.reset();
    }

    /** Adds to the time that this epoch spent waiting for its loaders; the loop calls it. */
    void waited(double seconds) {
        waiting += seconds;
    }

    @Override
    public void beforeEpoch(Learner learn) {
        begun = System.nanoTime();
        waiting = 0;
        trainLoss.reset();
        validLoss.reset();
        noNumbers = false;
        learn.metrics().forEach(Metric::reset);
    }

    @Override
    public void afterBatch(Learner learn) {
        if (learn.outcome().kind() != Outcome.Kind.COMPLETED) {
            return;
        }
        double loss = learn.loss().item();
        long samples = learn.batch().size();
        if (learn.training()) {
            trainLoss.add(loss, samples);
            losses.add(loss);
            lrs.add(learn.optimizer().get(Hyper.LR));
            smoothed.add(loss);
        } else {
            validLoss.add(loss, samples);
            noNumbers |= Double.isNaN(loss);
        }
        if (!learn.training() && !noNumbers) {
            learn.metrics()
                    .forEach(metric ->
                            metric.accumulate(learn.pred(), learn.batch().targets()));
        }
    }

    @Override
    public void afterEpoch(Learner learn) {
        if (learn.outcome().kind() == Outcome.Kind.FAILED) {
            return;
        }
        Map<String, Double> values = new LinkedHashMap<>();
        if (trainLoss.count > 0) {
            values.put(TRAIN_LOSS, trainLoss.sum / trainLoss.count);
        }
        if (validLoss.count > 0) {
            values.put(VALID_LOSS, validLoss.sum / validLoss.count);
            learn.metrics().forEach(metric -> values.put(metric.name(), noNumbers ? Double.NaN : metric.value()));
        }
        epochs.add(new EpochRecord(learn.epoch(), values, (System.nanoTime() - begun) / 1e9, waiting));
    }

    /** What is measured in a validation is not in it: a checkpoint is taken before one or after it. */
    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("losses", losses.toArray());
        state.put("lrs", lrs.toArray());
        state.put("train_sum", trainLoss.sum);
        state.put("train_count", trainLoss.count);
        state.put("seconds", (System.nanoTime() - begun) / 1e9);
        state.put("waiting", waiting);
        state.put("epochs", epochs.size());
        for (int i = 0; i < epochs.size(); i++) {
            epochs.get(i).save(state, "epoch " + i + " ");
        }
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        clear();
        double[] rates = state.getDoubles("lrs");
        double[] saved = state.getDoubles("losses");
        if (saved.length != rates.length) {
            throw new IllegalArgumentException(
                    "wanted a rate for each of " + saved.length + " losses, but got " + rates.length);
        }
        for (int i = 0; i < saved.length; i++) {
            losses.add(saved[i]);
            lrs.add(rates[i]);
            smoothed.add(saved[i]);
        }
        trainLoss.sum = state.getDouble("train_sum");
        trainLoss.count = state.getLong("train_count");
        begun = System.nanoTime() - (long) (state.getDouble("seconds") * 1e9);
        waiting = state.getDouble("waiting");
        for (int i = 0; i < state.getLong("epochs"); i++) {
            epochs.add(EpochRecord.load(state, "epoch " + i + " "));
        }
    }

    /** Return the epochs of the last fit, in order. */
    public List<EpochRecord> epochs() {
        return List.copyOf(epochs);
    }

    /**
     * Return the last epoch of the last fit.
     *
     * @throws IllegalStateException if no epoch has ended yet
     */
    public EpochRecord lastEpoch() {
        if (epochs.isEmpty()) {
            throw new IllegalStateException("no epoch has ended yet; call fit first");
        }
        return epochs.get(epochs.size() - 1);
    }

    /** Return the loss of each training batch of the last fit, without cancelled ones. */
    public double[] losses() {
        return losses.toArray();
    }

    /** Return the learning rate (of the last group) at each of {@link #losses}. */
    public double[] lrs() {
        return lrs.toArray();
    }

    /**
     * Return the mean of the training losses of the last fit in which each counts 0.98 times as much as the next one
     * (fastai's {@code smooth_loss}); NaN before the first.
     */
    public double smoothLoss() {
        return smoothed.value();
    }
}
