package dev.cadenza.optim;

/**
 * Name a hyper-parameter that the {@link Step}s of an optimizer read and that can be set and scheduled.
 *
 * <pre>{@code
 * optimizer.set(Hyper.lr(3e-4), Hyper.wd(0.01));
 * Hyper trust = new Hyper("trust", 0, Double.POSITIVE_INFINITY);      // one of your own
 * optimizer.set(trust.is(0.02));
 * }</pre>
 *
 * @param name as fastai has it: {@code lr}, {@code mom}, {@code sqr_mom}
 * @param min the least value that makes sense
 * @param max the greatest value that makes sense
 */
public record Hyper(String name, double min, double max) {
    /** The learning rate, 0 or more. */
    public static final Hyper LR = new Hyper("lr", 0, Double.POSITIVE_INFINITY);
    /** Weight decay, 0 or more. */
    public static final Hyper WD = new Hyper("wd", 0, Double.POSITIVE_INFINITY);
    /** Momentum, the share of the old average of gradients (Adam's β₁), in [0, 1). */
    public static final Hyper MOM = new Hyper("mom", 0, Math.nextDown(1.0));
    /** The share of the old average of squared gradients (Adam's β₂), in [0, 1). */
    public static final Hyper SQR_MOM = new Hyper("sqr_mom", 0, Math.nextDown(1.0));
    /** What is added to a divisor so that it is not 0; 0 or more. */
    public static final Hyper EPS = new Hyper("eps", 0, Double.POSITIVE_INFINITY);

    /** The share of the old average of changes of gradients (Adan's β₂), in [0, 1). */
    public static final Hyper DIFF_MOM = new Hyper("diff_mom", 0, Math.nextDown(1.0));
    /** QHAdam's ν₁: the share of the averaged gradient, in [0, 1]. */
    public static final Hyper NU_1 = new Hyper("nu_1", 0, 1);
    /** QHAdam's ν₂: the share of the averaged square, in [0, 1]. */
    public static final Hyper NU_2 = new Hyper("nu_2", 0, 1);
    /** The part of a parameter's norm that LARC may go in an update, 0 or more. */
    public static final Hyper TRUST = new Hyper("trust_coeff", 0, Double.POSITIVE_INFINITY);
    /** How sharp RAdam's soft root is, 0 or more; 0: the root itself. */
    public static final Hyper BETA = new Hyper("beta", 0, Double.POSITIVE_INFINITY);
    /** After how many updates Lookahead's slow weights follow, 1 or more. */
    public static final Hyper K = new Hyper("k", 1, Integer.MAX_VALUE);
    /** How far Lookahead's slow weights follow, in [0, 1]. */
    public static final Hyper ALPHA = new Hyper("alpha", 0, 1);

    /**
     * A hyper-parameter with its value.
     *
     * @param hyper which
     * @param value in the range of the hyper-parameter
     */
    public record Setting(Hyper hyper, double value) {
        /**
         * Check the range.
         *
         * @throws IllegalArgumentException if the value is NaN, infinite or out of range
         */
        public Setting {
            if (!(value >= hyper.min && value <= hyper.max && Double.isFinite(value))) {
                throw new IllegalArgumentException("wanted a finite hyper-parameter '" + hyper.name + "' in ["
                        + hyper.min + ", " + hyper.max + "], but got: " + value);
            }
        }
    }

    /** Give this hyper-parameter a value. */
    public Setting is(double value) {
        return new Setting(this, value);
    }

    /** Give {@link #LR} a value. */
    public static Setting lr(double value) {
        return LR.is(value);
    }

    /** Give {@link #WD} a value. */
    public static Setting wd(double value) {
        return WD.is(value);
    }

    /** Give {@link #MOM} a value. */
    public static Setting mom(double value) {
        return MOM.is(value);
    }

    /** Give {@link #SQR_MOM} a value. */
    public static Setting sqrMom(double value) {
        return SQR_MOM.is(value);
    }

    /** Give {@link #EPS} a value. */
    public static Setting eps(double value) {
        return EPS.is(value);
    }

    @Override
    public String toString() {
        return name;
    }
}
