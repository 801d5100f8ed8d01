package dev.cadenza.callback;

import dev.cadenza.tensor.Tensor;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Train on blends of two samples each, so that the model is as sure as the blend is (Zhang et al. 2018, mixup: Beyond
 * Empirical Risk Minimization).
 *
 * <p>In training each sample {@code x} of a batch becomes {@code lam · x + (1 - lam) · x'}, with {@code x'} another
 * sample of the batch and {@code lam} drawn for each from Beta(alpha, alpha), or {@code 1 - lam} if that is larger, so
 * that the sample itself prevails. All inputs of floating-point numbers are mixed, of any shape {@code [N, *]}.
 *
 * <p>Floating-point targets are mixed the same way. With labels, of which there must be one target, the loss becomes
 * the mean (or sum, as the loss has it) of {@code lam · l(pred, y) + (1 - lam) · l(pred, y')}, the losses of the
 * samples by {@link dev.cadenza.nn.Loss#perSample}; {@code loss} is what is recorded, too, so the training loss is
 * higher than without. It replaces what callbacks of a lower {@link #order} did to the loss.
 *
 * <pre>{@code
 * learn.fit(10, 1e-3, new MixUp());
 * learn.fit(10, 1e-3, new MixUp(o -> o.alpha = 0.2));
 * }</pre>
 *
 * <p>Use it where a model overfits, with some more epochs. Not together with {@link CutMix}, and not where samples that
 * are blended mean nothing, such as sequences of different length.
 */
public final class MixUp extends Mixing {
    /** What can be chosen. */
    public static final class Options {
        /** How strong, finite and above 0: 0.1 changes most samples little, 1 blends evenly; default 0.4. */
        public double alpha = 0.4;

        /** What distinguishes the draws of this callback from those of others; default 1. */
        public long seed = 1;

        private Options() {}
    }

    /** Mix with alpha 0.4. */
    public MixUp() {
        this(o -> {});
    }

    /**
     * Mix with options.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public MixUp(Consumer<Options> options) {
        this(Checks.chosen(new Options(), options));
    }

    private MixUp(Options options) {
        super(options.alpha, options.seed);
    }

    @Override
    Mix draw(Tensor first, Tensor perm, SplittableRandom random) {
        double[] shares = new double[Math.toIntExact(perm.numel())];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = larger(share(random));
        }
        Tensor kept = Tensor.of(shares);
        return new Mix(kept, x -> mix(x, x.indexSelect(0, perm), kept));
    }

    /** Mixing a with b and b with a would else be the same, and the batch have doubles. */
    static double larger(double share) {
        return Math.max(share, 1 - share);
    }
}
