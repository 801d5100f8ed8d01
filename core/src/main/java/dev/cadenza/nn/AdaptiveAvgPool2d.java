package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;

/**
 * Take averages over windows that are as many as the output is large, whatever the size of the image
 * ({@code torch.nn.AdaptiveAvgPool2d}); with size 1, the average of each channel.
 *
 * <p>Input {@code [N, C, H, W]}, output {@code [N, C, height, width]}; window i goes from row {@code ⌊i·H/height⌋} to
 * before row {@code ⌈(i+1)·H/height⌉}, and columns alike.
 *
 * <pre>{@code
 * Module head = Sequential.of(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(512, 10));
 * }</pre>
 */
public final class AdaptiveAvgPool2d extends Module implements Described {
    private final long[] size;
    private final boolean square;

    /** Make a layer whose output is a square. */
    public AdaptiveAvgPool2d(int size) {
        this.size = Checks.pair(1, "size", size, null);
        square = true;
    }

    /**
     * Make a layer.
     *
     * @param height of the output, 1 or more
     * @param width of the output, 1 or more
     * @throws IllegalArgumentException if one is out of range
     */
    public AdaptiveAvgPool2d(int height, int width) {
        size = Checks.pair(1, "size", height, width);
        square = false;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("AdaptiveAvgPool2d").with("height", size[0]).with("width", square ? null : size[1]);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return PoolKernels.adaptiveAvgPool2d(x, size);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + (square ? Long.toString(size[0]) : Repr.pair(size));
    }
}
