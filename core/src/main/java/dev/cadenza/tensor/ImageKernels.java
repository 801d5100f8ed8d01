package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;
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
 * <p>All but {@link #resize} keep the colours of a pixel side by side in memory, as decoders write them and as libtorch's
 * kernels for bytes are fastest, while the shape reads {@code [C, H, W]} as everywhere ({@code channels_last}).
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
     * Copy pixels to a tensor uint8 {@code [C, H, W]}.
     *
     * @param rows a direct buffer: from its position on, {@code height} rows of {@code width · channels} bytes each,
     *     the colours of a pixel side by side
     * @param rowBytes bytes from the begin of one row to that of the next
     * @param size {height, width, channels}
     * @throws TensorException if the buffer is too short for them
     */
    public static Tensor pixels(ByteBuffer rows, int rowBytes, int... size) {
        int row = Math.multiplyExact(size[1], size[2]);
        int bytes = Math.multiplyExact(size[0], row);
        if (row > rowBytes || bytes == 0 || (long) rowBytes * (size[0] - 1) + row > rows.remaining()) {
            throw new TensorException("pixels: wanted " + size[0] + " rows of " + row + " bytes, " + rowBytes
                    + " apart, but the buffer has " + rows.remaining() + " bytes");
        }
        return Native.create("pixels", () -> {
            try (org.bytedeco.pytorch.Tensor hwc =
                            torch.empty(new long[] {size[0], size[1], size[2]}, BYTES, Native.SAME_LAYOUT);
                    BytePointer memory = hwc.data_ptr_byte()) {
                ByteBuffer to = memory.capacity(bytes).asByteBuffer();
                if (row == rowBytes) {
                    to.put(0, rows, rows.position(), bytes);
                } else {
                    for (int y = 0; y < size[0]; y++) {
                        to.put(y * row, rows, rows.position() + y * rowBytes, row);
                    }
                }
                return hwc.permute(2, 0, 1);
            }
        });
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
        long[] flipped = leftRight && upDown ? new long[] {0, 1} : leftRight ? new long[] {1} : new long[] {0};
        return Native.call("turn", x, h -> {
            try (org.bytedeco.pytorch.Tensor hwc = transpose ? h.permute(2, 1, 0) : h.permute(1, 2, 0);
                    org.bytedeco.pytorch.Tensor whole = hwc.contiguous();
                    org.bytedeco.pytorch.Tensor turned =
                            leftRight || upDown ? torch.flip(whole, flipped) : whole.clone()) {
                return turned.permute(2, 0, 1);
            }
        });
    }

    /** Copy {@code [C, H, W]} so that it owns no more memory than its elements need. */
    public static Tensor compact(Tensor x) {
        return Native.call("compact", x, h -> {
            try (org.bytedeco.pytorch.Tensor hwc = h.permute(1, 2, 0);
                    org.bytedeco.pytorch.Tensor copy = hwc.clone();
                    org.bytedeco.pytorch.Tensor whole = copy.contiguous()) {
                return whole.permute(2, 0, 1);
            }
        });
    }

    /**
     * Put an image together from rows and columns of another: pixel (i, j) is the one at {@code (rows[i], columns[j])},
     * or black where one of them is -1.
     *
     * @param x uint8 {@code [C, H, W]} on the CPU
     * @return uint8 {@code [C, rows, columns]}
     * @throws TensorException if x is another kind of tensor, nothing is wanted, or an index is outside of it
     */
    public static Tensor gather(Tensor x, int[] rows, int[] columns) {
        boolean fits =
                x.shape().length == 3 && x.dtype() == DType.UINT8 && x.device().equals(Device.CPU);
        if (!fits || !within(rows, x.size(1)) || !within(columns, x.size(2))) {
            throw new TensorException(
                    "gather: wanted an image uint8 [C, H, W] on the CPU, and at least one row and one column of it or -1,"
                            + " but got " + x.describe() + ", rows " + Arrays.toString(rows) + " and columns "
                            + Arrays.toString(columns));
        }
        int channels = (int) x.size(0);
        int width = (int) x.size(2);
        return Native.call("gather", x, h -> {
            boolean inOrder = h.stride(0) == 1 && h.stride(2) == channels && h.stride(1) == (long) channels * width;
            if (inOrder) { // as decoders and other functions here leave it
                return gather(h, width, rows, columns);
            }
            try (org.bytedeco.pytorch.Tensor view = h.permute(1, 2, 0);
                    org.bytedeco.pytorch.Tensor whole = view.contiguous();
                    org.bytedeco.pytorch.Tensor ordered = whole.permute(2, 0, 1)) {
                return gather(ordered, width, rows, columns);
            }
        });
    }

    private static org.bytedeco.pytorch.Tensor gather(
            org.bytedeco.pytorch.Tensor from, int width, int[] rows, int[] columns) {
        int channels = (int) from.size(0);
        try (org.bytedeco.pytorch.Tensor to =
                        torch.empty(new long[] {rows.length, columns.length, channels}, BYTES, Native.SAME_LAYOUT);
                BytePointer source = from.data_ptr_byte();
                BytePointer target = to.data_ptr_byte()) {
            ByteBuffer in = source.capacity(from.numel()).asByteBuffer();
            ByteBuffer out = target.capacity(to.numel()).asByteBuffer();
            byte[] line = new byte[width * channels];
            byte[] gathered = new byte[columns.length * channels];
            for (int row : rows) {
                Arrays.fill(gathered, (byte) 0);
                if (row >= 0) {
                    in.get(row * line.length, line);
                    gather(line, columns, channels, gathered);
                }
                out.put(gathered);
            }
            return to.permute(2, 0, 1);
        }
    }

    private static void gather(byte[] line, int[] columns, int channels, byte[] gathered) {
        int at = 0;
        for (int column : columns) {
            for (int c = 0; c < channels; c++, at++) {
                if (column >= 0) {
                    gathered[at] = line[column * channels + c];
                }
            }
        }
    }

    private static boolean within(int[] indices, long size) {
        return indices.length > 0 && Arrays.stream(indices).allMatch(i -> i >= -1 && i < size);
    }
}
