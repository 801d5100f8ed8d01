package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;

/**
 * Set elements to 0 by chance while training, so that no unit can rely on another ({@code torch.nn.Dropout}; Srivastava
 * et al. 2014, Dropout: A Simple Way to Prevent Neural Networks from Overfitting).
 *
 * <p>Any shape. In training each element is dropped with probability p and the others are scaled by
 * {@code 1 / (1 - p)}, so that the mean stays; in inference nothing happens. Draws from the process-wide generator.
 *
 * <pre>{@code
 * Module model = Sequential.of(new Linear(784, 50), Activation.relu(), new Dropout(0.2), new Linear(50, 10));
 * }</pre>
 */
public final class Dropout extends Module implements Described {
    private final double p;

    /** Make a layer that drops half of the elements. */
    public Dropout() {
        this(0.5);
    }

    /**
     * Make a layer.
     *
     * @param p share of the elements that are dropped, in [0, 1]
     * @throws IllegalArgumentException if p is out of range
     */
    public Dropout(double p) {
        Checks.require(p >= 0 && p <= 1, "p", "in [0, 1]", p);
        this.p = p;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Dropout").with("p", p);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return F.dropout(x, p, isTraining());
    }

    @Override
    protected String extraRepr() {
        return "p=" + Repr.number(p) + ", inplace=False";
    }
}
