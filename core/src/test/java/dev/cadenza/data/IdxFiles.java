package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadenza.io.DataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/** Makes the bytes of IDX files, sound and broken, for the tests. */
final class IdxFiles {
    private IdxFiles() {}

    static byte[] idx(int[] shape, int... data) {
        byte[] bytes = new byte[data.length];
        for (int i = 0; i < data.length; i++) {
            bytes[i] = (byte) data[i];
        }
        return concat(header(0x08, shape), bytes);
    }

    static byte[] header(int type, int... shape) {
        ByteBuffer header = ByteBuffer.allocate(4 + 4 * shape.length);
        header.putShort((short) 0).put((byte) type).put((byte) shape.length);
        header.asIntBuffer().put(shape);
        return header.array();
    }

    static byte[] concat(byte[] head, byte[] tail) {
        return ByteBuffer.allocate(head.length + tail.length)
                .put(head)
                .put(tail)
                .array();
    }

    static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    /** Read {@code content} plain and compressed; check that both say the same, and give what follows the file name. */
    static String refusal(Path dir, byte[] content) throws IOException {
        Path file = Files.write(dir.resolve("refused"), content);
        String plain = refusalOf(file);
        Files.write(file, gzip(content));
        assertThat(refusalOf(file)).as("the same content as gzip").isEqualTo(plain);
        return plain;
    }

    private static String refusalOf(Path file) {
        DataException refusal = catchThrowableOfType(DataException.class, () -> Idx.read(file));
        assertThat(refusal).as("refusal of %s", file).isNotNull();
        return refusal.getMessage().substring((file + ": ").length());
    }
}
