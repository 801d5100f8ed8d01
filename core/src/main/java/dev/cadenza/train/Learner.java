package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Epoch;
import dev.cadenza.metric.Metric;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Modes;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Rates;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Train a model: bring data, model, loss and optimizer together, run the loop, and let callbacks play in it.
 *
 * <pre>{@code
 * DataLoaders data = Mnist.in(dir).loaders(o -> o.batchSize = 64);
 * Module model = Sequential.of(new Linear(784, 50), Tensor::relu, new Linear(50, 10));
 * Learner learn = new Learner(data, model, Losses.crossEntropy()).metrics(Metrics.accuracy());
 * learn.fitOneCycle(3, 1e-2);
 * System.out.println(learn.recorder().lastEpoch());
 * }</pre>
 *
 * <p>{@link Event} shows the loop. One thread, the one that calls {@code fit}, runs model, loss, optimizer and
 * callbacks; no other may use the learner meanwhile. A callback replaces batch, prediction, loss, loss function and
 * loaders by the method of the same name with an argument, and changes model and optimizer themselves. Metrics,
 * callbacks and the choice of the optimizer are sealed while a fit goes on.
 */
public final class Learner extends FitPolicies {
    private final List<Callback> callbacks = new ArrayList<>();
    private Recorder recorder = new Recorder();
    private List<Metric> metrics = List.of();

    /** Train this model with these data on this loss, with {@link Optimizers#adam} unless told otherwise. */
    public Learner(DataLoaders data, Module model, Loss lossFunction) {
        super(data, model, lossFunction);
    }

    /**
     * Measure these on the validation data of each epoch; they replace those before.
     *
     * @throws IllegalArgumentException if two have the same name, or one that of a loss
     */
    public Learner metrics(Metric... newMetrics) {
        state.requireNoFit("metrics");
        metrics = Recorder.requireNames(List.of(newMetrics));
        return this;
    }

    /** Return the metrics. */
    public List<Metric> metrics() {
        return metrics;
    }

    /** Make the optimizer this way; one that is there already is dropped with its state. */
    public Learner optimizer(Optimizer.Factory factory) {
        state.requireNoFit("the optimizer");
        chooseOptimizer(factory);
        return this;
    }

    /**
     * Give parts of the model hyper-parameters of their own, such as {@link Rates#between rates} that rise from the
     * body to the head, and let them be frozen by themselves ({@code splitter}); an optimizer that is there already is
     * dropped with its state. At first there is one group.
     *
     * <pre>{@code
     * Module body = new Linear(784, 50);
     * Module head = new Linear(50, 10);
     * Learner learn = new Learner(data, Sequential.of(body, Tensor::relu, head), Losses.crossEntropy())
     *         .groups(List.of(body.parameters(), head.parameters()));
     * learn.fit(1, Rates.between(1e-4, 1e-2));
     * }</pre>
     *
     * @param newGroups the parameters of each, from the input to the output
     */
    public Learner groups(List<? extends List<Parameter>> newGroups) {
        state.requireNoFit("the groups of parameters");
        chooseGroups(newGroups);
        return this;
    }

    /** Let callbacks play in all fits from now on. */
    public Learner add(Callback... added) {
        state.requireNoFit("callbacks");
        callbacks.addAll(List.of(added));
        return this;
    }

    /** Let a callback play no longer; one that was not added is an error that lists those that were. */
    public Learner remove(Callback callback) {
        state.requireNoFit("callbacks");
        if (!callbacks.remove(callback)) {
            throw new IllegalArgumentException(
                    Lineup.name(callback) + " was not added; there is " + Lineup.names(callbacks));
        }
        return this;
    }

    /** Train with the learning rate as it is; see {@link #fit(int, double, Callback...)}. */
    @Override
    public void fit(int epochs, Callback... forThisFit) {
        train(epochs, null, forThisFit);
    }

    /**
     * Train, and validate after each epoch.
     *
     * <p>{@link #outcome} tells how it ended, {@link #recorder} what came out, {@link #timeline} what happened. The
     * model's mode is as before.
     *
     * @param epochs how many times to go through the training data, 0 or more
     * @param lr the learning rate of all groups, 0 or more; it stays set
     * @param forThisFit callbacks that play in this fit only, after those that were added
     * @throws IllegalArgumentException if an argument is out of range
     * @throws PlanException if the plan of the fit has problems: there is no training data, the optimizer lacks a
     *     parameter that is to train, callbacks are given twice, exclude or lack each other, or cannot be ordered; it
     *     lists all of them, and nothing was changed
     * @throws IllegalStateException if a fit is going on already
     * @throws RuntimeException as it was, if model, loss, data or a callback throws it
     */
    public void fit(int epochs, double lr, Callback... forThisFit) {
        train(epochs, Rates.of(lr), forThisFit);
    }

    /** Train with a learning rate for each group; see {@link #fit(int, double, Callback...)}. */
    public void fit(int epochs, Rates lr, Callback... forThisFit) {
        train(epochs, lr, forThisFit);
    }

