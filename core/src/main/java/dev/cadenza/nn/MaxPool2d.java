package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Take the largest value of each window of an image ({@code torch.nn.MaxPool2d}).
 *
 * <p>Input {@code [N, C, H, W]}, output {@code [N, C, H', W']} with {@code H' = ⌊(H + 2·padding -
 * dilation·(kernel - 1) - 1) / stride⌋ + 1}, and W' alike. Of equal values the first gets the gradient.
 *
 * <pre>{@code
 * MaxPool2d halve = new MaxPool2d(2);
 * MaxPool2d overlapping = new MaxPool2d(3, o -> { o.stride = 2; o.padding = 1; });
 * }</pre>
 */
public final class MaxPool2d extends Module implements Described {
    /** What can be chosen. */
    public static final class Options {
        /** The width of the window; default null: as its height. */
        public Integer kernelWidth;
        /** Pixels from one window to the next, 1 or more; default null: as the kernel, without overlap. */
        public Integer stride;
        /** The stride to the right; default null: as {@link #stride} or, without one, as the kernel's width. */
        public Integer strideWidth;
        /** Pixels of -∞ added on all sides, at most half a window; default 0. */
        public int padding;
        /** Pixels added left and right; default null: as {@link #padding}. */
        public Integer paddingWidth;
        /** Pixels from one element of the window to the next, 1 or more; default 1: no gaps. */
        public int dilation = 1;
        /** The dilation to the right; default null: as {@link #dilation}. */
        public Integer dilationWidth;
        /** Whether to keep the last window where it juts out: ⌈⌉ in place of ⌊⌋ in the formula; default false. */
        public boolean ceilMode;

        private Options() {}
    }

    private final long[] kernel;
    private final long[] stride;
    private final long[] padding;
    private final long[] dilation;
    private final boolean ceilMode;

    /** Make a layer whose windows touch and do not overlap. */
    public MaxPool2d(int kernel) {
        this(kernel, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @param kernel height (and, by default, width) of the window, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public MaxPool2d(int kernel, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        this.kernel = Checks.pair(1, "kernel", kernel, o.kernelWidth);
        stride = Checks.stride(kernel, o.kernelWidth, o.stride, o.strideWidth);
        padding = Checks.pair(0, "padding", o.padding, o.paddingWidth);
        dilation = Checks.pair(1, "dilation", o.dilation, o.dilationWidth);
        ceilMode = o.ceilMode;
        for (int i = 0; i < 2; i++) {
            long half = ((this.kernel[i] - 1) * dilation[i] + 1) / 2;
            Checks.require(padding[i] <= half, "padding", "at most half a window, " + half, padding[i]);
        }
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("MaxPool2d")
                .with("kernel", kernel)
                .with("stride", stride)
                .with("padding", padding)
                .with("dilation", dilation)
                .with("ceilMode", ceilMode);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return PoolKernels.maxPool2d(x, kernel, stride, padding, dilation, ceilMode);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + Repr.oneOrPair(kernel) + ", stride=" + Repr.oneOrPair(stride) + ", padding="
                + Repr.oneOrPair(padding) + ", dilation=" + Repr.oneOrPair(dilation) + ", ceil_mode="
                + Repr.bool(ceilMode);
    }
}
