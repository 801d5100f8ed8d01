package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;

/**
 * Give back the input itself, of any shape: what stands where a model leaves a layer out ({@code torch.nn.Identity}).
 *
 * <pre>{@code
 * Module act = new Random().nextBoolean() ? Activation.relu() : new Identity();
 * }</pre>
 */
public final class Identity extends Module implements Described {
    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Identity");
    }

    @Override
    protected Tensor compute(Tensor x) {
        return x;
    }
}
