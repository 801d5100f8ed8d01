package dev.cadenza.vision;

import dev.cadenza.io.DataException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;

/** The bytes of an image file, read by offset; one beyond the end says that the file was cut off. */
final class ImageBytes {
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
