package dev.cadenza.vision;

import dev.cadenza.io.DataException;

/**
 * What stands in an image file before its pixels.
 *
 * @param width as stored, before the orientation is undone
 * @param height as stored
 * @param orientation EXIF's, from 1 to 8; 1: as it is
 */
record ImageHeader(ImageBytes bytes, int width, int height, int orientation) {
    /** What fits into a Java buffer with three channels, some more would. */
    private static final long MOST_PIXELS = 1L << 28;

    /** Below that a header may lie: the memory is bearable. */
    private static final long FEW_PIXELS = 1L << 24;

    /**
     * Read the header, and see whether the file goes on to its end.
     *
     * @throws DataException if the file is of another kind, cut off or damaged
     */
    static ImageHeader read(ImageBytes bytes) {
        return switch (bytes.format()) {
            case JPEG -> ImageJpeg.read(bytes);
            case PNG -> ImagePng.read(bytes);
            case GIF -> ImageOthers.gif(bytes);
            case BMP -> ImageOthers.bmp(bytes);
            case WEBP -> ImageOthers.webp(bytes);
        };
    }

    static ImageHeader of(ImageBytes bytes, long width, long height, int orientation) {
        if (width < 1 || height < 1 || width > 1 << 20 || height > 1 << 20) {
            throw bytes.damaged("its header says " + width + "×" + height + " pixels", null);
        }
        return new ImageHeader(bytes, (int) width, (int) height, orientation);
    }

    ImageFormat format() {
        return bytes.format();
    }

    /**
     * Require that the file can hold the picture that its header announces, and memory the part that is wanted of it.
     *
     * @param decoded pixels that the decoder will write
     */
    void requireDecodable(long decoded) {
        long pixels = (long) width * height;
        if (pixels > FEW_PIXELS && pixels / bytes.size() > format().pixelsPerByte()) {
            throw bytes.damaged(
                    "its header says " + width + "×" + height + " pixels, which " + bytes.size() + " bytes cannot hold",
                    null);
        }
        if (decoded > MOST_PIXELS) {
            throw bytes.refused(
                    "wanted at most " + MOST_PIXELS + " pixels, but it has " + width + "×" + height,
                    "resize() it, if it is a JPEG, or make it smaller with another tool");
        }
    }

    /** The file as the decoder gets it: of a PNG only what its pixels need, for the decoder comments on the rest. */
    byte[] essential() {
        return format() == ImageFormat.PNG ? ImagePng.essential(bytes) : bytes.array();
    }

    DataException damaged(Throwable cause) {
        return bytes.damaged("its pixels cannot be decoded", cause);
    }
}
