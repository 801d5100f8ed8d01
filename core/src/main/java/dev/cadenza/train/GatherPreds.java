package dev.cadenza.train;

import dev.cadenza.nn.Loss;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Keep what the model gave in the last validation ({@code GatherPredsCallback}).
 *
 * <pre>{@code
 * GatherPreds gather = new GatherPreds(o -> o.withLoss = true);
 * learn.fit(3, gather);
 * System.out.println(gather.predictions().losses());
 * }</pre>
 *
 * <p>A batch that was cancelled is left out. All is kept on the device of the model until the next validation begins or
 * {@link #clear} is called.
 */
public final class GatherPreds implements Callback {
    /** What can be chosen. */
    public static final class Options {
        /** Whether to keep the loss of each sample; default false. It takes a loss of one target. */
        public boolean withLoss;

        /** Whether to keep what went in; default false. */
        public boolean withInputs;

        private Options() {}
    }

    private final Options options = new Options();
    private final List<Buffer> preds = new ArrayList<>();
    private final List<Buffer> decoded = new ArrayList<>();
    private final List<Buffer> losses = new ArrayList<>();
    private final List<List<Buffer>> targets = new ArrayList<>();
    private final List<List<Buffer>> inputs = new ArrayList<>();

    /** Keep answers and targets. */
    public GatherPreds() {
        this(o -> {});
    }

    /** Keep more. */
    public GatherPreds(Consumer<Options> options) {
        options.accept(this.options);
    }

    @Override
    public void beforeValidate(Learner learn) {
        clear();
    }

    @Override
    public void afterBatch(Learner learn) {
        if (learn.training() || learn.outcome().kind() != Outcome.Kind.COMPLETED) {
            return;
        }
        Loss loss = learn.lossFunction();
        Tensor activated = loss.activation(learn.pred());
        preds.add(new Buffer(activated));
        decoded.add(new Buffer(loss.decode(activated)));
        targets.add(kept(learn.batch().targets()));
        if (options.withLoss) {
            losses.add(new Buffer(loss.perSample(learn.pred(), learn.batch().target())));
        }
        if (options.withInputs) {
            inputs.add(kept(learn.batch().inputs()));
        }
    }

    private static List<Buffer> kept(List<Tensor> tensors) {
        return tensors.stream().map(Buffer::new).toList();
    }

    /**
     * Return all of it in new tensors, owned by the caller's scope.
     *
     * @throws IllegalStateException if no batch was gathered
     */
    public Predictions predictions() {
        if (preds.isEmpty()) {
            throw new IllegalStateException("no batch was predicted: the loader is empty, a callback cancelled all of"
                    + " them, or there was no validation yet");
        }
        return new Predictions(
                Tensor.cat(preds, 0),
                Tensor.cat(decoded, 0),
                joined(targets),
                losses.isEmpty() ? null : Tensor.cat(losses, 0),
                joined(inputs));
    }

    private static List<Tensor> joined(List<List<Buffer>> batches) {
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; !batches.isEmpty() && i < batches.get(0).size(); i++) {
            int place = i;
            all.add(Tensor.cat(batches.stream().map(batch -> batch.get(place)).toList(), 0));
        }
        return all;
    }

    /** Free what was kept. */
    public void clear() {
        for (List<Buffer> pieces : List.of(preds, decoded, losses)) {
            pieces.forEach(Buffer::close);
            pieces.clear();
        }
        for (List<List<Buffer>> batches : List.of(targets, inputs)) {
            batches.forEach(batch -> batch.forEach(Buffer::close));
            batches.clear();
        }
    }
}
