package dev.cadenza.vision;

/** Read the header of a JPEG, and find its end. */
final class ImageJpeg {
    private static final int START_OF_SCAN = 0xda;
    private static final int END = 0xd9;
    private static final int APP1 = 0xe1;

    private ImageJpeg() {}

    static ImageHeader read(ImageBytes in) {
        int width = 0;
        int height = 0;
        int orientation = 1;
        long at = 2;
        while (true) {
            while (in.u8(at) == 0xff && in.u8(at + 1) == 0xff) { // fill bytes
                at++;
            }
            int marker = in.u8(at + 1);
            if (in.u8(at) != 0xff || marker == END) {
                throw in.damaged("there is no picture in it before byte " + at, null);
            }
            int length = in.u16(at + 2);
            in.need(at + 2, length);
            if (isFrame(marker)) {
                height = in.u16(at + 5);
                width = in.u16(at + 7);
            } else if (marker == APP1 && length >= 8 && in.ascii(at + 4, 6).equals("Exif\0\0")) {
                orientation = ImageExif.orientation(in, at + 10, length - 8);
            } else if (marker == START_OF_SCAN) {
                requireEnd(in, at + 2 + length);
                return ImageHeader.of(in, width, height, orientation);
            }
            at += 2 + length;
        }
    }

    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Cameras add things after the end, so that it need not be the end of the file; in the pixels it cannot occur. */
    private static void requireEnd(ImageBytes in, long from) {
        byte[] data = in.array();
        for (int i = data.length - 2; i >= from; i--) {
            if (data[i] == (byte) 0xff && data[i + 1] == (byte) END) {
                return;
            }
        }
        throw in.cutOff();
    }
}
