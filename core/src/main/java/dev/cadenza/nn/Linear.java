package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Multiply by a trained matrix and add a trained bias: {@code y = x·Wᵀ + b} ({@code torch.nn.Linear}).
 *
 * <p>Input {@code [*, in]}, output {@code [*, out]}. State: {@code weight} {@code [out, in]}, {@code bias}
 * {@code [out]}; both start uniform in ±1/√in (PyTorch's default, Kaiming uniform with a = √5).
 *
 * <pre>{@code
 * Linear head = new Linear(512, 10);
 * Linear projection = new Linear(512, 128, o -> o.bias = false);
 * }</pre>
 */
public final class Linear extends Module implements Described {
    /** What can be chosen. */
    public static final class Options {
        /** Whether a bias is added; default true. */
        public boolean bias = true;

        private Options() {}
    }

    private final Parameter weight;
    private final Parameter bias;

    /** Make a layer with a bias. */
    public Linear(long in, long out) {
        this(in, out, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @param in number of input features, 1 or more
     * @param out number of output features, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public Linear(long in, long out, Consumer<Options> options) {
        Checks.atLeast(1, "in", in);
        Checks.atLeast(1, "out", out);
        Options o = new Options();
        options.accept(o);
        weight = Init.newWeight(out, in);
        bias = o.bias ? Init.newBias(weight) : null;
    }

    /** Return the weight {@code [out, in]}. */
    public Parameter weight() {
        return weight;
    }

    /** Return the bias {@code [out]}, or null if there is none. */
    public Parameter bias() {
        return bias;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Linear")
                .with("in", weight.size(1))
                .with("out", weight.size(0))
                .with("bias", bias != null);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return F.linear(x, weight, bias);
    }

    @Override
    protected String extraRepr() {
        return "in_features=" + weight.size(1) + ", out_features=" + weight.size(0) + ", bias="
                + Repr.bool(bias != null);
    }
}
