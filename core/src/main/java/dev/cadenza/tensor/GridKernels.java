package dev.cadenza.tensor;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.global.torch;

/**
 * Call libtorch's kernels for moving pixels; the augmentation of batches in {@code dev.cadenza.vision} stands on them.
 *
 * <p>Here arguments are checked only so far that no value can crash the process or be taken for another.
 */
public final class GridKernels {
    /** What {@link #gridSample} takes for pixels outside of the image. */
    public enum Padding {
        /** Zeros: black. */
        ZEROS,
        /** The nearest pixel of the border. */
        BORDER,
        /** The image, mirrored at its border. */
        REFLECTION
    }

    private static final long BILINEAR = 0;
    private static final long LARGEST = 1 << 20;

    private GridKernels() {}

    /**
     * Read images at the places of a grid, bilinearly ({@code grid_sample}).
     *
     * @param x images {@code [N, C, H, W]}, float32 or float64
     * @param grid {@code [N, H', W', 2]}, of x's dtype: for each pixel of the result (right, down) in the image, from -1
     *     to 1
     * @param alignCorners whether -1 and 1 are the centres of the outermost pixels, or the edges of the image
     * @return {@code [N, C, H', W']}
     * @throws TensorException if shapes, dtypes or devices do not fit
     */
    public static Tensor gridSample(Tensor x, Tensor grid, Padding padding, boolean alignCorners) {
        return Native.call(
                "gridSample",
                x,
                grid,
                (image, places) -> torch.grid_sampler(image, places, BILINEAR, padding.ordinal(), alignCorners));
    }

    /**
     * Make images smaller: each pixel is the mean of the area that it stands for ({@code adaptive_avg_pool2d}).
     *
     * @param x {@code [N, C, H, W]}
     * @param height of the result, 1 or more
     * @param width of the result, 1 or more
     * @return {@code [N, C, height, width]}
     * @throws TensorException if a size is out of range
     */
    public static Tensor areaResize(Tensor x, long height, long width) {
        if (Math.min(height, width) < 1 || Math.max(height, width) > LARGEST) {
            throw new TensorException("areaResize: wanted sizes from 1 to 2^20, but got: " + height + ", " + width);
        }
        return Native.call("areaResize", x, h -> torch.adaptive_avg_pool2d(h, height, width));
    }

    /** Reverse the order along each of some dimensions; a copy. */
    public static Tensor flip(Tensor x, long... dims) {
        return Native.call("flip", x, h -> h.flip(dims));
    }

    /**
     * Overwrite some images of a batch ({@code index_copy_} of the first dimension).
     *
     * @param x {@code [N, *]}, changed
     * @param index which of them, int64 {@code [n]}
     * @param source {@code [n, *]}, of x's dtype
     * @return x
     * @throws TensorException if an index is out of range, or shapes or dtypes do not fit
     */
    public static Tensor indexCopy_(Tensor x, Tensor index, Tensor source) {
        return Native.changeAll("indexCopy_", in -> in[0].index_copy_(0, in[1], in[2]), x, index, source);
    }

    /** Compute {@code log(x / (1 - x))}, after x was limited to {@code [eps, 1 - eps]}: the inverse of sigmoid. */
    public static Tensor logit(Tensor x, double eps) {
        return Native.call("logit", x, h -> {
            try (DoubleOptional limit = new DoubleOptional(eps)) {
                return torch.logit(h, limit);
            }
        });
    }

    /** Compute what is left of a division by a positive number, rounded down: from 0 up to it. */
    public static Tensor remainder(Tensor x, double divisor) {
        return Native.call("remainder", x, h -> {
            try (Scalar scalar = new Scalar(divisor)) {
                return h.remainder(scalar);
            }
        });
    }
}
