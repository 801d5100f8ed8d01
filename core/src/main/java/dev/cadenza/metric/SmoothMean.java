package dev.cadenza.metric;

/**
 * Average numbers so that the newest count most: each {@code beta} times as much as the next ({@code AvgSmoothLoss}).
 *
 * <p>{@code sum = beta · sum + (1 - beta) · x}, divided by {@code 1 - betaⁿ} after n numbers, which corrects for the
 * start at 0. Batches count alike, whatever their size.
 *
 * <pre>{@code
 * SmoothMean smooth = new SmoothMean(0.98);
 * smooth.add(2.3);
 * smooth.add(1.9);
 * System.out.println(smooth.value());
 * }</pre>
 */
public final class SmoothMean {
    private final double beta;
    private double sum;
    private long count;

    /**
     * Begin with no numbers.
     *
     * @param beta in [0, 1); 0.98 is usual for losses
     * @throws IllegalArgumentException if it is out of range
     */
    public SmoothMean(double beta) {
        Checks.require(beta >= 0 && beta < 1, "beta", "in [0, 1)", beta);
        this.beta = beta;
    }

    /** Take a number in. */
    public void add(double x) {
        sum = beta * sum + (1 - beta) * x;
        count++;
    }

    /** Forget all numbers. */
    public void reset() {
        sum = 0;
        count = 0;
    }

    /** Return the average; NaN before the first number. */
    public double value() {
        return sum / (1 - Math.pow(beta, count));
    }
}
