package dev.cadenza.tensor;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.global.torch;

/**
 * Call libtorch's kernels that pool images, and pad them; the pools in {@code dev.cadenza.nn} stand on them.
 *
 * <p>Use those, or {@code F}. All take x {@code [N, C, H, W]} and pairs {down, right}; arguments are checked only so far
 * that no value can crash the process.
 */
public final class PoolKernels {
    private static final LongOptional AREA;

    static {
        Engine.load();
        AREA = new LongOptional();
    }

    private PoolKernels() {}

    /** Take the maximum of each window; {@code ceil} keeps a last, incomplete window. */
    public static Tensor maxPool2d(
            Tensor x, long[] kernel, long[] stride, long[] padding, long[] dilation, boolean ceil) {
        Kernels.requirePair("maxPool2d", "kernel", kernel, 1);
        Kernels.requirePair("maxPool2d", "stride", stride, 1);
        Kernels.requirePair("maxPool2d", "padding", padding, 0);
        Kernels.requirePair("maxPool2d", "dilation", dilation, 1);
        return Native.call("maxPool2d", x, h -> torch.max_pool2d(h, kernel, stride, padding, dilation, ceil));
    }

    /**
     * Take the average of each window.
     *
     * @param countPadding whether zeros of the padding count, where they are in the window
     * @param divisor what sums are divided by, in place of the number of elements, 1 or more; 0: that number
     */
    public static Tensor avgPool2d(
            Tensor x, long[] kernel, long[] stride, long[] padding, boolean ceil, boolean countPadding, long divisor) {
        Kernels.requirePair("avgPool2d", "kernel", kernel, 1);
        Kernels.requirePair("avgPool2d", "stride", stride, 1);
        Kernels.requirePair("avgPool2d", "padding", padding, 0);
        Kernels.require("avgPool2d", "divisor", divisor >= 0, divisor);
        return Native.call("avgPool2d", x, h -> {
            if (divisor == 0) {
                return torch.avg_pool2d(h, kernel, stride, padding, ceil, countPadding, AREA);
            }
            try (LongOptional given = new LongOptional(divisor)) {
                return torch.avg_pool2d(h, kernel, stride, padding, ceil, countPadding, given);
            }
        });
    }

    /** Take averages over as many windows as there shall be results, {@code size}: they cover the image evenly. */
    public static Tensor adaptiveAvgPool2d(Tensor x, long[] size) {
        Kernels.requirePair("adaptiveAvgPool2d", "size", size, 1);
        return Native.call("adaptiveAvgPool2d", x, h -> torch.adaptive_avg_pool2d(h, size));
    }

    /** Take maxima over as many windows as there shall be results, {@code size}: they cover the image evenly. */
    public static Tensor adaptiveMaxPool2d(Tensor x, long[] size) {
        Kernels.requirePair("adaptiveMaxPool2d", "size", size, 1);
        return Native.call("adaptiveMaxPool2d", x, h -> {
            try (T_TensorTensor_T both = torch.adaptive_max_pool2d(h, size);
                    org.bytedeco.pytorch.Tensor values = both.get0()) {
                return new org.bytedeco.pytorch.Tensor(values); // a handle of its own: values lies inside both
            }
        });
    }

    /** Add pixels on all sides that mirror those inside, the outermost not repeated; fewer than the image has. */
    public static Tensor reflectionPad2d(Tensor x, long padding) {
        Kernels.requirePair("reflectionPad2d", "padding", new long[] {padding, padding}, 0);
        return Native.call("reflectionPad2d", x, h -> torch.reflection_pad2d(h, padding, padding, padding, padding));
    }
}
