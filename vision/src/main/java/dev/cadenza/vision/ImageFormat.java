package dev.cadenza.vision;

/** The kinds of files that can be read. */
enum ImageFormat {
    JPEG("JPEG", "\u00ff\u00d8\u00ff", 1024),
    PNG("PNG", "\u0089PNG\r\n\u001a\n", 8 * 1032),
    GIF("GIF", "GIF8", 3000),
    BMP("BMP", "BM", 256),
    WEBP("WebP", "RIFF", Integer.MAX_VALUE); // a picture of one colour needs no bits at all

    private final String title;
    private final String magic;
    private final int pixelsPerByte;

    ImageFormat(String title, String magic, int pixelsPerByte) {
        this.title = title;
        this.magic = magic;
        this.pixelsPerByte = pixelsPerByte;
    }

    String title() {
        return title;
    }

    /** How many pixels a byte of the file holds at most, however simple the picture is. */
    int pixelsPerByte() {
        return pixelsPerByte;
    }

    /** Tell by the first bytes, never by the name; null if it is none of these. */
    static ImageFormat of(byte[] data) {
        for (ImageFormat format : values()) {
            if (format.begins(data)) {
                return format;
            }
        }
        return null;
    }

    private boolean begins(byte[] data) {
        for (int i = 0; i < magic.length(); i++) {
            if (i >= data.length || (data[i] & 0xff) != magic.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
