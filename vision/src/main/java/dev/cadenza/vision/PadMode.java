package dev.cadenza.vision;

/** What is assumed to lie beyond the border of an image (fastai's {@code PadMode}). */
public enum PadMode {
    /** Black. */
    ZEROS,
    /** The pixel at the border, again and again. */
    BORDER,
    /** The image mirrored at its border, without repeating the pixel there: {@code c b | a b c}. */
    REFLECTION;

    /** Where to look in a line of {@code size} pixels for the one at {@code at}, which may lie outside; -1 for black. */
    int inside(int at, int size) {
        if (at >= 0 && at < size) {
            return at;
        }
        return switch (this) {
            case ZEROS -> -1;
            case BORDER -> at < 0 ? 0 : size - 1;
            case REFLECTION -> reflected(at, size);
        };
    }

    private static int reflected(int at, int size) {
        if (size == 1) {
            return 0;
        }
        int folded = Math.floorMod(at, 2 * (size - 1));
        return folded < size ? folded : 2 * (size - 1) - folded;
    }
}
