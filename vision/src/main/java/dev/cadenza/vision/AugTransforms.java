package dev.cadenza.vision;

import static dev.cadenza.vision.AugmentChecks.require;

import dev.cadenza.data.BatchTransform;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Vary images of things as photographs of them vary: left and right, angle, distance, point of view, light
 * ({@code aug_transforms}).
 *
 * <pre>{@code
 * BatchTransform usual = AugTransforms.of();
 * BatchTransform tiles = AugTransforms.of(o -> { o.flipVert = true; o.maxWarp = 0; o.size = 224; });
 * }</pre>
 *
 * <p>It takes pixels from 0 to 1 and comes before normalisation; see {@link Augment}.
 */
public final class AugTransforms {
    /** What can be chosen. */
    public static final class Options extends Augment.Options {
        /** By what {@code maxRotate}, {@code maxLighting} and {@code maxWarp} are multiplied, 0 or more; default 1. */
        public double mult = 1;

        /** Whether left and right are exchanged in every second image; default true. */
        public boolean doFlip = true;

        /** Whether images are turned by quarters and flipped vertically too, if {@code doFlip}; default false. */
        public boolean flipVert;

        /** The largest rotation, in degrees, 0 or more; default 10. */
        public double maxRotate = 10;

        /** The least factor by which an image is magnified, above 0; default 1. */
        public double minZoom = 1;

        /** The largest factor, from {@code minZoom} on; default 1.1. */
        public double maxZoom = 1.1;

        /** The largest change of brightness and contrast, from 0 to below 1; default 0.2. */
        public double maxLighting = 0.2;

        /** The largest tilt of the point of view, from 0 to 0.5; default 0.2. */
        public double maxWarp = 0.2;

        /** How likely an image is warped, rotated and zoomed, each for itself, from 0 to 1; default 0.75. */
        public double pAffine = 0.75;

        /** How likely brightness and contrast are changed, each for itself, from 0 to 1; default 0.75. */
        public double pLighting = 0.75;

        /** The least share of an image that a square cut out of it has, above 0; default 1: nothing is cut. */
        public double minScale = 1;

        private Options() {}
    }

    private AugTransforms() {}

    /** Return the usual set with its defaults. */
    public static BatchTransform of() {
        return of(o -> {});
    }

    /**
     * Return the usual set.
     *
     * @param more what is composed with it, or follows it ({@code xtra_tfms})
     * @throws IllegalArgumentException if an option is out of range
     */
    public static BatchTransform of(Consumer<Options> options, BatchTransform... more) {
        Options chosen = new Options();
        options.accept(chosen);
        chosen.check();
        require(chosen.mult >= 0 && chosen.mult < Double.POSITIVE_INFINITY, "mult of 0 or more", chosen.mult);
        List<BatchTransform> parts = new ArrayList<>(places(chosen));
        parts.add(Augment.brightness(chosen.maxLighting * chosen.mult, chosen.pLighting));
        parts.add(Augment.contrast(chosen.maxLighting * chosen.mult, chosen.pLighting));
        Collections.addAll(parts, more);
        return new Augmentation(chosen, parts);
    }

    /** The perspective first: this is what comes out of fastai, which changes the places of the affine part last. */
    private static List<BatchTransform> places(Options o) {
        List<BatchTransform> places = new ArrayList<>();
        places.add(Augment.warp(o.maxWarp * o.mult, o.pAffine));
        if (o.doFlip) {
            places.add(o.flipVert ? Augment.dihedral() : Augment.flip());
        }
        places.add(Augment.rotate(o.maxRotate * o.mult, o.pAffine));
        places.add(Augment.zoom(o.minZoom, o.maxZoom, o.pAffine));
        if (o.minScale != 1) {
            places.add(Augment.randomResizedCrop(crop -> {
                crop.minScale = o.minScale;
                crop.minRatio = 1;
                crop.maxRatio = 1;
            }));
        }
        return places;
    }
}
