package dev.cadenza.vision;

/** A rectangle of pixels: its left upper corner and its size. */
record ImageBox(int left, int top, int width, int height) {
    static ImageBox of(int width, int height) {
        return new ImageBox(0, 0, width, height);
    }

    boolean isAll(int wholeWidth, int wholeHeight) {
        return left == 0 && top == 0 && width == wholeWidth && height == wholeHeight;
    }

    boolean isWithin(int wholeWidth, int wholeHeight) {
        return left >= 0 && top >= 0 && (long) left + width <= wholeWidth && (long) top + height <= wholeHeight;
    }

    /** The same place, seen from outside the box that it is a part of. */
    ImageBox within(ImageBox outer) {
        return new ImageBox(outer.left + left, outer.top + top, width, height);
    }

    /** The box that covers the same part of an image of another size; at least one pixel, and all of it if this was all. */
    ImageBox scaled(int fromWidth, int fromHeight, int toWidth, int toHeight) {
        int x = Math.min(toWidth - 1, at(left, fromWidth, toWidth));
        int y = Math.min(toHeight - 1, at(top, fromHeight, toHeight));
        int right = Math.max(x + 1, at(left + width, fromWidth, toWidth));
        int bottom = Math.max(y + 1, at(top + height, fromHeight, toHeight));
        return new ImageBox(x, y, right - x, bottom - y);
    }

    private static int at(int edge, int from, int to) {
        return (int) Math.round((double) edge * to / from);
    }

    /** The rows of the image that it covers. */
    int[] rows() {
        return run(top, height);
    }

    /** The columns of the image that it covers. */
    int[] columns() {
        return run(left, width);
    }

    private static int[] run(int start, int count) {
        int[] run = new int[count];
        for (int i = 0; i < count; i++) {
            run[i] = start + i;
        }
        return run;
    }
}
