package dev.cadenza.vision;

import static dev.cadenza.vision.AugmentChecks.require;
import static dev.cadenza.vision.AugmentChecks.requireP;

import dev.cadenza.callback.RandomErasing;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Draw;
import dev.cadenza.tensor.GridKernels.Padding;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Vary the images of a batch at random, on the device that they are on: the first input, {@code [N, C, H, W]} of float32
 * or float64.
 *
 * <p>Each image has draws of its own, so that it is varied in the same way whatever batch it is in (in the same bits, but
 * for light, where the last one may differ). In validation nothing
 * is varied; only a size that was asked for is brought about. {@link #of} makes one transform of several: what moves
 * pixels is multiplied to one matrix for each image, and pixels are interpolated once; what changes light is added up in
 * logit space, where no pixel can leave the range from 0 to 1; all others follow, in their order. An image that nothing
 * was drawn for keeps its bits, and flips copy pixels without interpolating.
 *
 * <pre>{@code
 * BatchTransform varied = Augment.of(Augment.flip(), Augment.rotate(10), Augment.brightness(0.2));
 * BatchTransform small = Augment.of(o -> o.size = 64, Augment.randomResizedCrop(o -> o.minScale = 0.35), Augment.flip());
 * }</pre>
 *
 * <p>{@link AugTransforms} is the usual set. Light and hue want pixels from 0 to 1 (the first batch is looked at), so
 * that they come before normalisation, and {@link #erasing} after it. fastai draws in shared streams on the device, and
 * one crop for all images of a batch: {@code oneForAll} is that.
 */
public final class Augment {
    /** What can be chosen of the result. */
    public static class Options {
        /** Height and width of the result, 1 or more; default 0: as the images came. Validation has it too. */
        public int size;

        /** The width of the result, if it is not as {@link #size}; default 0: as size. */
        public int width;

        /** What is shown where a place lies outside of the image; default its mirror image. */
        public Padding padding = Padding.REFLECTION;

        /** Whether the middles of the outermost pixels stay in their places, or the edges; default true: the middles. */
        public boolean alignCorners = true;

        /** Whether one draw, that of the first image, serves the whole batch (fastai's {@code batch}); default false. */
        public boolean oneForAll;

        Options() {}

        final long height(long own) {
            return size > 0 ? size : own;
        }

        final long width(long own) {
            return width > 0 ? width : height(own);
        }

        void check() {
            require(size >= 0 && size <= 1 << 15, "size from 1 to 32768, or 0", size);
            require(width >= 0 && width <= 1 << 15, "width from 1 to 32768, or 0", width);
            require(size > 0 || width == 0, "size beside width = " + width, size);
            Objects.requireNonNull(padding, "padding");
        }
    }

    /** What can be chosen of {@link #randomResizedCrop}. */
    public static final class CropOptions {
        /** The least share of the image's area, above 0; default 0.08. */
        public double minScale = 0.08;

        /** The largest share, from {@code minScale} to 1; default 1. */
        public double maxScale = 1;

        /** The least ratio of width to height, above 0; default 3/4. */
        public double minRatio = 3.0 / 4;

        /** The largest ratio, from {@code minRatio} on; default 4/3. */
        public double maxRatio = 4.0 / 3;

        /** The share of the height and of the width that validation sees, above 0 and at most 1; default 1. */
        public double validScale = 1;

        CropOptions() {}

        private void check() {
            require(minScale > 0 && minScale <= maxScale, "minScale above 0 and up to " + maxScale, minScale);
            require(maxScale <= 1, "maxScale of at most 1", maxScale);
            require(minRatio > 0 && minRatio <= maxRatio, "minRatio above 0 and up to " + maxRatio, minRatio);
            require(maxRatio < Double.POSITIVE_INFINITY, "a finite maxRatio", maxRatio);
            require(validScale > 0 && validScale <= 1, "validScale above 0 and at most 1", validScale);
        }
    }

    private Augment() {}

    /** Make one transform of several, which come out in the size that they came in. */
    public static BatchTransform of(BatchTransform... parts) {
        return of(o -> {}, parts);
    }

    /**
     * Make one transform of several, with options.
     *
     * @param parts those of this class, which are composed, and any others; what moves pixels in the order in which images
     *     go through
     * @throws IllegalArgumentException if an option is out of range
     */
    public static BatchTransform of(Consumer<Options> options, BatchTransform... parts) {
        Options chosen = new Options();
        options.accept(chosen);
        chosen.check();
        return new Augmentation(chosen, List.of(parts));
    }

    /** Exchange left and right of every second image. */
    public static BatchTransform flip() {
        return flip(0.5);
    }

    /** Exchange left and right with probability p. */
    public static BatchTransform flip(double p) {
        return places(p, (draw, frame) -> Homography.flip());
    }

    /** Do one of the eight flips and quarter turns, all equally likely, to every second image. */
    public static BatchTransform dihedral() {
        return dihedral(0.5);
    }

    /** Do one of the eight flips and quarter turns, one of which is none, with probability p. */
    public static BatchTransform dihedral(double p) {
        return places(p, (draw, frame) -> Homography.dihedral(draw.random().nextInt(8), frame.aspect()));
    }

    /** Turn every second image by up to some degrees, to either side. */
    public static BatchTransform rotate(double maxDegrees) {
        return rotate(maxDegrees, 0.5);
    }

    /** Turn by up to some degrees, 0 or more, to either side, with probability p; fastai's default is 10. */
    public static BatchTransform rotate(double maxDegrees, double p) {
        require(maxDegrees >= 0 && maxDegrees <= 360, "degrees from 0 to 360", maxDegrees);
        return places(p, (draw, frame) -> Homography.rotate(draw.uniform(-maxDegrees, maxDegrees), frame.aspect()));
    }

    /** Magnify every second image by a factor of {@code [min, max]}, about any place. */
    public static BatchTransform zoom(double min, double max) {
        return zoom(min, max, 0.5);
    }

    /** Magnify by a factor of {@code [min, max]}, above 0, about any place, with probability p; fastai: 1 to 1.1. */
    public static BatchTransform zoom(double min, double max, double p) {
        require(min > 0 && min <= max, "a least factor above 0 and up to " + max, min);
        require(max < Double.POSITIVE_INFINITY, "a finite factor", max);
        return places(
                p, (draw, frame) -> Homography.zoom(draw.uniform(min, max), draw.uniform(-1, 1), draw.uniform(-1, 1)));
    }

    /** Look at every second image from a side; see {@link Homography#warp}. */
    public static BatchTransform warp(double magnitude) {
        return warp(magnitude, 0.5);
    }

    /** Look at an image from a side, in each direction with probability p, by up to 0.5; fastai's default is 0.2. */
    public static BatchTransform warp(double magnitude, double p) {
        require(
                magnitude >= 0 && magnitude <= Homography.MOST_WARP,
                "a magnitude from 0 to " + Homography.MOST_WARP,
                magnitude);
        requireP(p);
        return places(1, (draw, frame) -> Homography.warp(tilt(draw, magnitude, p), tilt(draw, magnitude, p)));
    }

    private static double tilt(Draw draw, double magnitude, double p) {
        return draw.chance(p) ? draw.uniform(-magnitude, magnitude) : 0;
    }

    /** Cut a part out of each image that is brought to the size of the result ({@code RandomResizedCropGPU}). */
    public static BatchTransform randomResizedCrop() {
        return randomResizedCrop(o -> {});
    }

    /**
     * Cut a part out of each image that is brought to the size of the result, with options; validation sees the middle.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public static BatchTransform randomResizedCrop(Consumer<CropOptions> options) {
        CropOptions chosen = new CropOptions();
        options.accept(chosen);
        chosen.check();
        return new Augmentation.Crop(chosen);
    }

    /** Make three of four images brighter or darker: middle grey becomes {@code (1 ± max) / 2}. */
    public static BatchTransform brightness(double max) {
        return brightness(max, 0.75);
    }

    /** Make images brighter or darker, by at least 0 and less than 1, with probability p; fastai's default is 0.2. */
    public static BatchTransform brightness(double max, double p) {
        return light(max, p, draw -> Lighting.brightness(draw.uniform(0.5 * (1 - max), 0.5 * (1 + max))));
    }

    /** Scale the logits of three of four images by {@code 1 - max} to {@code 1 / (1 - max)}, evenly in the logarithm. */
    public static BatchTransform contrast(double max) {
        return contrast(max, 0.75);
    }

    /** Scale the logits of images, max being at least 0 and below 1, with probability p; fastai's default is 0.2. */
    public static BatchTransform contrast(double max, double p) {
        return light(max, p, draw -> Lighting.contrast(logUniform(draw, 1 - max, 1 / (1 - max))));
    }

    /** Scale the colours of three of four images by {@code 1 - max} to {@code 1 / (1 - max)}; needs three channels. */
    public static BatchTransform saturation(double max) {
        return saturation(max, 0.75);
    }

    /** Scale the colours of images, max being at least 0 and below 1, with probability p; fastai's default is 0.2. */
    public static BatchTransform saturation(double max, double p) {
        return light(max, p, draw -> Lighting.saturation(logUniform(draw, 1 - max, 1 / (1 - max))));
    }

    /** Turn the hues of three of four images by {@code -max} to some more than max turns; needs three channels. */
    public static BatchTransform hue(double max) {
        return hue(max, 0.75);
    }

    /**
     * Turn the hues of images with probability p, by {@code c - 1} turns, where c is from {@code 1 - max} to
     * {@code 1 / (1 - max)}, evenly in the logarithm; fastai's default for max is 0.1. A pass of its own, after light.
     */
    public static BatchTransform hue(double max, double p) {
        return new Hue(max, p);
    }

    /** Fill boxes of images with noise, as {@link RandomErasing} does by default; normalise first. */
    public static BatchTransform erasing() {
        return erasing(o -> {});
    }

    /**
     * Fill boxes of images with noise, with options of {@link RandomErasing}, whose seed does not matter here.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public static BatchTransform erasing(Consumer<RandomErasing.Options> options) {
        RandomErasing erasing = new RandomErasing(options);
        return (Augmentation.OnlyInTraining) (batch, draws) -> draws.stream().anyMatch(Draw::isRandom)
                ? Augmentation.withInput(batch, erasing.erase(batch.input(), draws))
                : batch;
    }

    private static BatchTransform places(double p, Augmentation.Places drawn) {
        requireP(p);
        return (Augmentation.Places)
                (draw, frame) -> draw.isRandom() && draw.chance(p) ? drawn.draw(draw, frame) : Homography.identity();
    }

    private static BatchTransform light(double max, double p, Augmentation.Light drawn) {
        require(max >= 0 && max < 1, "a maximum of at least 0 and below 1", max);
        requireP(p);
        return (Augmentation.Light) draw -> draw.isRandom() && draw.chance(p) ? drawn.draw(draw) : Lighting.none();
    }

    static double logUniform(Draw draw, double low, double high) {
        return Math.exp(draw.uniform(Math.log(low), Math.log(high)));
    }
}
