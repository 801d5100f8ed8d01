package dev.cadenza.vision;

/** How an image of one shape becomes one of another (fastai's {@code ResizeMethod}). */
public enum ResizeMethod {
    /** Stretch it: nothing is lost, but shapes are not kept. */
    SQUISH,
    /** Keep the shape of things and lose what is too long: at random on either side, or equally on both. */
    CROP,
    /** Keep all of it and fill up what is missing. */
    PAD
}
