package dev.cadenza.vision;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;

/** The bytes of an image file, read by offset; one beyond the end says that the file was cut off. */
final class ImageBytes {
    private static final long MOST_BYTES = 1L << 30;

    private final Path file;
    private final byte[] data;
    private final ImageFormat format;

    ImageBytes(Path file, byte[] data) {
        this.file = file;
        this.data = data;
        this.format = ImageFormat.of(data);
        if (format == null) {
            String begin = HexFormat.ofDelimiter(" ").formatHex(data, 0, Math.min(8, data.length));
            throw new DataException(
                    file,
                    "wanted a JPEG, PNG, GIF, BMP or WebP image, but "
                            + (data.length == 0 ? "the file is empty" : "it begins with the bytes " + begin),
                    "leave this file out, or convert or fetch it again");
        }
    }

    /** Read a file. */
    static ImageBytes of(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) { // a device might never end
                throw new DataException(
                        file, "wanted an image file, but it is a folder or a device", "give the path of an image");
            }
            if (attributes.size() > MOST_BYTES) {
                throw new DataException(
                        file,
                        "wanted an image of at most " + MOST_BYTES + " bytes, but it has " + attributes.size(),
                        "leave it out");
            }
            return new ImageBytes(file, read(file, (int) attributes.size()));
        } catch (NoSuchFileException e) {
            throw new DataException(file, "there is no such file", "give the path of an image", e);
        } catch (IOException e) {
            throw new DataException(file, "it cannot be read (" + e + ")", "see to its permissions", e);
        }
    }

    /** Read what the size says and no more: to ask again for the size and the end takes as long as reading a small file. */
    private static byte[] read(Path file, int size) throws IOException {
        byte[] content = new byte[size];
        try (InputStream in = Files.newInputStream(file)) {
            int read = in.readNBytes(content, 0, size);
            return read == size ? content : Arrays.copyOf(content, read);
        }
    }

    ImageFormat format() {
        return format;
    }

    int size() {
        return data.length;
    }

    int u8(long at) {
        need(at, 1);
        return data[(int) at] & 0xff;
    }

    /** Two bytes, the higher one first. */
    int u16(long at) {
        return (u8(at) << 8) | u8(at + 1);
    }

    /** Two bytes, the lower one first, as all whose name ends in L. */
    int u16L(long at) {
        return u8(at) | (u8(at + 1) << 8);
    }

    long u32(long at) {
        return ((long) u16(at) << 16) | u16(at + 2);
    }

    long u32L(long at) {
        return u16L(at) | ((long) u16L(at + 2) << 16);
    }

    String ascii(long at, int length) {
        need(at, length);
        return new String(data, (int) at, length, StandardCharsets.ISO_8859_1);
    }

    /** Require that so many bytes follow. */
    void need(long at, long length) {
        if (at < 0 || length < 0 || at + length > data.length) {
            throw cutOff();
        }
    }

    byte[] array() {
        return data;
    }

    DataException cutOff() {
        return damaged("it ends after " + data.length + " bytes", null);
    }

    DataException damaged(String problem, Throwable cause) {
        return new DataException(
                file,
                "wanted a whole " + format.title() + ", but " + problem,
                "the file is damaged or incomplete: fetch it again or leave it out",
                cause);
    }

    DataException refused(String problem, String cure) {
        return new DataException(file, problem, cure);
    }
}
