package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Pool to a size twice, and put the largest values before the averages (fastai's {@code AdaptiveConcatPool2d}): a head
 * then sees both how strong a feature is anywhere and how much of it there is.
 *
 * <p>Input {@code [N, C, H, W]}, output {@code [N, 2·C, size, size]}.
 *
 * <pre>{@code
 * Module head = Sequential.of(new AdaptiveConcatPool2d(1), new Flatten(), new Linear(2 * 512, 10));
 * }</pre>
 */
public final class AdaptiveConcatPool2d extends Module implements Described {
    private final AdaptiveAvgPool2d ap;
    private final AdaptiveMaxPool2d mp;
    private final int size;

    /**
     * Make a layer.
     *
     * @param size height and width of the output, 1 or more
     * @throws IllegalArgumentException if it is out of range
     */
    public AdaptiveConcatPool2d(int size) {
        ap = new AdaptiveAvgPool2d(size);
        mp = new AdaptiveMaxPool2d(size);
        this.size = size;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("AdaptiveConcatPool2d").with("size", size);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return Tensor.cat(List.of(mp.forward(x), ap.forward(x)), 1);
    }
}
