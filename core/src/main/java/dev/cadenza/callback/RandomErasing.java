package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Draw;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.List;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;

/**
 * Train on images of which boxes are filled with noise, so that no part of them is relied on (Zhong et al. 2017, Random
 * Erasing Data Augmentation).
 *
 * <p>In training each image of a batch {@code [N, C, H, W]} is chosen with probability {@code p} and gets 1 to
 * {@code maxCount} boxes; all together cover {@code sl} to {@code sh} of it, less where they overlap or do not fit. The
 * ratio of height to width is drawn between {@code minAspect} and its inverse, evenly in its logarithm. A box is filled
 * with N(0, 1): images must be normalised. The batch that the loader gave is not written to.
 *
 * <pre>{@code
 * learn.fit(10, 1e-3, new RandomErasing());
 * learn.fit(10, 1e-3, new RandomErasing(o -> { o.p = 0.25; o.maxCount = 3; }));
 * }</pre>
 *
 * <p>fastai chooses whole batches and erases the same boxes of all images. All floating-point inputs are erased, in the
 * same places if they are of one size.
 */
public final class RandomErasing implements Callback {
    /** What can be chosen. */
    public static final class Options {
        /** How likely an image is erased, from 0 to 1; default 0.5. */
        public double p = 0.5;

        /** The least share of an image that is erased, from 0 to {@code sh}; default 0. */
        public double sl;

        /** The largest share of an image that is erased, from {@code sl} to 1; default 0.3. */
        public double sh = 0.3;

        /** The least ratio of height to width, above 0 and at most 1: at 1 boxes are squares; default 0.3. */
        public double minAspect = 0.3;

        /** The most boxes of an image, 1 or more; default 1. */
        public int maxCount = 1;

        /** What distinguishes the draws of this callback from those of others; default 2. */
        public long seed = 2;

        private Options() {}

        private void check() {
            Checks.require(p >= 0 && p <= 1, "p from 0 to 1", p);
            Checks.require(sl >= 0 && sl <= sh, "sl from 0 to sh = " + sh, sl);
            Checks.require(sh <= 1, "sh of at most 1", sh);
            Checks.require(minAspect > 0 && minAspect <= 1, "minAspect above 0 and at most 1", minAspect);
            Checks.require(maxCount >= 1, "maxCount of 1 or more", maxCount);
        }
    }

    private final Options options = new Options();

    /** Erase up to 30 % of every second image. */
    public RandomErasing() {
        this(o -> {});
    }

    /**
     * Erase with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public RandomErasing(Consumer<Options> options) {
        options.accept(this.options);
        this.options.check();
    }

    /** Return -10: erase in images as the loader gave them, before {@link MixUp} or {@link CutMix} joins two. */
    @Override
    public double order() {
        return -10;
    }

    @Override
    public void beforeBatch(Learner learn) {
        if (learn.training()) {
            Batch batch = learn.batch();
            Inputs.first(this, batch); // or there would be nothing to erase, without a word
            long key = learn.randomKey(options.seed);
            learn.batch(new Batch(Inputs.change(batch, x -> erase(x, key)), batch.targets()));
        }
    }

    /** Copies images {@code [N, C, H, W]}, some of them with boxes of noise; the same ones for the same key. */
    Tensor erase(Tensor images, long key) {
        Inputs.requireImages(this, images);
        return erase(
                images,
                LongStream.range(0, images.size(0))
                        .mapToObj(i -> Draw.of(key, i))
                        .toList());
    }

    /**
     * Copy images, some of them with boxes of noise, without a learner: those of a batch by draws of its samples.
     *
     * @param images {@code [N, C, H, W]}, floating-point, normalised
     * @param draws one for each image, that decides what is done to it; nothing is where there is nothing to draw
     * @throws TensorException if these are no images, or there are not as many draws
     */
    public Tensor erase(Tensor images, List<Draw> draws) {
        Inputs.requireImages(this, images);
        if (!Inputs.isFloat(images) || draws.size() != images.size(0)) {
            throw new TensorException("RandomErasing: wanted floating-point images and one draw for each, but got "
                    + images.describe() + " and " + draws.size() + " draws");
        }
        try (Scope scope = Scope.open()) {
            Tensor erased = images.clone();
            for (int i = 0; i < draws.size(); i++) {
                if (draws.get(i).isRandom() && draws.get(i).chance(options.p)) {
                    eraseOne(erased.select(0, i), draws.get(i).random());
                }
            }
            return erased.keep();
        }
    }

    private void eraseOne(Tensor image, RandomGenerator random) {
        int count = random.nextInt(1, options.maxCount + 1);
        for (int i = 0; i < count; i++) {
            double share = options.sl + random.nextDouble() * (options.sh - options.sl);
            double area = share * image.size(1) * image.size(2) / count;
            double aspect = Math.pow(options.minAspect, 2 * random.nextDouble() - 1);
            Tensor rows = piece(image, 1, Math.sqrt(area * aspect), random);
            Tensor box = piece(rows, 2, Math.sqrt(area / aspect), random);
            box.copy_(noise(box, random));
        }
    }

    /** A random stretch of a dimension, all of it if it is shorter than wanted. */
    private static Tensor piece(Tensor image, int dim, double wanted, RandomGenerator random) {
        long length = Math.min(Math.round(wanted), image.size(dim));
        return image.narrow(dim, random.nextLong(image.size(dim) - length + 1), length);
    }

    private static Tensor noise(Tensor box, RandomGenerator random) {
        float[] values = new float[Math.toIntExact(box.numel())];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return Tensor.of(values, box.shape());
    }
}