    private void train(int epochs, Rates lr, Callback... forThisFit) {
        requireEpochs(epochs);
        if (lr != null) {
            requireRates(lr);
        }
        run(recorder, forThisFit, players -> {
            Lineup lineup = Plan.check(this, players, epochs);
            new Loop(this, lineup).fit(epochs, lr);
        });
    }

    /**
     * Measure loss and metrics on the validation data, without training.
     *
     * <p>Callbacks play, as in an epoch that has no training, and see a recorder of its own. Model, optimizer, random
     * state, order of the data, {@link #recorder} and {@link #timeline} are as before; epoch, iteration and outcome are
     * not.
     *
     * @return {@code valid_loss} and the metrics; nothing if a callback cancelled it before the first batch
     */
    public EpochRecord validate(Callback... forThisRun) {
        Recorder ownRecorder = new Recorder();
        run(ownRecorder, forThisRun, this::validateOnly);
        List<EpochRecord> recorded = ownRecorder.epochs();
        return recorded.isEmpty() ? new EpochRecord(0, Map.of(), 0) : recorded.get(0);
    }

    private void validateOnly(List<Callback> players) {
        new Loop(this, Plan.check(this, players, null)).validateOnly();
    }

    private void run(Recorder recording, Callback[] temporary, Consumer<List<Callback>> action) {
        state.enter();
        Recorder ofFits = recorder;
        try (Modes modes = new Modes(model)) {
            recorder = recording;
            action.accept(players(recording, temporary));
        } finally {
            recorder = ofFits;
            state.leave();
        }
    }

    private List<Callback> players(Recorder recording, Callback... temporary) {
        List<Callback> players = new ArrayList<>(List.of(recording));
        players.addAll(callbacks);
        players.addAll(List.of(temporary));
        return players;
    }

    /**
     * Compute the model's answer, in inference mode, without gradients and events, and with the activation of the loss:
     * for cross-entropy these are probabilities.
     *
     * @param inputs one tensor {@code [N, *]} for each input of the model, on its device
     * @return what the model gives, usually {@code [N, *]}, owned by the caller's scope
     */
    public Tensor predict(Tensor... inputs) {
        state.requireNoFitElsewhere("predict");
        try (Modes modes = new Modes(model);
                NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            model.eval();
            Tensor pred = lossFunction().activation(model.forward(Arrays.asList(inputs)));
            return pred.detach().keep();
        }
    }

    /** Predict all of the validation data; see {@link #getPreds(DataLoader, Consumer)}. */
    public Predictions getPreds() {
        return getPreds(data.valid(), o -> {});
    }

    /**
     * Predict all samples of a loader, in the order of its data set, none left out.
     *
     * <p>It is a validation, see {@link #validate}: callbacks play, and what must be as before is.
     *
     * @return with the activation of the loss and its decisions, owned by the caller's scope
     * @throws IllegalStateException if there is no batch
     */
    public Predictions getPreds(DataLoader loader, Consumer<GatherPreds.Options> options) {
        GatherPreds gather = new GatherPreds(options);
        run(new Recorder(), new Callback[] {gather}, players -> {
            DataLoaders before = data;
            data = new DataLoaders(data.train(), loader.inOrder());
            try {
                validateOnly(players);
            } finally {
                data = before;
            }
        });
        try {
            return gather.predictions();
        } finally {
            gather.clear();
        }
    }

    /** Look at what the model gets wrong in the validation data; see {@link #getPreds(DataLoader, Consumer)}. */
    public Interpretation interpret() {
        try (Scope scope = Scope.open()) {
            return Interpretation.of(getPreds(data.valid(), o -> o.withLoss = true));
        }
    }

    /**
     * Show the layers, what shape each gives for the first batch of the training data, and what there is to train.
     *
     * <p>Model, random state and order of the data are as before.
     *
     * @throws IllegalStateException if there is no batch, or a fit is going on
     */
    public ModelSummary summary() {
        state.requireNoFit("the model");
        try (Scope scope = Scope.open();
                Epoch epoch = data.train().epoch(0, device())) {
            Iterator<Batch> batches = epoch.iterator();
            if (!batches.hasNext()) {
                throw new IllegalStateException("there is no batch of training data to show what the layers give");
            }
            return ModelSummary.of(this, batches.next(), players(recorder));
        }
    }

    Device device() {
        return model.parameters().stream().findFirst().map(Tensor::device).orElse(Device.CPU);
    }

    /**
     * Hash all parameters, buffers and optimizer state, in the order of their names.
     *
     * @return SHA-256 in hexadecimal; two learners with the same are in the same state to the bit
     */
    public String digest() {
        return Digest.of(model, optimizer());
    }

    /** Return what was recorded. */
    public Recorder recorder() {
        return recorder;
    }

    /**
     * Write the loop in words, with the callbacks that play at each event, in order ({@code show_training_loop}).
     *
     * @throws PlanException if they cannot play together
     */
    public String describe() {
        return Score.of(Plan.check(this, players(recorder), null));
    }

    /** Return a callback that was added with {@link #add} by its class, or the recorder. */
    public <T extends Callback> T callback(Class<T> type) {
        return Lineup.find(type, players(recorder));
    }
}
