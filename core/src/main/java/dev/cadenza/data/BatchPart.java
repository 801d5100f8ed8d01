package dev.cadenza.data;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/** Puts one part of the samples, an input or a target, together to a batch. */
final class BatchPart {
    /** In bytes: a larger row takes longer to fill than a tensor to make, and many of them would crowd the Java heap. */
    private static final long SMALL = 1 << 14;

    private final int samples;
    private final List<Tensor> tensors = new ArrayList<>();
    private DType dtype;
    private long[] shape;
    private ByteBuffer rows;
    private int written;

    BatchPart(int samples) {
        this.samples = samples;
    }

    void add(Row row) {
        if (rows == null && tensors.isEmpty() && !row.isMade()) {
            begin(row);
        }
        if (rows == null) {
            tensors.add(row.tensor());
        } else {
            write(row);
        }
    }

    private void begin(Row first) {
        dtype = first.dtype();
        shape = first.shape();
        long bytes = dtype.bytes() * Arrays.stream(shape).reduce(1, Math::multiplyExact);
        if (bytes <= SMALL && bytes * samples <= Integer.MAX_VALUE) {
            rows = ByteBuffer.allocate((int) bytes * samples).order(ByteOrder.nativeOrder());
        }
    }

    private void write(Row row) {
        if (row.dtype() != dtype || !Arrays.equals(row.shape(), shape)) {
            throw Batch.differing(List.of(dtype + Arrays.toString(shape)), written, List.of(row.describe()));
        }
        int bytes = rows.capacity() / samples;
        row.write(rows.slice(rows.position(), bytes).order(ByteOrder.nativeOrder()));
        rows.position(rows.position() + bytes);
        written++;
    }

    Tensor tensor() {
        return rows == null
                ? Batch.stack(tensors.stream().map(List::of).toList()).get(0)
                : Tensor.of(
                        rows.flip(),
                        dtype,
                        LongStream.concat(LongStream.of(samples), Arrays.stream(shape))
                                .toArray());
    }
}
