package dev.cadenza.callback;

import dev.cadenza.tensor.TensorList;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.Set;

/**
 * Limit the gradients before each step, so that one bad batch cannot throw the parameters far off (Pascanu et al. 2013).
 *
 * <p>By norm, all gradients are scaled by {@code max / (norm + 1e-6)} where their common norm is above {@code max}, which
 * keeps their direction; by value, each element is limited to {@code [-max, max]}.
 *
 * <pre>{@code
 * learn.add(GradientClip.norm(1.0));
 * }</pre>
 *
 * <p>It plays after {@link GradientAccumulation}, on the sum of the batches.
 */
public final class GradientClip implements Callback {
    private interface Clip {
        void apply(TensorList gradients);
    }

    private final Clip clip;
    private final String name;

    private GradientClip(String name, Clip clip) {
        this.clip = clip;
        this.name = name;
    }

    /**
     * Limit the 2-norm of all gradients together ({@code clip_grad_norm_}, fastai's {@code GradientClip}).
     *
     * @param max above 0; 1 is usual
     * @throws IllegalArgumentException if it is out of range
     */
    public static GradientClip norm(double max) {
        return norm(max, 2);
    }

    /**
     * Limit the p-norm of all gradients together, {@code (Σ |g|^p)^(1/p)}.
     *
     * @param max above 0
     * @param p above 0; infinity is the norm that is the largest absolute value
     * @throws IllegalArgumentException if one is out of range
     */
    public static GradientClip norm(double max, double p) {
        Checks.require(max > 0, "a norm above 0 to clip by", max);
        Checks.require(p > 0, "a p above 0 to clip by", p);
        return new GradientClip("norm " + max, gradients -> gradients.clipNorm_(max, p));
    }

    /**
     * Limit each element of the gradients ({@code clip_grad_value_}).
     *
     * @param max above 0
     * @throws IllegalArgumentException if it is out of range
     */
    public static GradientClip value(double max) {
        Checks.require(max > 0, "a value above 0 to clip by", max);
        return new GradientClip("value " + max, gradients -> gradients.clamp_(-max, max));
    }

    /** Return 11, as in fastai: after accumulation. */
    @Override
    public double order() {
        return 11;
    }

    @Override
    public Set<Class<? extends Callback>> runAfter() {
        return Set.of(GradientAccumulation.class);
    }

    @Override
    public void beforeStep(Learner learn) {
        clip.apply(learn.optimizer().grads());
    }

    @Override
    public String toString() {
        return "GradientClip(" + name + ")";
    }
}
