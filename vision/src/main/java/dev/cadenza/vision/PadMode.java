package dev.cadenza.vision;

/** What is assumed to lie beyond the border of an image (fastai's {@code PadMode}). */
public enum PadMode {
    /** Black. */
    ZEROS,
    /** The pixel at the border, again and again. */
    BORDER,
    /** The image mirrored at its border, without repeating the pixel there: {@code c b | a b c}. */
    REFLECTION;

    /** Where to look in a line of {@code size} pixels for the one at {@code at}, which may lie outside. */
    int inside(int at, int size) {
        if (this != REFLECTION || size == 1) {
            return Math.max(0, Math.min(size - 1, at));
        }
        int period = 2 * (size - 1);
        int folded = Math.floorMod(at, period);
        return folded < size ? folded : period - folded;
    }
}
