package dev.cadenza.train;

import dev.cadenza.io.DataException;
import dev.cadenza.io.Json;
import dev.cadenza.io.Safetensors;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hold everything that decides the rest of a training: weights and buffers, the optimizer's state by name, gradients
 * that wait for a step, libtorch's random state, what is recorded, what callbacks remember ({@link Stateful}), and the
 * {@link Position}.
 *
 * <p>It is a consistent copy, taken between two batches, which another thread can write while the training goes on. The
 * callback {@code Checkpointing} does all this; {@link Learner#resume} goes on from a checkpoint.
 *
 * <pre>{@code
 * CheckpointFolder folder = new CheckpointFolder(dir.resolve("checkpoints"));
 * learn.fit(10, 1e-3, Callback.every(500, Event.AFTER_BATCH, l -> {
 *     if (Checkpoint.isPossible(l)) {
 *         try (Checkpoint now = Checkpoint.of(l)) {
 *             folder.write(now);
 *         }
 *     }
 * }));
 * }</pre>
 *
 * <p>A checkpoint is a folder: {@code model.safetensors} is what {@code model.loadStateDict} takes, {@code
 * optimizer.safetensors} what {@code optimizer.loadStateDict} takes, {@code state.safetensors} and {@code
 * checkpoint.json} have the rest, and {@code SHA256SUMS} the hashes of all. Nothing in it is code.
 *
 * <p>The state of generators on a GPU is not kept: there a resumed run draws other numbers for dropout.
 */
public final class Checkpoint implements AutoCloseable {
    private static final String FORMAT = "cadenza-checkpoint";
    private static final int VERSION = 1;
    private static final String MODEL = "model.safetensors";
    private static final String OPTIMIZER = "optimizer.safetensors";
    private static final String STATE = "state.safetensors";
    private static final String DESCRIPTION = "checkpoint.json";
    private static final String RANDOM = "random";
    private static final String GRADIENTS = "gradients";

    private final Map<String, String> plan;
    private final Position position;
    private final Map<String, Buffer> model = new LinkedHashMap<>();
    private final Map<String, Buffer> optimizer = new LinkedHashMap<>();
    private final StateDict rest;
    private final Map<String, StateDict> callbacks = new TreeMap<>();
    private Path folder; // that it was read from, or null

    private Checkpoint(Map<String, String> plan, Position position, StateDict rest) {
        this.plan = plan;
        this.position = position;
        this.rest = rest;
    }

    /**
     * Tell whether {@link #of} can copy: at AFTER_BATCH of a training batch, but not of a part of one that is tried in
     * pieces ({@code SafeStep}) and has more to come, at AFTER_TRAIN and at AFTER_EPOCH.
     */
    public static boolean isPossible(Learner learn) {
        return Position.exists(learn.state);
    }

    /**
     * Copy the state of a training where {@link #isPossible} says so, best after all other callbacks: what one of them
     * does later is not in it.
     *
     * @throws IllegalStateException at any other place
     */
    public static Checkpoint of(Learner learn) {
        State state = learn.state;
        Checkpoint checkpoint = new Checkpoint(state.plan, Position.of(state), new StateDict());
        try (Scope scope = Scope.open()) {
            Map<String, Parameter> names = learn.model().namedParameters();
            learn.model().stateDict().forEach((name, each) -> checkpoint.model.put(name, StateDict.copy(each)));
            learn.optimizer()
                    .stateDict(names)
                    .forEach((name, each) -> checkpoint.optimizer.put(name, StateDict.copy(each)));
            names.forEach((name, parameter) -> {
                if (parameter.hasGrad()) {
                    checkpoint.rest.put(GRADIENTS + "/" + name, parameter.grad());
                }
            });
            checkpoint.rest.put(RANDOM, Tensor.of(Rng.global().state()));
        }
        state.lineup.stateful().forEach((name, stateful) -> {
            StateDict dict = new StateDict();
            stateful.saveState(learn, dict);
            checkpoint.callbacks.put(name, dict);
        });
        return checkpoint;
    }

    /**
     * Write it to a folder, which is there whole or not at all, instead of any of this name.
     *
     * @throws DataException if it cannot be written; then one of this name is as it was
     */
    public void write(Path folder) {
        SealedFolder.write(folder, inside -> {
            Safetensors.write(inside.resolve(MODEL), model);
            Safetensors.write(inside.resolve(OPTIMIZER), optimizer);
            Map<String, Tensor> tensors = new LinkedHashMap<>(rest.tensors());
            Map<String, Object> values = new LinkedHashMap<>();
            callbacks.forEach((name, dict) -> {
                values.put(name, dict.values());
                dict.tensors().forEach((key, tensor) -> tensors.put(name + "/" + key, tensor));
            });
            Safetensors.write(inside.resolve(STATE), tensors);
            StateDict at = new StateDict();
            position.save(at);
            Map<String, Object> description = new LinkedHashMap<>();
            description.put("format", FORMAT);
            description.put("version", VERSION);
            description.put("position", at.values());
            description.put("plan", plan);
            description.put("callbacks", values);
            Json.write(inside.resolve(DESCRIPTION), description);
        });
    }

    /**
     * Read a checkpoint, after a look at every byte of it.
     *
     * @throws DataException if the folder is missing, damaged, or no checkpoint: names the file
     */
    public static Checkpoint read(Path folder) {
        SealedFolder.verify(folder);
        Path file = folder.resolve(DESCRIPTION);
        Map<String, Object> description = Json.read(file);
        if (!FORMAT.equals(description.get("format"))
                || !Integer.valueOf(VERSION).equals(description.get("version"))) {
            throw new DataException(
                    file,
                    "is " + description.get("format") + " of version " + description.get("version") + ", " + FORMAT
                            + " of version " + VERSION + " was wanted",
                    "read it with the Cadenza that wrote it");
        }
        try (Scope scope = Scope.open()) {
            Map<String, Buffer> state = buffers(folder.resolve(STATE));
            Checkpoint read = new Checkpoint(
                    texts(description.get("plan")),
                    Position.load(new StateDict(object(description.get("position")), Map.of())),
                    new StateDict(Map.of(), state));
            read.folder = folder;
            read.model.putAll(buffers(folder.resolve(MODEL)));
            read.optimizer.putAll(buffers(folder.resolve(OPTIMIZER)));
            object(description.get("callbacks"))
                    .forEach((name, values) -> read.callbacks.put(name, dict(name, object(values), state)));
            return read;
        } catch (IllegalArgumentException e) {
            throw new DataException(file, "is no checkpoint: " + e.getMessage(), "name a folder that has one", e);
        }
    }

    private static Map<String, Buffer> buffers(Path file) {
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        Safetensors.read(file).forEach((name, tensor) -> buffers.put(name, new Buffer(tensor)));
        return buffers;
    }

    /** The tensors stay those of the whole, which frees them. */
    private static StateDict dict(String name, Map<String, Object> values, Map<String, Buffer> all) {
        Map<String, Buffer> own = new LinkedHashMap<>();
        all.forEach((key, tensor) -> {
            if (key.startsWith(name + "/")) {
                own.put(key.substring(name.length() + 1), tensor);
            }
        });
        return new StateDict(values, own);
    }

    private static Map<String, Object> object(Object json) {
        Map<String, Object> object = new LinkedHashMap<>();
        if (!(json instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("wanted an object, but got " + json);
        }
        map.forEach((key, value) -> object.put((String) key, value));
        return object;
    }

    private static Map<String, String> texts(Object json) {
        Map<String, String> texts = new LinkedHashMap<>();
        object(json).forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    /** Return where it stands. */
    public Position position() {
        return position;
    }

    /** Return what decided the numbers of the run that it is of, in words by field. */
    public Map<String, String> plan() {
        return Collections.unmodifiableMap(plan);
    }

    /** Return weights and buffers by name, on the CPU; they live until {@link #close}. */
    public Map<String, Tensor> model() {
        return Collections.unmodifiableMap(model);
    }

    /** Return the optimizer's state, as {@code Optimizer.stateDict} gave it; it lives until {@link #close}. */
    public Map<String, Tensor> optimizer() {
        return Collections.unmodifiableMap(optimizer);
    }

    /** The folder that it was read from. */
    Path folder() {
        return folder;
    }

    /** The gradients that wait for a step, by the names of their parameters. */
    Map<String, Tensor> gradients() {
        return rest.getTensors(GRADIENTS);
    }

    byte[] random() {
        Tensor random = rest.getTensor(RANDOM);
        ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(random.numel()));
        random.copyTo(bytes);
        return bytes.array();
    }

    Map<String, StateDict> callbacks() {
        return Collections.unmodifiableMap(callbacks);
    }

    /** Free the copies. */
    @Override
    public void close() {
        model.values().forEach(Tensor::close);
        optimizer.values().forEach(Tensor::close);
        callbacks.values().forEach(StateDict::close);
        rest.close();
    }
}
