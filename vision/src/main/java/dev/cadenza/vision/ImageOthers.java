package dev.cadenza.vision;

/** Read the headers of GIF, BMP and WebP files, and see whether the file is whole. */
final class ImageOthers {
    private ImageOthers() {}

    static ImageHeader gif(ImageBytes in) {
        long at = 13L + colours(in.u8(10));
        while (true) {
            switch (in.u8(at)) {
                case 0x21 -> at = afterBlocks(in, at + 2); // an extension
                case 0x2c -> at = afterBlocks(in, at + 11 + colours(in.u8(at + 9))); // a frame
                case 0x3b -> {
                    return ImageHeader.of(in, in.u16L(6), in.u16L(8), 1);
                }
                default -> throw in.damaged("there is nothing that it knows at byte " + at, null);
            }
        }
    }

    /** The bytes of a table of colours, by the flags that announce it. */
    private static int colours(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 7) + 1);
    }

    private static long afterBlocks(ImageBytes in, long from) {
        long at = from;
        while (in.u8(at) != 0) {
            at += in.u8(at) + 1;
        }
        return at + 1;
    }

    static ImageHeader bmp(ImageBytes in) {
        boolean old = in.u32L(14) == 12;
        long width = old ? in.u16L(18) : in.u32L(18);
        long height = old ? in.u16L(20) : Math.abs((int) in.u32L(22)); // negative: from top to bottom
        int bits = in.u16L(old ? 24 : 28);
        long packing = old ? 0 : in.u32L(30);
        ImageHeader header = ImageHeader.of(in, width, height, 1);
        if (packing == 0 || packing == 3) {
            long rowBytes = (width * bits + 31) / 32 * 4;
            in.need(in.u32L(10), rowBytes * height);
        }
        return header;
    }

    static ImageHeader webp(ImageBytes in) {
        in.need(0, in.u32L(4) + 8);
        if (!in.ascii(8, 4).equals("WEBP")) {
            throw in.refused("wanted an image, but it is a RIFF file of another kind", "leave this file out");
        }
        String kind = in.ascii(12, 4);
        return switch (kind) {
            case "VP8 " -> ImageHeader.of(in, in.u16L(26) & 0x3fff, in.u16L(28) & 0x3fff, 1);
            case "VP8L" -> {
                long packed = in.u32L(21);
                yield ImageHeader.of(in, (packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1, 1);
            }
            case "VP8X" -> ImageHeader.of(in, u24(in, 24) + 1, u24(in, 27) + 1, webpOrientation(in));
            default -> throw in.damaged("it has a part " + kind + " where its size should be", null);
        };
    }

    private static int u24(ImageBytes in, long at) {
        return in.u16L(at) | (in.u8(at + 2) << 16);
    }

    private static int webpOrientation(ImageBytes in) {
        long end = in.u32L(4) + 8;
        for (long at = 12; at + 8 <= end; at += 8 + in.u32L(at + 4) + (in.u32L(at + 4) & 1)) {
            if (in.ascii(at, 4).equals("EXIF")) {
                long length = in.u32L(at + 4);
                in.need(at + 8, length);
                boolean named = length > 6 && in.ascii(at + 8, 6).equals("Exif\0\0"); // some writers repeat JPEG's name
                return ImageExif.orientation(in, at + 8 + (named ? 6 : 0), length - (named ? 6 : 0));
            }
        }
        return 1;
    }
}
