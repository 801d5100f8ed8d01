package dev.cadenza.vision;

/** Find in EXIF data how the camera was held. */
final class ImageExif {
    private static final int ORIENTATION = 0x112;

    private ImageExif() {}

    /** Read the orientation from a TIFF structure; 1 if it says nothing, or nothing that makes sense. */
    static int orientation(ImageBytes in, long at, long length) {
        if (length < 8) {
            return 1;
        }
        boolean little = in.u8(at) == 'I';
        long first = little ? in.u32L(at + 4) : in.u32(at + 4);
        if (first + 2 > length) {
            return 1;
        }
        int entries = little ? in.u16L(at + first) : in.u16(at + first);
        for (int i = 0; i < entries; i++) {
            long entry = first + 2 + 12L * i;
            if (entry + 12 > length) {
                return 1;
            }
            int tag = little ? in.u16L(at + entry) : in.u16(at + entry);
            if (tag == ORIENTATION) {
                int value = little ? in.u16L(at + entry + 8) : in.u16(at + entry + 8);
                return value >= 1 && value <= 8 ? value : 1;
            }
        }
        return 1;
    }
}
