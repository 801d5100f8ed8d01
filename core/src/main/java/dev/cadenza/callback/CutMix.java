package dev.cadenza.callback;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Train on images with a piece of another image in them (Yun et al. 2019, CutMix: Regularization Strategy to Train
 * Strong Classifiers with Localizable Features).
 *
 * <p>In training one box is drawn for a batch of images {@code [N, C, H, W]}, of {@code √(1 - lam)} of the height and of
 * the width with {@code lam} from Beta(alpha, alpha), its centre anywhere, cut off at the border. Each image gets what
 * another one of the batch has there. {@code lam} is then corrected to the share of the image that is left, and targets
 * or losses are mixed by it as {@link MixUp} does. The batch that the loader gave is not written to.
 *
 * <pre>{@code
 * learn.fit(10, 1e-3, new CutMix());
 * learn.fit(10, 1e-3, new CutMix(o -> o.alpha = 0.5));
 * }</pre>
 *
 * <p>As in newer versions of fastai; 2.0.2 swaps rows and columns, and takes the larger of {@code lam} and
 * {@code 1 - lam}. All floating-point inputs are
 * cut alike, so they must be of one height and width. Not together with {@link MixUp}, and not where the right answer
 * hangs on one small place of the image.
 */
public final class CutMix extends Mixing {
    /** What can be chosen. */
    public static final class Options {
        /** How the sizes of boxes spread, finite and above 0: small is nearly nothing or nearly all; default 1: evenly. */
        public double alpha = 1;

        /** What distinguishes the draws of this callback from those of others; default 1. */
        public long seed = 1;

        private Options() {}
    }

    /** The rows or columns, of {@code size}, that a box has. */
    record Cut(long from, long length, long size) {
        /** A box that leaves the share {@code lam} of the image, before it is cut off at the border. */
        static Cut around(long centre, long size, double lam) {
            long half = (long) Math.rint(size * Math.sqrt(1 - lam)) / 2;
            long from = Math.max(0, centre - half);
            return new Cut(from, Math.min(size, centre + half) - from, size);
        }

        double share() {
            return (double) length / size;
        }
    }

    record Box(Cut rows, Cut columns) {
        double kept() {
            return 1 - rows.share() * columns.share();
        }

        Tensor of(Tensor images) {
            return images.narrow(2, rows.from, rows.length).narrow(3, columns.from, columns.length);
        }

        /** Copies images {@code [N, C, H, W]}, with what those of another order have in the box. */
        Tensor paste(Tensor images, Tensor perm) {
            Tensor pasted = images.clone();
            of(pasted).copy_(of(images).indexSelect(0, perm));
            return pasted;
        }
    }

    /** Cut with alpha 1. */
    public CutMix() {
        this(o -> {});
    }

    /**
     * Cut with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public CutMix(Consumer<Options> options) {
        this(Checks.chosen(new Options(), options));
    }

    private CutMix(Options options) {
        super(options.alpha, options.seed);
    }

    @Override
    Mix draw(Tensor first, Tensor perm, SplittableRandom random) {
        Inputs.requireImages(this, first);
        double lam = share(random);
        long height = first.size(2);
        long width = first.size(3);
        Box box = new Box(
                Cut.around(random.nextLong(height), height, lam), Cut.around(random.nextLong(width), width, lam));
        return new Mix(Tensor.of(new double[] {box.kept()}), x -> box.paste(requireSize(x, height, width), perm));
    }

    private Tensor requireSize(Tensor x, long height, long width) {
        Inputs.requireImages(this, x);
        if (x.size(2) != height || x.size(3) != width) {
            throw new TensorException("CutMix: wanted all images of the size of the first, " + height + " x " + width
                    + ", but got " + x.describe());
        }
        return x;
    }
}
