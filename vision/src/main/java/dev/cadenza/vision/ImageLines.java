package dev.cadenza.vision;

/** Which rows and columns of an image are wanted, in any order; -1 is black. The arrays are not changed. */
final class ImageLines {
    final int[] rows;
    final int[] columns;

    ImageLines(int[] rows, int[] columns) {
        this.rows = rows;
        this.columns = columns;
    }

    static ImageLines of(ImageBox box) {
        return new ImageLines(box.rows(), box.columns());
    }
}
