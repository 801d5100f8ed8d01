package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.LongList;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Call libtorch's kernels for images; {@code dev.cadenza.vision} stands on them.
 *
 * <p>{@link #gather} keeps the colours of a pixel side by side in memory, as decoders write them and as {@link #resize}
 * is fastest, while the shape reads {@code [C, H, W]} as everywhere ({@code channels_last}); the others give one channel
 * after the other.
 */
public final class ImageKernels {
    private static final long LARGEST = 1 << 20;
    private static final OperatorHandle RESIZE = resizeKernel();
    private static final TensorOptions BYTES = new TensorOptions(Native.type(DType.UINT8));

    private ImageKernels() {}

    private static OperatorHandle resizeKernel() {
        Engine.load();
        return Dispatcher.singleton().findSchemaOrThrow("aten::_upsample_bilinear2d_aa", "");
    }

    /**
     * Pixels in memory, as decoders leave them.
     *
     * @param rows from its position to its limit, row by row, the colours of a pixel side by side
     * @param rowBytes bytes from the begin of one row to that of the next, at least those of a pixel
     * @param channels colours of a pixel, at least 1
     */
    public record Raw(ByteBuffer rows, int rowBytes, int channels) {
        /**
         * Describe what lies in the buffer, which is not copied.
         *
         * @throws TensorException if a number is out of range
         */
        public Raw {
            if (channels < 1 || rowBytes < channels) {
                throw new TensorException("pixels: wanted rows of at least one pixel of at least one byte, but got "
                        + rowBytes + " bytes and " + channels + " channels");
            }
        }

        /**
         * Put an image together as {@link ImageKernels#gather} does, and write one channel after the other: the elements
         * of a tensor {@code [C, rows, columns]}, row by row.
         *
         * @param to where its position is, and on; black pixels are written, too
         * @throws TensorException if nothing is wanted, or an index is outside of the pixels
         * @throws java.nio.BufferOverflowException if the buffer is too short
         */
        public void planes(int[] lines, int[] columns, ByteBuffer to) {
            require(lines, columns);
            to.put(PixelPlanes.of(this, lines, columns));
        }

        private void require(int[] lines, int[] columns) {
            int height = rows.remaining() / rowBytes;
            int width = rowBytes / channels;
            if (!within(lines, height) || !within(columns, width)) {
                throw new TensorException("gather: wanted at least one row and one column of an image, or -1, but got "
                        + "uint8[" + channels + ", " + height + ", " + width + "]" + ", rows " + Arrays.toString(lines)
                        + " and columns "
                        + Arrays.toString(columns));
            }
        }

        private static boolean within(int[] indices, int size) {
            if (indices.length == 0) {
                return false;
            }
            for (int index : indices) {
                if (index < -1 || index >= size) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * Resize by weighting all pixels under a triangle as wide as two pixels of the coarser grid, so that nothing aliases
     * ({@code interpolate(mode="bilinear", antialias=True)}, and PIL's {@code resize(BILINEAR)} for bytes).
     *
     * @param x {@code [C, H, W]} or {@code [N, C, H, W]}; uint8 on the CPU, or floating-point
     * @param height of the result, at least 1
     * @param width of the result, at least 1
     * @return a new tensor, or {@code x} itself if it has that size
     * @throws TensorException if x has another number of dimensions or no elements, or a size is out of range
     */
    public static Tensor resize(Tensor x, long height, long width) {
        int dims = x.shape().length;
        boolean fits = (dims == 3 || dims == 4) && x.numel() > 0;
        if (!fits || Math.min(height, width) < 1 || Math.max(height, width) > LARGEST) {
            throw new TensorException("resize: wanted [C, H, W] or [N, C, H, W], and a size from 1 to " + LARGEST
                    + ", but got " + x.describe() + " and " + height + "×" + width);
        }
        if (x.size(dims - 2) == height && x.size(dims - 1) == width) {
            return x;
        }
        return Native.call("resize", x, h -> dims == 4 ? resized(h, height, width) : resizedOne(h, height, width));
    }

    private static org.bytedeco.pytorch.Tensor resizedOne(org.bytedeco.pytorch.Tensor x, long height, long width) {
        try (org.bytedeco.pytorch.Tensor batch = x.unsqueeze(0);
                org.bytedeco.pytorch.Tensor result = resized(batch, height, width)) {
            return result.squeeze(0);
        }
    }

    private static org.bytedeco.pytorch.Tensor resized(org.bytedeco.pytorch.Tensor x, long height, long width) {
        try (IValueVector stack = new IValueVector(5)) {
            try (PointerScope temporaries = new PointerScope()) { // owns all that is made for the call
                stack.put(0, new IValue(x));
                // The same layout, and the only constructor that does not reinterpret its argument wrongly.
                stack.put(1, new IValue(new GenericList((Pointer) new LongList(height, width))));
                stack.put(2, new IValue(false)); // corners are not aligned
                stack.put(3, new IValue()); // the scales follow from the sizes
                stack.put(4, new IValue());
                RESIZE.callBoxed(stack);
            }
            return new org.bytedeco.pytorch.Tensor(stack.get(0).toTensor()); // which lives in the stack
        }
    }

    /**
     * Mirror or turn an image: transpose it, then mirror it.
     *
     * @param x {@code [C, H, W]}
     * @param transpose whether rows become columns, first
     * @param leftRight whether left and right are then swapped
     * @param upDown whether top and bottom are then swapped
     * @return a new tensor, {@code [C, W, H]} if transposed
     */
    public static Tensor turn(Tensor x, boolean transpose, boolean leftRight, boolean upDown) {
        long[] flipped = leftRight && upDown ? new long[] {1, 2} : leftRight ? new long[] {2} : new long[] {1};
        return Native.call("turn", x, h -> {
            try (org.bytedeco.pytorch.Tensor turned =
                            transpose ? h.transpose(1, 2) : new org.bytedeco.pytorch.Tensor(h);
                    org.bytedeco.pytorch.Tensor planes = turned.contiguous()) {
                return leftRight || upDown ? torch.flip(planes, flipped) : planes.clone();
            }
        });
    }

    /** Copy {@code [C, H, W]} so that it owns no more memory than its elements need. */
    public static Tensor compact(Tensor x) {
        return Native.call("compact", x, h -> {
            try (org.bytedeco.pytorch.Tensor copy = h.clone()) {
                return copy.contiguous();
            }
        });
    }

    /**
     * Let a function read the pixels of a tensor.
     *
     * @param x uint8 {@code [C, H, W]} on the CPU, not empty
     * @param read must not keep what it is given
     * @throws TensorException if x is another kind of tensor
     */
    public static <R> R read(Tensor x, Function<Raw, R> read) {
        boolean fits =
                x.shape().length == 3 && x.dtype() == DType.UINT8 && x.device().equals(Device.CPU);
        if (!fits || x.numel() == 0) {
            throw new TensorException("read: wanted an image uint8 [C, H, W] on the CPU, but got " + x.describe());
        }
        int channels = (int) x.size(0);
        int rowBytes = Math.toIntExact(x.size(2) * channels);
        return Native.read("read", x, h -> {
            try (org.bytedeco.pytorch.Tensor view = h.permute(1, 2, 0);
                    org.bytedeco.pytorch.Tensor hwc = view.contiguous(); // itself, as decoders and others here leave it
                    BytePointer memory = hwc.data_ptr_byte()) {
                return read.apply(new Raw(memory.capacity(h.numel()).asByteBuffer(), rowBytes, channels));
            }
        });
    }

    /**
     * Put an image together from rows and columns of pixels: pixel (i, j) is the one at {@code (rows[i], columns[j])}, or
     * black where one of them is -1.
     *
     * @return a new tensor uint8 {@code [C, rows, columns]}
     * @throws TensorException if nothing is wanted, or an index is outside of the pixels
     */
    public static Tensor gather(Raw from, int[] rows, int[] columns) {
        from.require(rows, columns);
        return Native.create("gather", () -> gathered(from, rows, columns));
    }

    private static org.bytedeco.pytorch.Tensor gathered(Raw from, int[] rows, int[] columns) {
        int channels = from.channels;
        int row = columns.length * channels;
        org.bytedeco.pytorch.Tensor image = torch.empty_strided(
                new long[] {channels, rows.length, columns.length}, new long[] {1, row, channels}, BYTES);
        try (BytePointer memory = image.data_ptr_byte()) {
            ByteBuffer to = memory.capacity(image.numel()).asByteBuffer();
            PixelLine line = new PixelLine(columns, channels);
            for (int i = 0; i < rows.length; i++) {
                line.copy(from, rows[i], to);
            }
        }
        return image;
    }
}
