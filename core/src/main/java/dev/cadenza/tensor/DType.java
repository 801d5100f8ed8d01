package dev.cadenza.tensor;

import java.util.Locale;

/**
 * Name the element type of a {@link Tensor} ({@code torch.dtype}).
 *
 * <p>{@link #FLOAT32} is the default of everything that creates a tensor, {@link #INT64} the type of class labels
 * and indices.
 */
public enum DType {
    /** 32-bit IEEE float ({@code torch.float32}); 24 bits of precision. */
    FLOAT32(4),
    /** 64-bit IEEE float ({@code torch.float64}); for checks against references, not for training speed. */
    FLOAT64(8),
    /** 16-bit IEEE float ({@code torch.float16}); range ±65504. */
    FLOAT16(2),
    /** 16-bit brain float ({@code torch.bfloat16}); the range of float32 with 8 bits of precision. */
    BFLOAT16(2),
    /** Unsigned byte, 0…255 ({@code torch.uint8}); the type of raw image bytes. */
    UINT8(1),
    /** Signed byte, -128…127 ({@code torch.int8}). */
    INT8(1),
    /** 16-bit integer ({@code torch.int16}). */
    INT16(2),
    /** 32-bit integer ({@code torch.int32}). */
    INT32(4),
    /** 64-bit integer ({@code torch.int64}); labels and indices. */
    INT64(8),
    /** True or false, one byte each ({@code torch.bool}); what comparisons return. */
    BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /** Return the size of one element in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Tell whether elements are floating-point numbers, the only ones that can have gradients. */
    public boolean isFloatingPoint() {
        return ordinal() <= BFLOAT16.ordinal();
    }

    /** Return the PyTorch name without its package: {@code float32}, {@code int64}, {@code bool}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
