package dev.cadenza.nn;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;
import java.util.function.Consumer;

/**
 * Take the average of each window of an image ({@code torch.nn.AvgPool2d}).
 *
 * <p>Input {@code [N, C, H, W]}, output {@code [N, C, H', W']} with {@code H' = ⌊(H + 2·padding - kernel) / stride⌋ + 1},
 * and W' alike.
 *
 * <pre>{@code
 * AvgPool2d halve = new AvgPool2d(2);
 * AvgPool2d smooth = new AvgPool2d(3, o -> { o.stride = 1; o.padding = 1; o.countIncludePad = false; });
 * }</pre>
 */
public final class AvgPool2d extends Module implements Described {
    /** What can be chosen. */
    public static final class Options {
        /** The width of the window; default null: as its height. */
        public Integer kernelWidth;
        /** Pixels from one window to the next, 1 or more; default null: as the kernel, without overlap. */
        public Integer stride;
        /** The stride to the right; default null: as {@link #stride} or, without one, as the kernel's width. */
        public Integer strideWidth;
        /** Zeros added on all sides, at most half a window; default 0. */
        public int padding;
        /** Zeros added left and right; default null: as {@link #padding}. */
        public Integer paddingWidth;
        /** Whether to keep the last window where it juts out: ⌈⌉ in place of ⌊⌋ in the formula; default false. */
        public boolean ceilMode;
        /** Whether the zeros of the padding count in the average; default true. */
        public boolean countIncludePad = true;
        /** What the sum of a window is divided by, 1 or more; default null: by how many elements it has. */
        public Integer divisorOverride;

        private Options() {}
    }

    private final long[] kernel;
    private final long[] stride;
    private final long[] padding;
    private final Options options = new Options();

    /** Make a layer whose windows touch and do not overlap. */
    public AvgPool2d(int kernel) {
        this(kernel, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @param kernel height (and, by default, width) of the window, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public AvgPool2d(int kernel, Consumer<Options> choose) {
        choose.accept(options);
        this.kernel = Checks.pair(1, "kernel", kernel, options.kernelWidth);
        stride = Checks.stride(kernel, options.kernelWidth, options.stride, options.strideWidth);
        padding = Checks.pair(0, "padding", options.padding, options.paddingWidth);
        for (int i = 0; i < 2; i++) {
            long half = this.kernel[i] / 2;
            Checks.require(padding[i] <= half, "padding", "at most half a window, " + half, padding[i]);
        }
        if (options.divisorOverride != null) {
            Checks.atLeast(1, "divisorOverride", options.divisorOverride);
        }
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("AvgPool2d")
                .with("kernel", kernel)
                .with("stride", stride)
                .with("padding", padding)
                .with("ceilMode", options.ceilMode)
                .with("countIncludePad", options.countIncludePad)
                .with("divisorOverride", options.divisorOverride);
    }

    @Override
    protected Tensor compute(Tensor x) {
        return PoolKernels.avgPool2d(
                x,
                kernel,
                stride,
                padding,
                options.ceilMode,
                options.countIncludePad,
                options.divisorOverride == null ? 0 : options.divisorOverride);
    }

    @Override
    protected String extraRepr() {
        return "kernel_size=" + Repr.oneOrPair(kernel) + ", stride=" + Repr.oneOrPair(stride) + ", padding="
                + Repr.oneOrPair(padding);
    }
}
