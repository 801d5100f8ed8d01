package dev.cadenza.vision;

/**
 * An image as places see it, from -1 to 1.
 *
 * @param alignCorners whether -1 and 1 are the centres of the outermost pixels, or the edges of the image
 */
record Frame(long height, long width, boolean alignCorners) {
    double aspect() {
        return (double) length(height) / length(width);
    }

    Homography crop(long top, long left, long rows, long columns) {
        return Homography.crop(
                middle(left, columns, width), middle(top, rows, height), share(columns, width), share(rows, height));
    }

    private double middle(long start, long part, long all) {
        return (2.0 * start + part - all) / length(all);
    }

    private double share(long part, long all) {
        return alignCorners && all > 1 ? (part - 1.0) / (all - 1) : (double) part / all;
    }

    /** What the way from -1 to 1 is in pixels. */
    private long length(long pixels) {
        return alignCorners ? Math.max(1, pixels - 1) : pixels;
    }
}
