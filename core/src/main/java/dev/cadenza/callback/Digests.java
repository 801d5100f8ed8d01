package dev.cadenza.callback;

import dev.cadenza.io.Json;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Write down a short hash of everything in each training step, to find out where two runs that should be the same part
 * ways: {@code cadenza diff} names the first step and the first tensor.
 *
 * <pre>{@code
 * learn.fit(1, new Digests(dir.resolve("digests.jsonl")));
 * }</pre>
 *
 * <p>The file gets a line of JSON for each training batch that did not fail, in the order in which things come about:
 *
 * <ul>
 *   <li>{@code step}, from 1 over all fits with this callback; {@code epoch} and {@code batch}, from 0;
 *   <li>{@code inputs} and {@code targets}: hashes of what the model and the loss are given, after what callbacks did;
 *   <li>{@code loss}: the bits of the number, as a double;
 *   <li>{@code grads}: as the step sees them, by name, from the output backwards; none without a step;
 *   <li>{@code params} and {@code buffers}: after the step, by name, in the model's order.
 * </ul>
 *
 * <p>A hash has 64 bits: CRC-32 and CRC-32C of dtype, shape and elements. In each step all tensors are copied to Java one
 * after the other, which on a GPU waits for it; there is room for the largest of them once.
 */
public final class Digests implements Callback, Stateful {
    private final Path file;
    private final TensorHash hash = new TensorHash();
    private final Map<String, Map<String, String>> parts = new LinkedHashMap<>(); // of the batch that is going on
    private BufferedWriter writer;
    private long step;

    /** Write to a file, which is made, or emptied, when the first fit begins. */
    public Digests(Path file) {
        this.file = Objects.requireNonNull(file, "file");
    }

    /** Return 90: after whatever changes batches and gradients. */
    @Override
    public double order() {
        return 90;
    }

    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(Digests.class);
    }

    @Override
    public boolean observes() {
        return true;
    }

    /** Where a run is resumed, lines of steps that will be done again go. */
    private void open() throws IOException {
        if (writer == null) {
            List<String> done = step > 0 && Files.exists(file) ? Files.readAllLines(file) : List.of();
            Files.write(file, done.subList(0, (int) Math.min(step, done.size())));
            writer = Files.newBufferedWriter(file, StandardOpenOption.APPEND);
        }
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        state.put("step", step);
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        step = state.getLong("step");
    }

    @Override
    public void beforeBatch(Learner learn) {
        parts.clear();
        if (learn.training()) {
            parts.put("inputs", ofList(learn.batch().inputs()));
        }
    }

    /** Here targets are as the loss saw them: some callbacks make them only when they know the prediction. */
    @Override
    public void beforeBackward(Learner learn) {
        parts.put("targets", ofList(learn.batch().targets()));
    }

    @Override
    public void beforeStep(Learner learn) {
        List<Map.Entry<String, Parameter>> backwards =
                new ArrayList<>(learn.model().namedParameters().entrySet());
        Collections.reverse(backwards);
        Map<String, String> grads = new LinkedHashMap<>();
        backwards.stream()
                .filter(named -> named.getValue().hasGrad())
                .forEach(named ->
                        grads.put(named.getKey(), hash.of(named.getValue().grad())));
        parts.put("grads", grads);
    }

    @Override
    public void afterBatch(Learner learn) {
        if (!learn.training() || learn.outcome().kind() == Outcome.Kind.FAILED) {
            return;
        }
        parts.put("params", ofAll(learn.model().namedParameters()));
        parts.put("buffers", ofAll(learn.model().namedBuffers()));
        writing(this::open);
        step++;
        String line = Json.line(line(learn)) + "\n";
        writing(() -> {
            writer.write(line);
            writer.flush(); // a run that dies keeps what it had
        });
    }

    private Map<String, Object> line(Learner learn) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("step", step);
        line.put("epoch", learn.epoch());
        line.put("batch", learn.batchIndex());
        line.put("inputs", part("inputs"));
        line.put("targets", part("targets"));
        line.put("loss", learn.outcome().kind() == Outcome.Kind.COMPLETED ? bits(learn.loss()) : null);
        line.put("grads", part("grads"));
        line.put("params", part("params"));
        line.put("buffers", part("buffers"));
        return line;
    }

    private static String bits(Tensor loss) {
        return HexFormat.of().toHexDigits(Double.doubleToRawLongBits(loss.item()));
    }

    private Map<String, String> ofList(List<Tensor> tensors) {
        Map<String, String> hashes = new LinkedHashMap<>();
        tensors.forEach(tensor -> hashes.put(String.valueOf(hashes.size()), hash.of(tensor)));
        return hashes;
    }

    private Map<String, String> ofAll(Map<String, ? extends Tensor> tensors) {
        Map<String, String> hashes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> hashes.put(name, hash.of(tensor)));
        return hashes;
    }

    private Map<String, String> part(String name) {
        return parts.getOrDefault(name, Map.of());
    }

    @Override
    public void afterFit(Learner learn) {
        if (writer != null) {
            BufferedWriter ended = writer;
            writer = null;
            writing(ended::close);
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void writing(Writing action) {
        try {
            action.run();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the digests to " + file + ": " + e, e);
        }
    }
}
