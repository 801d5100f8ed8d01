package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;

/** What can be chosen of {@link F#batchNorm}. */
public final class BatchNormOptions {
    /** Mean of each channel, {@code [C]}; default null, which needs {@link #training}. */
    public Tensor runningMean;
    /** Variance of each channel, {@code [C]}; default null, which needs {@link #training}. */
    public Tensor runningVar;
    /** Whether to use the batch's statistics and move the running ones towards them, in place; default false. */
    public boolean training;
    /** The share of the way that the running statistics move; default 0.1. */
    public double momentum = 0.1;
    /** What is added to the variance; default 1e-5. */
    public double eps = 1e-5;

    BatchNormOptions() {}
}
