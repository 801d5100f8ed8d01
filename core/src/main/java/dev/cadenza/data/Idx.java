package dev.cadenza.data;

import dev.cadenza.io.DataException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * Hold the unsigned bytes of an IDX file, the format in which MNIST and its relatives are published.
 *
 * <p>An IDX file is two zero bytes, one byte for the element type, one byte for the number of dimensions, then each
 * dimension as a 32-bit big-endian number, then the elements in row-major order (the last index runs fastest). Cadenza
 * reads element type 0x08, unsigned bytes, with one to eight dimensions and at most 2<sup>31</sup> − 9 elements. The
 * file may be compressed with gzip; that is seen from its first bytes, whatever its name.
 *
 * <p>A gzip file may have several members, which are read as one. Their checksums are compared; what follows the last
 * member and is not gzip is ignored, as {@code gunzip} does.
 *
 * <pre>{@code
 * Idx images = Idx.read(Path.of("train-images-idx3-ubyte.gz"));
 * int[] shape = images.shape();           // [60000, 28, 28]
 * int pixel = images.data()[0] & 0xFF;    // the first, 0 to 255
 * }</pre>
 */
public final class Idx {
    private static final int UNSIGNED_BYTE = 0x08;
    private static final Map<Integer, String> OTHER_TYPES =
            Map.of(0x09, "signed byte", 0x0B, "short", 0x0C, "int", 0x0D, "float", 0x0E, "double");
    private static final int MAX_DIMENSIONS = 8;
    /** The longest array that every Java virtual machine can allocate. */
    private static final int MAX_ELEMENTS = Integer.MAX_VALUE - 8;

    private static final String FETCH_AGAIN = "the file is damaged or incomplete: fetch it again";

    private final int[] shape;
    private final byte[] data;

    private Idx(int[] shape, byte[] data) {
        this.shape = shape;
        this.data = data;
    }

    /**
     * Read a whole IDX file, compressed with gzip or not.
     *
     * <p>Memory grows with the bytes that are really there, never with what the header promises, so a small hostile
     * file cannot exhaust it.
     *
     * @param file the file
     * @return its shape and its bytes
     * @throws DataException if the file is missing, cannot be read, is not an IDX file of unsigned bytes, is too large,
     *     or holds fewer or more bytes than its header announces
     */
    public static Idx read(Path file) {
        if (Files.isDirectory(file)) {
            throw new DataException(file, "is a directory, an IDX file was wanted", "name a file inside it");
        }
        try (InputStream raw = Files.newInputStream(file)) {
            return read(file, raw);
        } catch (NoSuchFileException e) {
            throw new DataException(file, "no such file", "check the path, or download the data first", e);
        } catch (EOFException e) {
            throw new DataException(file, "the gzip data ends too early", FETCH_AGAIN, e);
        } catch (ZipException e) {
            throw new DataException(file, "the gzip data is corrupt (" + e.getMessage() + ")", FETCH_AGAIN, e);
        } catch (IOException e) {
            throw new DataException(file, "cannot be read (" + e + ")", "check the file's permissions and its disk", e);
        }
    }

    /** Read what {@code raw} gives, naming {@code file} in errors; a test watches through it how much is read. */
    static Idx read(Path file, InputStream raw) throws IOException {
        try (InputStream in = unzipped(new BufferedInputStream(raw))) {
            int[] shape = readShape(file, in);
            return new Idx(shape, readData(file, in, size(file, shape)));
        }
    }

    /**
     * Return the length of each dimension, the outermost first.
     *
     * @return a fresh array of one to eight lengths, for example {@code [60000, 28, 28]}
     */
    public int[] shape() {
        return shape.clone();
    }

    /**
     * Return the elements in row-major order.
     *
     * @return the unsigned bytes (read one with {@code & 0xFF}); not a copy, so what you change in it stays changed
     */
    public byte[] data() {
        return data;
    }

    private static InputStream unzipped(InputStream raw) throws IOException {
        raw.mark(2);
        boolean gzip = raw.read() == 0x1F && raw.read() == 0x8B;
        raw.reset();
        return gzip ? new GZIPInputStream(raw, 1 << 13) : raw;
    }

    private static int[] readShape(Path file, InputStream in) throws IOException {
        byte[] magic = in.readNBytes(4);
        if (magic.length < 4) {
            throw new DataException(file, "an IDX header has 4 bytes, only " + magic.length + " came", FETCH_AGAIN);
        }
        int dimensions = magic[3] & 0xFF;
        checkMagic(file, magic, dimensions);
        byte[] lengths = in.readNBytes(4 * dimensions);
        if (lengths.length < 4 * dimensions) {
            String problem = "the header announces %d dimensions in %d bytes, only %d came"
                    .formatted(dimensions, 4 * dimensions, lengths.length);
            throw new DataException(file, problem, FETCH_AGAIN);
        }
        int[] shape = new int[dimensions];
        ByteBuffer.wrap(lengths).asIntBuffer().get(shape);
        return shape;
    }

    private static void checkMagic(Path file, byte[] magic, int dimensions) {
        int type = magic[2];
        if (magic[0] != 0 || magic[1] != 0 || (type != UNSIGNED_BYTE && !OTHER_TYPES.containsKey(type))) {
            String problem = "is not an IDX file: it begins with %02X %02X %02X, not with 00 00 08"
                    .formatted(magic[0], magic[1], magic[2]);
            throw new DataException(file, problem, "check that this is the right file");
        }
        if (type != UNSIGNED_BYTE) {
            String problem = "element type 0x%02X (%s) is not supported, Cadenza reads unsigned bytes"
                    .formatted(type, OTHER_TYPES.get(type));
            throw new DataException(file, problem, "write the file again with type 0x08");
        }
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            String problem = "has %d dimensions, 1 to %d were wanted".formatted(dimensions, MAX_DIMENSIONS);
            throw new DataException(file, problem, "check that this is the right file");
        }
    }

    private static int size(Path file, int[] shape) {
        long size = 1;
        for (int length : shape) {
            // An unsigned 32-bit length times at most 2^31 fits in a long, so nothing wraps before the check.
            size *= Integer.toUnsignedLong(length);
            if (length < 0 || size > MAX_ELEMENTS) {
                String lengths =
                        Arrays.stream(shape).mapToObj(Integer::toUnsignedString).collect(Collectors.joining(", "));
                String problem =
                        "announces the shape [%s], more than the limit of %d elements".formatted(lengths, MAX_ELEMENTS);
                throw new DataException(file, problem, "split it into smaller files, or fetch it again if damaged");
            }
        }
        return (int) size;
    }

    private static byte[] readData(Path file, InputStream in, int size) throws IOException {
        // readNBytes collects what comes in small pieces: it never allocates the announced size beforehand.
        byte[] data = in.readNBytes(size);
        if (data.length < size) {
            String problem = "%d bytes of data were announced, only %d came".formatted(size, data.length);
            throw new DataException(file, problem, FETCH_AGAIN);
        }
        // Looking for the end also makes gzip compare its checksum.
        if (in.read() >= 0) {
            String problem = "bytes are left over after the %d bytes of data that were announced".formatted(size);
            throw new DataException(file, problem, "the file is damaged or of another kind: fetch it again");
        }
        return data;
    }
}
