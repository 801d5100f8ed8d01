package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.Layout;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Train with images and the weights of convolutions channels last in memory, where convolutions are faster
 * ({@code to_channelslast}); values and shapes stay.
 *
 * <p>Weights, and what the optimizer remembers of them, are laid out when a fit or validation begins, images in each
 * batch. When it has ended, in whatever way, weights and memory of the optimizer lie as before.
 *
 * <pre>{@code
 * learn.add(new ChannelsLast(), new MixedPrecision());
 * }</pre>
 *
 * <p>A layer that reshapes images with {@code view} fails with it; {@code reshape} and {@code flatten} copy. A tensor that
 * shared its memory with a weight no longer does.
 */
public final class ChannelsLast implements Callback {
    private List<Parameter> laidOut = List.of();

    /** Return 15: after those that prepare the batch. */
    @Override
    public double order() {
        return 15;
    }

    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(ChannelsLast.class);
    }

    @Override
    public void beforeFit(Learner learn) {
        laidOut = learn.model().parameters().stream()
                .filter(weight -> weight.dim() == 4 && Layout.CONTIGUOUS.holds(weight))
                .toList();
        lay(learn, Layout.CHANNELS_LAST);
    }

    @Override
    public void beforeBatch(Learner learn) {
        Batch batch = learn.batch();
        List<Tensor> inputs = Inputs.change(batch, Layout.CHANNELS_LAST::apply);
        if (!inputs.equals(batch.inputs())) {
            learn.batch(new Batch(inputs, batch.targets()));
        }
    }

    @Override
    public void afterFit(Learner learn) {
        lay(learn, Layout.CONTIGUOUS);
        laidOut = List.of();
    }

    /** Of another layout than its weight, the optimizer's memory would keep it from using libtorch's kernels. */
    private void lay(Learner learn, Layout layout) {
        try (Scope scope = Scope.open()) { // frees the memory that they had
            for (Parameter weight : laidOut) {
                Map<String, Tensor> remembered = learn.optimizer().state(weight);
                Stream.concat(Stream.of(weight), remembered.values().stream())
                        .filter(tensor -> tensor.dim() == 4 && !layout.holds(tensor))
                        .forEach(tensor -> tensor.setData(layout.apply(tensor.detach())));
            }
        }
    }
}
