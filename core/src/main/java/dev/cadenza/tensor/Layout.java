package dev.cadenza.tensor;

import org.bytedeco.pytorch.global.torch.MemoryFormat;

/**
 * Name the order in which a tensor's elements lie in memory ({@code torch.memory_format}); the shape and the values stay.
 *
 * <pre>{@code
 * Tensor fast = Layout.CHANNELS_LAST.apply(images);      // [N, C, H, W], as before
 * System.out.println(Layout.CHANNELS_LAST.holds(fast));
 * }</pre>
 *
 * <p>Convolutions are faster where images and weights lie channels last, most of all in bfloat16;
 * {@code dev.cadenza.callback.ChannelsLast} sees to it in training.
 */
public enum Layout {
    /** Row by row, the last dimension running fastest: the order of everything that is made anew. */
    CONTIGUOUS,
    /** Pixel by pixel, {@code [N, H, W, C]} in memory, for the shape {@code [N, C, H, W]}. */
    CHANNELS_LAST;

    private MemoryFormat format() {
        return this == CONTIGUOUS ? MemoryFormat.Contiguous : MemoryFormat.ChannelsLast;
    }

    /**
     * Tell whether a tensor lies like this. One that has a single channel or a single pixel may lie both ways; one that
     * has not four dimensions never lies channels last.
     */
    public boolean holds(Tensor x) {
        return Native.read(
                "holds", x, handle -> (this == CONTIGUOUS || handle.dim() == 4) && handle.is_contiguous(format()));
    }

    /**
     * Lay a tensor of four dimensions out like this; gradients flow through it.
     *
     * @param x any tensor
     * @return a copy that the innermost scope owns; x itself if it lies like this or has not four dimensions
     */
    public Tensor apply(Tensor x) {
        return x.dim() != 4 || holds(x) ? x : Native.call("apply", x, handle -> handle.contiguous(format()));
    }
}
