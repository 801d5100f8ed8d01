package dev.cadenza.vision;

/** What can be chosen of {@link ImageTransforms#resize(int, java.util.function.Consumer)}. */
public final class ImageResizeOptions {
    /** How to make the image square; default {@link ResizeMethod#CROP}. */
    public ResizeMethod method = ResizeMethod.CROP;
    /** What to fill up with if the method is {@link ResizeMethod#PAD}; default {@link PadMode#REFLECTION}. */
    public PadMode padMode = PadMode.REFLECTION;

    ImageResizeOptions() {}
}
