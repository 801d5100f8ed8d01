package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;

/**
 * Join all dimensions from one on into a single one ({@code torch.nn.Flatten}): {@code [N, C, H, W]} becomes
 * {@code [N, C·H·W]}, as linear layers want it.
 *
 * <pre>{@code
 * Module model = Sequential.of(new Conv2d(1, 8, 3), Activation.relu(), new Flatten(), new Linear(8 * 26 * 26, 10));
 * }</pre>
 */
public final class Flatten extends Module implements Described {
    private final long startDim;

    /** Make a layer that keeps the first dimension, the batch. */
    public Flatten() {
        this(1);
    }

    /** Make a layer that keeps the dimensions before {@code startDim}; negative ones count from the last. */
    public Flatten(long startDim) {
        this.startDim = startDim;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Flatten").with("startDim", startDim);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x.flatten(startDim);
    }

    @Override
    protected String extraRepr() {
        return "start_dim=" + startDim + ", end_dim=-1";
    }
}
