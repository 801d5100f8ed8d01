package dev.cadenza.vision;

import dev.cadenza.data.Draw;
import dev.cadenza.data.Pipeline;

/**
 * Change an image, perhaps at random ({@code item_tfms}); see {@link ImageTransforms} for ready ones.
 *
 * <pre>{@code
 * ImageTransform upsideDown = (image, draw) -> draw.isRandom() && draw.chance(0.1) ? image.dihedral(4) : image;
 * }</pre>
 */
@FunctionalInterface
public interface ImageTransform extends Pipeline.Step<Image, Image> {
    /**
     * Return the changed image.
     *
     * @param draw what may be drawn for this image: nothing in validation, where {@link Draw#isRandom} is false
     */
    @Override
    Image apply(Image image, Draw draw);
}
