package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Read a part of a file byte by byte, and never allocate more than is there. */
final class TorchFileSource {
    /** A million tensors need 200 MB; what is larger is no list of names and shapes. */
    private static final long MAX_BYTES = 256L << 20;

    private static final int MAX_LINE = 1 << 10;

    private final TensorReader reader;
    private final long end;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 13).limit(0);
    private long next;

    TorchFileSource(TensorReader reader, long from, long end) {
        this.reader = reader;
        this.next = from;
        this.end = Math.min(end, from + MAX_BYTES);
    }

    TensorReader reader() {
        return reader;
    }

    /** Where in the file the next byte stands. */
    long position() {
        return next - buffer.remaining();
    }

    int u8() throws IOException {
        if (!buffer.hasRemaining()) {
            byte[] more = reader.bytes(next, (int) Math.min(buffer.capacity(), Math.max(0, end - next)));
            if (more.length == 0) {
                throw reader.damaged("the list of tensors ends too early or is larger than 256 MB");
            }
            next += more.length;
            buffer.clear().put(more).flip();
        }
        return buffer.get() & 0xFF;
    }

    byte[] bytes(long length) throws IOException {
        long left = end - position();
        if (length < 0 || length > left) {
            throw reader.damaged(
                    "the list of tensors announces a text of " + length + " bytes, only " + left + " came");
        }
        byte[] bytes = reader.bytes(position(), (int) length);
        next = position() + length;
        buffer.limit(0);
        return bytes;
    }

    String text(long length) throws IOException {
        return new String(bytes(length), UTF_8);
    }

    int u16() throws IOException {
        return u8() | u8() << 8;
    }

    int i32() throws IOException {
        return u16() | u16() << 16;
    }

    long i64() throws IOException {
        return Integer.toUnsignedLong(i32()) | (long) i32() << 32;
    }

    double bigEndianDouble() throws IOException {
        return ByteBuffer.wrap(bytes(Double.BYTES)).order(ByteOrder.BIG_ENDIAN).getDouble();
    }

    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = u8(); c != '\n'; c = u8()) {
            if (line.length() == MAX_LINE) {
                throw reader.damaged("the list of tensors has a name of more than " + MAX_LINE + " bytes");
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
