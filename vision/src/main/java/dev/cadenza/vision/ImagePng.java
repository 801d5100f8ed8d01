package dev.cadenza.vision;

import java.io.ByteArrayOutputStream;
import java.util.zip.CRC32;

/** Read the header of a PNG, and check each part of it that its pixels need. */
final class ImagePng {
    private static final int SIGNATURE = 8;
    private static final int AROUND = 12; // length, name and checksum of a chunk

    private ImagePng() {}

    static ImageHeader read(ImageBytes in) {
        int orientation = 1;
        long at = SIGNATURE;
        while (true) {
            long length = in.u32(at);
            in.need(at, length + AROUND);
            String name = in.ascii(at + 4, 4);
            if (isEssential(name)) {
                requireChecksum(in, at, (int) length, name);
            }
            if (at == SIGNATURE && !name.equals("IHDR")) {
                throw in.damaged("it does not begin with its size", null);
            }
            if (name.equals("eXIf")) {
                orientation = ImageExif.orientation(in, at + 8, length);
            }
            if (name.equals("IEND")) {
                return ImageHeader.of(in, in.u32(SIGNATURE + 8), in.u32(SIGNATURE + 12), orientation);
            }
            at += length + AROUND;
        }
    }

    /** By the standard, the name of what a decoder must know begins with a capital letter. */
    private static boolean isEssential(String name) {
        return Character.isUpperCase(name.charAt(0));
    }

    private static void requireChecksum(ImageBytes in, long at, int length, String name) {
        CRC32 crc = new CRC32();
        crc.update(in.array(), (int) at + 4, length + 4);
        if (crc.getValue() != in.u32(at + 8 + length)) {
            throw in.damaged("the checksum of its part " + name + " at byte " + at + " is wrong", null);
        }
    }

    /** Leave out texts, colour profiles and later frames: libpng would comment on faults in them on standard error. */
    static byte[] essential(ImageBytes in) {
        ByteArrayOutputStream kept = new ByteArrayOutputStream(in.size());
        kept.write(in.array(), 0, SIGNATURE);
        String name = "";
        for (long at = SIGNATURE; !name.equals("IEND"); ) {
            int size = (int) in.u32(at) + AROUND;
            name = in.ascii(at + 4, 4);
            if (isEssential(name)) {
                kept.write(in.array(), (int) at, size);
            }
            at += size;
        }
        return kept.size() == in.size() ? in.array() : kept.toByteArray();
    }
}
