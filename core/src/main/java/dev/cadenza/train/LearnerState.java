package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Safetensors;
import dev.cadenza.io.Weights;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.predict.ExportOptions;
import dev.cadenza.predict.Predictor;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** What callbacks read and replace while a fit goes on; the table in {@link Event} tells what exists when. */
abstract sealed class LearnerState permits FitPolicies {
    final State state = new State();
    final Module model;
    DataLoaders data;
    private Loss lossFunction;
    private Optimizer.Factory optimizerFactory = Optimizers.adam(o -> {});
    private List<? extends List<Parameter>> groups; // null: one of all parameters
    private Optimizer optimizer;

    LearnerState(DataLoaders data, Module model, Loss lossFunction) {
        this.data = Objects.requireNonNull(data, "data");
        this.model = Objects.requireNonNull(model, "model");
        this.lossFunction = Objects.requireNonNull(lossFunction, "lossFunction");
    }

    /** Return the loaders. */
    public DataLoaders data() {
        return data;
    }

    /** Take other loaders, from the next training or validation on. */
    public void data(DataLoaders newData) {
        DataLoaders old = data;
        data = Objects.requireNonNull(newData, "newData");
        state.timeline.replaced("data", old::toString, newData::toString);
    }

    void chooseOptimizer(Optimizer.Factory factory) {
        optimizerFactory = Objects.requireNonNull(factory, "factory");
        optimizer = null;
    }

    void chooseGroups(List<? extends List<Parameter>> newGroups) {
        groups = List.copyOf(newGroups);
        optimizer = null;
    }

    /**
     * Return the optimizer, made when it is first asked for; it stays the same over several fits.
     *
     * <p>Parameters of fewer than two dimensions (biases, and all of normalising layers) do not decay, unless
     * {@link Optimizer#noDecay} is told otherwise.
     */
    public Optimizer optimizer() {
        if (optimizer == null) {
            optimizer = makeOptimizer();
        }
        return optimizer;
    }

    Optimizer makeOptimizer() {
        List<Parameter> all = model.parameters();
        return optimizerFactory
                .ofGroups(groups == null ? List.of(all) : groups)
                .noDecay(all.stream().filter(parameter -> parameter.dim() < 2).toList());
    }

    /** Return the model. */
    public Module model() {
        return model;
    }

    /**
     * Write the model's weights and buffers to a safetensors file, and nothing else: for {@link #load}, for Python, or for
     * the next training. To predict elsewhere, {@link #export} it; to go on training, write a checkpoint.
     *
     * @param file in a folder that exists; there whole or not at all
     * @throws DataException if the file cannot be written
     */
    public void save(Path file) {
        Safetensors.write(file, model.stateDict());
    }

    /**
     * Read the model's weights and buffers from a file: {@code .safetensors}, or {@code .pt} and {@code .pth} of PyTorch.
     *
     * @throws DataException if the file is missing or damaged, or what it holds is not all of the model's state and no
     *     more: says what is missing, unknown or of another shape. Nothing is changed then; {@code
     *     model.loadWhatFits(Weights.read(file))} takes what fits
     */
    public void load(Path file) {
        try (Scope scope = Scope.open()) {
            model.loadStateDict(Weights.read(file));
        } catch (IllegalArgumentException e) {
            throw new DataException(file, e.getMessage(), "give the file of a model that is built as this one", e);
        }
    }

    /** Write one file that predicts, of all that the learner and its data know; see {@link #export(Path, Consumer)}. */
    public void export(Path file) {
        export(file, o -> {});
    }

    /**
     * Write one file from which a {@link Predictor} predicts anywhere, without code of the training: model, weights, what
     * inputs go through in validation, the names of the classes, and what the output means.
     *
     * <p>From the learner's data come the input, the transforms of the validation loader, and the classes, if they were
     * made by a {@code DataBlock} or {@code Datasets}.
     *
     * @param file in a folder that exists; there whole or not at all
     * @throws IllegalArgumentException if a part cannot be described, such as a function in the model or a loss of your
     *     own: names where it stands and what to do
     * @throws DataException if the file cannot be written
     */
    public void export(Path file, Consumer<ExportOptions> options) {
        Predictor.write(file, model, o -> {
            o.input = data.input();
            o.transforms = data.valid().transforms();
            o.classes = data.classes();
            o.loss = lossFunction;
            options.accept(o);
        });
    }

    /** Return what computes the loss. */
    public Loss lossFunction() {
        return lossFunction;
    }

    /** Compute the loss another way from now on. */
    public void lossFunction(Loss newLossFunction) {
        Loss old = lossFunction;
        lossFunction = Objects.requireNonNull(newLossFunction, "newLossFunction");
        state.timeline.replaced("loss function", old::toString, newLossFunction::toString);
    }

    /** Go on from the newest checkpoint that is whole; see {@link #resume(Path, Consumer)}. */
    public Position resume(Path dir) {
        return resume(dir, o -> {});
    }

