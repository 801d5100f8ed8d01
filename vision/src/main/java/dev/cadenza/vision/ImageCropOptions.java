package dev.cadenza.vision;

/** What can be chosen of {@link ImageTransforms#randomResizedCrop(int, java.util.function.Consumer)}. */
public final class ImageCropOptions {
    /** The least share of the area that is kept, above 0 and at most {@link #maxScale}; default 0.08. */
    public double minScale = 0.08;
    /** The largest share of the area that is kept, at most 1; default 1. */
    public double maxScale = 1;
    /** The least width over height of what is kept, above 0; default 3/4. */
    public double minRatio = 3.0 / 4;
    /** The largest width over height of what is kept, at least {@link #minRatio}; default 4/3. */
    public double maxRatio = 4.0 / 3;
    /**
     * In validation: by which share of its size the image is made larger before its centre is cut out, rounded up to a
     * multiple of 8 pixels; from 0 to 10; default 0.14.
     */
    public double valXtra = 0.14;

    ImageCropOptions() {}

    void check() {
        boolean scales = minScale > 0 && minScale <= maxScale && maxScale <= 1;
        boolean ratios = minRatio > 0 && minRatio <= maxRatio && Double.isFinite(maxRatio);
        if (!scales || !ratios || !(valXtra >= 0 && valXtra <= 10)) {
            throw new IllegalArgumentException(
                    "randomResizedCrop: wanted 0 < minScale <= maxScale <= 1, 0 < minRatio <= maxRatio and valXtra from 0"
                            + " to 10, but got: minScale=" + minScale + ", maxScale=" + maxScale + ", minRatio="
                            + minRatio + ", maxRatio=" + maxRatio + ", valXtra=" + valXtra);
        }
    }
}
