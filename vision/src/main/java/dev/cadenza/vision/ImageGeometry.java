package dev.cadenza.vision;

/**
 * What is to be done with the pixels of a source, in this order whatever the order asked for: take a region, bring it to a
 * size, take a window of that, turn it.
 *
 * @param region of the source
 * @param width that the region is brought to
 * @param height that the region is brought to
 * @param window of the region as resized
 */
record ImageGeometry(ImageBox region, int width, int height, ImageBox window, ImageTurn turn) {
    static ImageGeometry of(int width, int height, ImageTurn turn) {
        return new ImageGeometry(ImageBox.of(width, height), width, height, ImageBox.of(width, height), turn);
    }

    int outWidth() {
        return turn.transpose() ? window.height() : window.width();
    }

    int outHeight() {
        return turn.transpose() ? window.width() : window.height();
    }

    boolean isResized() {
        return region.width() != width || region.height() != height;
    }

    /** Tell whether each of its rows is one of the source, and each of its columns: nothing is resized or transposed. */
    boolean isGathered() {
        return !isResized() && !turn.transpose();
    }

    /** Where rows and columns of what comes out lie in the source, if it is gathered; -1 stays. */
    ImageLines inSource(ImageLines out) {
        return new ImageLines(
                lines(out.rows, region.top(), height, turn.upDown()),
                lines(out.columns, region.left(), width, turn.leftRight()));
    }

    private static int[] lines(int[] out, int start, int count, boolean backwards) {
        int[] lines = new int[out.length];
        for (int i = 0; i < out.length; i++) {
            lines[i] = out[i] < 0 ? -1 : start + (backwards ? count - 1 - out[i] : out[i]);
        }
        return lines;
    }

    ImageGeometry turn(ImageTurn next) {
        return new ImageGeometry(region, width, height, window, turn.then(next));
    }

    /** Take a box of what comes out. */
    ImageGeometry crop(ImageBox box) {
        ImageBox cut = turn.before(box, window.width(), window.height()).within(window);
        return isResized()
                ? new ImageGeometry(region, width, height, cut, turn)
                : uncut(cut.within(region), cut.width(), cut.height());
    }

    /**
     * Bring what comes out to another size.
     *
     * @return null if that needs the pixels first: a window of an image that was enlarged is no whole number of pixels of
     *     the source. Of one that was made smaller, the nearest whole number is less than a pixel of the window off.
     */
    ImageGeometry resize(int outWidth, int outHeight) {
        int wide = turn.transpose() ? outHeight : outWidth;
        int high = turn.transpose() ? outWidth : outHeight;
        if (window.isAll(width, height)) {
            return uncut(region, wide, high);
        }
        boolean smaller = region.width() >= width && region.height() >= height;
        return smaller
                ? uncut(
                        window.scaled(width, height, region.width(), region.height())
                                .within(region),
                        wide,
                        high)
                : null;
    }

    private ImageGeometry uncut(ImageBox from, int wide, int high) {
        return new ImageGeometry(from, wide, high, ImageBox.of(wide, high), turn);
    }
}