    /**
     * Go on, in the fits to come, from the newest checkpoint that is whole, to the same bits as if nothing had happened.
     *
     * <p>The program then does what it did before. The fits that were done when the checkpoint was taken are passed over;
     * the one that it is of begins, jumps to the place, and takes over all state. It may be in the middle of an epoch:
     * batches before it are not read again. Only the number of loader workers may be another one, and callbacks that
     * {@link Callback#observes only look on}. What lies between fits, such as a search for a rate, sees the model of the
     * start until then.
     *
     * <pre>{@code
     * learn.add(new Checkpointing(dir.resolve("checkpoints")));
     * if (!new CheckpointFolder(dir.resolve("checkpoints")).list().isEmpty()) {
     *     learn.resume(dir.resolve("checkpoints"));
     * }
     * learn.fitOneCycle(10, 1e-3);
     * }</pre>
     *
     * <p>The fit is refused with the differences, a {@link PlanException}, if the plan is another one: model, loss,
     * optimizer and its rates, data and their order, batch size, epochs, callbacks, device, number of threads.
     *
     * @param dir a folder of checkpoints
     * @return where it will go on
     * @throws dev.cadenza.io.DataException if there is none, or all are damaged
     */
    public Position resume(Path dir, Consumer<ResumeOptions> options) {
        state.requireNoFit("where to go on");
        ResumeOptions chosen = new ResumeOptions();
        options.accept(chosen);
        Checkpoint newest = new CheckpointFolder(dir).newest();
        state.resume = new Resume(newest, chosen.whatFits);
        return newest.position();
    }

    /** Tell whether the fit that is checked or goes on is the first one of this learner, and resumes none. */
    public boolean startsAnew() {
        return state.startsAnew;
    }

    /** Return what the last fit did, and why. */
    public Timeline timeline() {
        return state.timeline;
    }

    /** Return how the span that ended last did: at AFTER_X span X, after {@code fit} the fit. */
    public Outcome outcome() {
        return state.require(state.outcome, "outcome", "from the end of the first step or batch on");
    }

    /** Return the batch. */
    public Batch batch() {
        return state.require(state.batch, "batch", "from BEFORE_BATCH to AFTER_BATCH");
    }

    /** Replace the batch; best at BEFORE_BATCH. */
    public void batch(Batch newBatch) {
        Batch old = batch();
        state.batch = Objects.requireNonNull(newBatch, "newBatch");
        state.timeline.replaced("batch", () -> describe(old), () -> describe(newBatch));
    }

    private static String describe(Batch batch) {
        return Stream.concat(batch.inputs().stream(), batch.targets().stream())
                .map(Tensor::describe)
                .toList()
                .toString();
    }

    /** Return what the model gave for the batch. */
    public Tensor pred() {
        return state.require(state.pred, "pred", "from AFTER_PRED to AFTER_BATCH");
    }

    /** Replace the prediction; at AFTER_PRED it changes the loss. */
    public void pred(Tensor newPred) {
        Tensor old = pred();
        state.pred = Objects.requireNonNull(newPred, "newPred");
        state.timeline.replaced("pred", old::describe, newPred::describe);
    }

    /** Return the loss of the batch, a scalar: what is recorded and back-propagated. */
    public Tensor loss() {
        return state.require(state.loss, "loss", "from AFTER_LOSS to AFTER_BATCH");
    }

    /** Replace the loss, by one number or else an error; before AFTER_BACKWARD it changes the gradients. */
    public void loss(Tensor newLoss) {
        Tensor old = loss();
        state.loss(newLoss);
        state.timeline.replaced("loss", old::item, newLoss::item);
    }

    /** Multiply the gradients that this batch will have, leaving the recorded loss true; factors multiply. */
    public void scaleBackward(double factor) {
        batch();
        state.scaleBackward(factor);
    }

    /** Return how many epochs this fit has. */
    public int epochs() {
        return state.epochs;
    }

    /** Return which epoch of this fit it is, from 0. */
    public int epoch() {
        return state.require(state.epoch < 0 ? null : state.epoch, "epoch", "from BEFORE_EPOCH on");
    }

    /** Return which batch of this training or validation it is, from 0. */
    public int batchIndex() {
        batch();
        return state.batchIndex;
    }

    /** Return how many batches this training or validation has. */
    public int batches() {
        batch();
        return state.batches;
    }

    /** Return how many training batches of this fit are done; from AFTER_STEP on it includes the current one. */
    public int iteration() {
        return state.iteration;
    }

    /** Return how much of this fit's training is done, from 0 to 1. */
    public double progress() {
        return state.progress;
    }

    /** Tell whether the last phase begun in this fit is training, not validation. */
    public boolean training() {
        return state.training;
    }

    /**
     * Return a seed for what a callback draws in this batch: another one for each batch and epoch of the whole training,
     * the same when a run is repeated or resumed.
     *
     * @param seed what distinguishes one callback from another
     */
    public long randomKey(long seed) {
        return Rng.key(seed, state.epochsEver, batchIndex(), state.training ? 1 : 0);
    }
}
