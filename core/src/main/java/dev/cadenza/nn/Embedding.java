package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Look up a trained vector for each of a set of things: words, users, categories ({@code torch.nn.Embedding}).
 *
 * <p>Input {@code [*]} of int64 indices from 0 to n - 1, output {@code [*, dim]}. State: {@code weight}
 * {@code [n, dim]}, drawn from N(0, 1).
 *
 * <pre>{@code
 * Embedding words = new Embedding(30_000, 400, o -> o.paddingIdx = 1);
 * Tensor vectors = words.forward(Tensor.of(new long[] {2, 17, 1}));      // [3, 400]
 * }</pre>
 */
public final class Embedding extends Module implements Described {
    /** What can be chosen. */
    public static final class Options {
        /** The index that stands for nothing: its vector starts as 0 and gets no gradient; default -1: none does. */
        public long paddingIdx = -1;

        private Options() {}
    }

    private final Parameter weight;
    private final long paddingIdx;

    /** Make a layer in which every index has a trained vector. */
    public Embedding(long n, long dim) {
        this(n, dim, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @param n number of things, 1 or more
     * @param dim length of the vectors, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public Embedding(long n, long dim, Consumer<Options> options) {
        Checks.atLeast(1, "n", n);
        Checks.atLeast(1, "dim", dim);
        Options o = new Options();
        options.accept(o);
        Checks.require(o.paddingIdx >= -1 && o.paddingIdx < n, "paddingIdx", "-1 or below n = " + n, o.paddingIdx);
        paddingIdx = o.paddingIdx;
        weight = new Parameter(Init.normal_(Tensor.zeros(Blank.claim(n, dim)), 0, 1));
        if (paddingIdx >= 0) {
            try (NoGrad off = NoGrad.open()) {
                weight.select(0, paddingIdx).zero_();
            }
        }
    }

    /** Return the weight {@code [n, dim]}. */
    public Parameter weight() {
        return weight;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Embedding")
                .with("n", weight.size(0))
                .with("dim", weight.size(1))
                .with("paddingIdx", paddingIdx);
    }

    /**
     * Look up.
     *
     * @throws dev.cadenza.tensor.TensorException if an index is out of range or of another dtype than int64
     */
    @Override
    protected Tensor compute(Tensor x) {
        return F.embedding(x, weight, paddingIdx);
    }

    @Override
    protected String extraRepr() {
        return weight.size(0) + ", " + weight.size(1) + (paddingIdx < 0 ? "" : ", padding_idx=" + paddingIdx);
    }
}
