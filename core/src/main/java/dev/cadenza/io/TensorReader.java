package dev.cadenza.io;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;

/** Read one file of weights: its tensors through a small window, so that a file of any size needs no map of it all. */
final class TensorReader {
    static final String DAMAGED = "the file is damaged or incomplete: fetch it again";

    /** libtorch's own limit for many kernels. */
    private static final int MAX_DIMENSIONS = 64;

    private static final int WINDOW = 1 << 24;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final int windowBytes;
    private ByteBuffer window;

    /** What is done with an open file. */
    interface Body<R> {
        R read(TensorReader reader) throws IOException;
    }

    private TensorReader(Path file, FileChannel channel, int windowBytes) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
        this.windowBytes = windowBytes;
    }

    static <R> R open(Path file, Body<R> body) {
        return open(file, WINDOW, body);
    }

    /** The window, a multiple of 8 bytes, is small in tests. */
    static <R> R open(Path file, int windowBytes, Body<R> body) {
        if (Files.isDirectory(file)) {
            throw new DataException(file, "is a directory, a file of weights was wanted", "name a file inside it");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            return body.read(new TensorReader(file, channel, windowBytes));
        } catch (NoSuchFileException e) {
            throw new DataException(file, "no such file", "check the path, or download the weights first", e);
        } catch (IOException e) {
            throw new DataException(file, "cannot be read (" + e + ")", "check the file's permissions and its disk", e);
        }
    }

    Path file() {
        return file;
    }

    long size() {
        return size;
    }

    DataException damaged(String problem) {
        return new DataException(file, problem, DAMAGED);
    }

    /** The bytes from here on, or fewer where the file ends. */
    byte[] bytes(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate((int) Math.max(0, Math.min(length, size - position)));
        fill(bytes, position);
        return bytes.array();
    }

    /** The number of elements, or -1 if no tensor can have this shape. */
    static long numel(List<Long> shape) {
        if (shape.size() > MAX_DIMENSIONS) {
            return -1;
        }
        long numel = 1;
        long steps = 1; // what libtorch counts strides with: it overflows even where a size of 0 makes the tensor empty
        for (long length : shape) {
            if (length < 0 || Math.multiplyHigh(steps, Math.max(length, 1)) != 0) {
                return -1;
            }
            steps *= Math.max(length, 1);
            numel *= length;
            if (steps < 0 || steps > Long.MAX_VALUE / Double.BYTES) {
                return -1;
            }
        }
        return numel;
    }

    static long[] array(List<Long> numbers) {
        return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    /** A new tensor of the bytes from {@code position} on, which the caller has found to lie within the file. */
    Tensor tensor(long position, DType dtype, long... shape) throws IOException {
        return tensor(position, new CRC32(), false, dtype, shape);
    }

    /** The same, and counts the bytes into a checksum. */
    Tensor tensor(long position, CRC32 checksum, DType dtype, long... shape) throws IOException {
        return tensor(position, checksum, true, dtype, shape);
    }

    private Tensor tensor(long position, CRC32 checksum, boolean sum, DType dtype, long... shape) throws IOException {
        long numel = 1;
        for (long length : shape) {
            numel *= length;
        }
        DType stored = dtype == DType.BOOL ? DType.UINT8 : dtype; // a byte of 2 is no bool that libtorch could bear
        int step = windowBytes / stored.bytes();
        try (Scope scope = Scope.open()) {
            Tensor flat = numel <= step ? null : Tensor.zeros(stored, numel);
            for (long at = 0; flat == null || at < numel; at += step) {
                int count = (int) Math.min(step, numel - at);
                ByteBuffer bytes = window(count * stored.bytes());
                fill(bytes, position + at * stored.bytes());
                if (sum) {
                    checksum.update(bytes.duplicate());
                }
                try (Tensor part = Tensor.of(bytes, stored, count)) {
                    if (flat == null) {
                        return finish(part, dtype, shape);
                    }
                    try (Tensor target = flat.narrow(0, at, count)) {
                        target.copy_(part);
                    }
                }
            }
            return finish(flat, dtype, shape);
        }
    }

    private static Tensor finish(Tensor flat, DType dtype, long... shape) {
        Tensor shaped = flat.reshape(shape);
        return (dtype == DType.BOOL ? shaped.ne(0) : shaped).keep();
    }

    private ByteBuffer window(int length) {
        if (window == null || window.capacity() < length) {
            window = ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
        }
        return window.clear().limit(length);
    }

    private void fill(ByteBuffer bytes, long position) throws IOException {
        while (bytes.hasRemaining()) {
            if (channel.read(bytes, position + bytes.position()) < 0) {
                throw damaged("became shorter while it was read");
            }
        }
        bytes.flip();
    }
}
