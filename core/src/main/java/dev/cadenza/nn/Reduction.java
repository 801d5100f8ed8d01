package dev.cadenza.nn;

/** Say what becomes of the losses of single elements; in libtorch's order, which {@link #ordinal} is given to. */
public enum Reduction {
    /** Keep them: a tensor, not a scalar. */
    NONE,
    /** Average them, weighted where there are weights, leaving out what is ignored; the default of every loss. */
    MEAN,
    /** Add them up. */
    SUM
}
