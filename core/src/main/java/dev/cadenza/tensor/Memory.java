package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.BoolPointer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/** Move whole arrays and buffers between the Java heap and tensors: one copy, never an element at a time. */
final class Memory {
    private Memory() {}

    /** A new tensor of this shape, filled by {@code fill}, which writes exactly {@code length} elements. */
    static Tensor in(DType dtype, int length, long[] shape, BiConsumer<org.bytedeco.pytorch.Tensor, Integer> fill) {
        long[] full = shape.length == 0 ? new long[] {length} : shape.clone();
        long wanted = Shapes.numel(full);
        if (wanted != length) {
            throw new TensorException(
                    "of: shape " + Arrays.toString(full) + " has " + wanted + " elements, but the data has " + length);
        }
        return Native.create("of", () -> {
            org.bytedeco.pytorch.Tensor handle;
            try (TensorOptions options = new TensorOptions(Native.type(dtype))) {
                handle = torch.empty(full, options, Native.SAME_LAYOUT);
            }
            if (length > 0) {
                fill.accept(handle, length);
            }
            return handle;
        });
    }

    static void putBooleans(org.bytedeco.pytorch.Tensor handle, boolean[] data) {
        try (BoolPointer memory = handle.data_ptr_bool()) {
            for (int i = 0; i < data.length; i++) {
                memory.put(i, data[i]); // JavaCPP has no bulk copy of booleans
            }
        }
    }

    static void putBytes(org.bytedeco.pytorch.Tensor handle, ByteBuffer data) {
        bytesOf(handle, data.remaining()).put(data.duplicate());
    }

    static void putFloats(org.bytedeco.pytorch.Tensor handle, FloatBuffer data) {
        bytesOf(handle, Math.multiplyExact(data.remaining(), Float.BYTES))
                .asFloatBuffer()
                .put(data.duplicate());
    }

    /** A new array with the tensor's elements, converted to {@code dtype} first if they are of another. */
    static <A> A out(
            Handle tensor, DType dtype, IntFunction<A> array, BiConsumer<org.bytedeco.pytorch.Tensor, A> copy) {
        return Native.read("copy out", tensor, x -> {
            long numel = x.numel();
            if (numel > Integer.MAX_VALUE - 8) {
                throw new TensorException("copy out: " + tensor.describe() + " has " + numel
                        + " elements, more than a Java array can hold; narrow() it first");
            }
            A result = array.apply((int) numel);
            if (numel > 0) {
                try (org.bytedeco.pytorch.Tensor plain = plain(x, dtype)) {
                    copy.accept(plain, result);
                }
            }
            return result;
        });
    }

    static void outTo(Handle tensor, ByteBuffer target) {
        Native.read("copyTo", tensor, x -> {
            DType dtype = Native.dtype(x);
            requireRoom(tensor, x.numel(), target.remaining() / dtype.bytes());
            if (x.numel() > 0) {
                try (org.bytedeco.pytorch.Tensor plain = plain(x, dtype)) {
                    target.put(bytesOf(plain, (int) plain.nbytes()));
                }
            }
            return null;
        });
    }

    static void outTo(Handle tensor, FloatBuffer target) {
        Native.read("copyTo", tensor, x -> {
            requireRoom(tensor, x.numel(), target.remaining());
            if (x.numel() > 0) {
                try (org.bytedeco.pytorch.Tensor plain = plain(x, DType.FLOAT32)) {
                    target.put(bytesOf(plain, (int) plain.nbytes()).asFloatBuffer());
                }
            }
            return null;
        });
    }

    private static void requireRoom(Handle tensor, long wanted, int room) {
        if (wanted > room) {
            throw new TensorException("copyTo: " + tensor.describe() + " needs room for " + wanted
                    + " elements, but the buffer has room for " + room);
        }
    }

    /** The same values, on the CPU, contiguous, without autograd. */
    private static org.bytedeco.pytorch.Tensor plain(org.bytedeco.pytorch.Tensor x, DType dtype) {
        try (org.bytedeco.pytorch.Tensor detached = x.detach();
                org.bytedeco.pytorch.Tensor cpu = detached.cpu();
                org.bytedeco.pytorch.Tensor typed = cpu.to(Native.type(dtype))) {
            return typed.contiguous();
        }
    }

    /** The tensor's memory as a buffer in native order; valid while the handle is pinned. */
    private static ByteBuffer bytesOf(org.bytedeco.pytorch.Tensor handle, int bytes) {
        try (org.bytedeco.pytorch.Tensor flat = handle.reshape(-1);
                org.bytedeco.pytorch.Tensor raw = flat.view(Native.type(DType.UINT8));
                BytePointer memory = raw.data_ptr_byte()) {
            return memory.capacity(bytes).asByteBuffer().order(ByteOrder.nativeOrder());
        }
    }
}
