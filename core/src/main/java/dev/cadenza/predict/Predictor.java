package dev.cadenza.predict;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Block;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Sample;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Types;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Predict from one file, in any service on the JVM: it holds the model, its weights, what inputs go through, and the
 * names of the classes. No code of the training is needed.
 *
 * <pre>{@code
 * learn.export(dir.resolve("digits.safetensors"));
 *
 * Predictor predictor = Predictor.load(dir.resolve("digits.safetensors")).warm(Tensor.zeros(784));
 * String digit = predictor.predict(x).label();
 * predictor.close();
 * }</pre>
 *
 * <p>Any number of threads may predict at once; each computes on its own with as many OpenMP threads as it has, so that
 * services of many requests are fastest with {@code Engine.threads(1)}. What comes out are the same bits as from one
 * thread. Nothing native is left behind by a prediction, and a failed one changes nothing.
 *
 * <p>The file is a safetensors file: Python reads the weights as from any other. A description makes only the types that
 * are known here, and no more weights than the file has; how much a model computes is not limited, so load files of
 * people that you trust with your processors.
 */
public final class Predictor implements AutoCloseable {
    /** What can be chosen when a file is loaded. */
    public static final class LoadOptions {
        /** How to make what Cadenza's core does not know, such as modules of your own; default nothing more. */
        public Types types = new Types();

        /** Where to compute; default the CPU. */
        public Device device = Device.CPU;

        private LoadOptions() {}
    }

    private final Module model;
    private final Exported exported;
    private final Device device;
    private final ReadWriteLock inUse = new ReentrantReadWriteLock();
    private boolean closed;

    private Predictor(Exported exported, Device device) {
        this.exported = exported;
        this.device = device;
        model = exported.model().to(device);
    }

    /**
     * Write a model to a file that {@link #load} reads; {@code learn.export} does it for a learner.
     *
     * <pre>{@code
     * Predictor.write(dir.resolve("sums.safetensors"), new Linear(2, 1), o -> o.classes = List.of());
     * }</pre>
     *
     * @param file in a folder that exists; there whole or not at all
     * @param model of ready layers, or of modules of your own that are {@link dev.cadenza.io.Described}
     * @throws IllegalArgumentException if a part cannot be described, such as a function: names where it stands
     * @throws DataException if the file cannot be written
     */
    public static void write(Path file, Module model, Consumer<ExportOptions> options) {
        ExportOptions chosen = new ExportOptions();
        options.accept(chosen);
        Exported.write(file, model, chosen);
    }

    /** Load a file on the CPU; see {@link #load(Path, Consumer)}. */
    public static Predictor load(Path file) {
        return load(file, o -> {});
    }

    /**
     * Load a file.
     *
     * <pre>{@code
     * Predictor own = Predictor.load(file, o -> o.types.add("acme.Percent", s -> Activation.sigmoidRange(0, 100)));
     * }</pre>
     *
     * @throws DataException if the file is missing or damaged, holds no exported model, or one that cannot be made: says
     *     what is wrong and where
     */
    public static Predictor load(Path file, Consumer<LoadOptions> options) {
        LoadOptions chosen = new LoadOptions();
        options.accept(chosen);
        return new Predictor(Exported.read(file, chosen.types), chosen.device);
    }

    /**
     * Predict one sample.
     *
     * @param inputs a tensor for each input of the model, without a batch dimension, as the data set had them
     * @throws dev.cadenza.tensor.TensorException if the model does not take them
     * @throws IllegalStateException if the predictor is closed
     */
    public Prediction predict(Tensor... inputs) {
        return predict(List.of(new Sample(List.of(inputs), List.of()))).get(0);
    }

    /**
     * Predict several samples at once, which is faster than one after the other.
     *
     * @param samples of one shape each; their targets are not looked at
     * @return a prediction for each, in their order
     */
    public List<Prediction> predict(List<Sample> samples) {
        return open(() -> {
            if (samples.isEmpty()) {
                return List.of();
            }
            try (Scope scope = Scope.open();
                    NoGrad off = NoGrad.open()) {
                List<Sample> inputs = samples.stream()
                        .map(each -> new Sample(each.inputs(), List.of()))
                        .toList();
                Batch batch = Batch.collate(inputs).to(device);
                for (BatchTransform transform : exported.transforms()) {
                    batch = transform.apply(batch, Collections.nCopies(samples.size(), Draw.NONE));
                }
                return Outputs.of(model.forward(batch.inputs()), exported, samples.size());
            }
        });
    }

    /** Predict once, to no end but that the next prediction is as fast as all later ones; returns this. */
    public Predictor warm(Tensor... inputs) {
        predict(inputs);
        return this;
    }

    /** Return the names of the classes; none if there are none. */
    public List<String> classes() {
        return exported.classes();
    }

    /** Return how a raw value becomes an input; null if the file does not say it, and inputs are tensors. */
    public Block<?> input() {
        return exported.input();
    }

    private <T> T open(Supplier<T> action) {
        inUse.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the predictor is closed; load the file again");
            }
            return action.get();
        } finally {
            inUse.readLock().unlock();
        }
    }

    /** Free the model, once predictions that are under way have ended; a second time does nothing. */
    @Override
    public void close() {
        inUse.writeLock().lock();
        try {
            closed = true;
            model.stateDict().values().forEach(Tensor::close);
        } finally {
            inUse.writeLock().unlock();
        }
    }
}
