package dev.cadenza.nn;

/** What can be chosen of a convolution: how the kernel moves over the image. */
public class ConvOptions {
    /** Pixels from one result to the next, 1 or more; default 1. PyTorch's {@code stride}, as all below. */
    public int stride = 1;
    /** The stride to the right; default null: as {@link #stride}. */
    public Integer strideWidth;
    /** Zeros added above and below, and left and right; default 0. */
    public int padding;
    /** Zeros added left and right; default null: as {@link #padding}. */
    public Integer paddingWidth;
    /** Pixels from one tap of the kernel to the next, 1 or more; default 1: no gaps. */
    public int dilation = 1;
    /** The dilation to the right; default null: as {@link #dilation}. */
    public Integer dilationWidth;
    /** Into how many independent parts the channels are split, 1 or more; default 1. */
    public int groups = 1;

    ConvOptions() {}

    final long[] strides() {
        return Checks.pair(1, "stride", stride, strideWidth);
    }

    final long[] paddings() {
        return Checks.pair(0, "padding", padding, paddingWidth);
    }

    final long[] dilations() {
        return Checks.pair(1, "dilation", dilation, dilationWidth);
    }
}
