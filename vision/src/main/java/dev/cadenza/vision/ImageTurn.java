package dev.cadenza.vision;

/** One of the eight ways to lay a picture down: transposed or not, then mirrored left to right, up to down, or both. */
record ImageTurn(boolean transpose, boolean leftRight, boolean upDown) {
    static final ImageTurn NONE = new ImageTurn(false, false, false);
    static final ImageTurn FLIP = new ImageTurn(false, true, false);
    private static final ImageTurn[] DIHEDRAL = {
        NONE,
        FLIP,
        new ImageTurn(false, false, true),
        new ImageTurn(true, false, true), // a quarter to the left
        new ImageTurn(false, true, true),
        new ImageTurn(true, true, false), // a quarter to the right
        new ImageTurn(true, false, false),
        new ImageTurn(true, true, true)
    };
    /** What undoes how the camera was held, by EXIF's numbers 1 to 8. */
    private static final int[] BY_EXIF = {0, 1, 4, 2, 6, 5, 7, 3};

    /** Fastai's and PIL's number, from 0 to 7. */
    static ImageTurn dihedral(int k) {
        return DIHEDRAL[k];
    }

    static ImageTurn exif(int orientation) {
        return DIHEDRAL[BY_EXIF[orientation - 1]];
    }

    /** This, then another. */
    ImageTurn then(ImageTurn next) {
        boolean swapped = next.transpose;
        return new ImageTurn(
                transpose ^ next.transpose,
                (swapped ? upDown : leftRight) ^ next.leftRight,
                (swapped ? leftRight : upDown) ^ next.upDown);
    }

    /** Where a box of the turned picture lies in the picture before, which is {@code width} by {@code height}. */
    ImageBox before(ImageBox turned, int width, int height) {
        int left = leftRight ? (transpose ? height : width) - turned.left() - turned.width() : turned.left();
        int top = upDown ? (transpose ? width : height) - turned.top() - turned.height() : turned.top();
        return transpose
                ? new ImageBox(top, left, turned.height(), turned.width())
                : new ImageBox(left, top, turned.width(), turned.height());
    }
}
