package dev.cadenza.nn;

import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;

/**
 * Take largest values over windows that are as many as the output is large, whatever the size of the image
 * ({@code torch.nn.AdaptiveMaxPool2d}); with size 1, the largest value of each channel.
 *
 * <p>Input {@code [N, C, H, W]}, output {@code [N, C, height, width]}; window i goes from row {@code ⌊i·H/height⌋} to
 * before row {@code ⌈(i+1)·H/height⌉}, and columns alike.
 *
 * <pre>{@code
 * Module head = Sequential.of(new AdaptiveMaxPool2d(1), new Flatten(), new Linear(512, 10));
 * }</pre>
 */
public final class AdaptiveMaxPool2d extends Module {
    private final long[] size;
    private final String shown;

    /** Make a layer whose output is a square. */
    public AdaptiveMaxPool2d(int size) {
        this.size = Checks.pair(1, "size", size, null);
        shown = Integer.toString(size);
    }

    /**
     * Make a layer.
     *
     * @param height of the output, 1 or more
     * @param width of the output, 1 or more
     * @throws IllegalArgumentException if one is out of range
     */
    public AdaptiveMaxPool2d(int height, int width) {
        size = Checks.pair(1, "size", height, width);
        shown = Repr.pair(size);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return PoolKernels.adaptiveMaxPool2d(x, size);
    }

    @Override
    protected String extraRepr() {
        return "output_size=" + shown;
    }
}
