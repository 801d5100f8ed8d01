package dev.cadenza.vision;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Image files made by hand: huge ones in few bytes, and such as lie. */
final class ImageForgery {
    private ImageForgery() {}

    /** A grey JPEG of any size, one grey all over: four bits for each square of eight pixels. */
    static byte[] jpeg(int width, int height) {
        int blocks = (width + 7) / 8 * ((height + 7) / 8);
        return jpeg(width, height, blocks);
    }

    /** A grey JPEG that announces a size and holds so many squares of it. */
    static byte[] jpeg(int width, int height, int blocks) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, 0xff, 0xd8, 0xff, 0xdb, 0, 67, 0);
        for (int i = 0; i < 64; i++) {
            out.write(1);
        }
        write(out, 0xff, 0xc0, 0, 11, 8, height >> 8, height & 255, width >> 8, width & 255, 1, 1, 0x11, 0);
        write(out, 0xff, 0xc4, 0, 20, 0x00, 0, 1); // DC: "no difference" is 00
        write(out, new int[15]);
        write(out, 0xff, 0xc4, 0, 20, 0x10, 0, 1); // AC: "end of block" is 00
        write(out, new int[15]);
        write(out, 0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0);
        out.writeBytes(new byte[blocks / 2 + 1]);
        write(out, 0xff, 0xd9);
        return out.toByteArray();
    }

    static byte[] grey16() {
        return png(2, 1, 16, 0, new byte[] {0, 0x12, 0x34, (byte) 0xfe, (byte) 0xdc});
    }

    static byte[] png(int width, int height, int depth, int colours, byte[] rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(out, 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n');
        ByteBuffer head = ByteBuffer.allocate(13).putInt(width).putInt(height);
        chunk(out, "IHDR", head.put((byte) depth).put((byte) colours).array());
        Deflater deflater = new Deflater();
        deflater.setInput(rows);
        deflater.finish();
        byte[] packed = new byte[rows.length + 100];
        int length = deflater.deflate(packed);
        deflater.end();
        chunk(out, "IDAT", Arrays.copyOf(packed, length));
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String name, byte[] data) {
        ByteBuffer body = ByteBuffer.allocate(4 + data.length)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .put(data);
        CRC32 crc = new CRC32();
        crc.update(body.array());
        out.writeBytes(ByteBuffer.allocate(4).putInt(data.length).array());
        out.writeBytes(body.array());
        out.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    /** A WebP file that is whole, but whose data make no sense. */
    static byte[] undecodable() {
        byte[] webp = ImageFixtures.bytes("lossless.webp");
        Arrays.fill(webp, 26, webp.length, (byte) 0xff);
        return webp;
    }

    private static void write(ByteArrayOutputStream out, int... bytes) {
        for (int each : bytes) {
            out.write(each);
        }
    }
}
