package dev.cadenza.metric;

import java.util.Arrays;

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

    /** Return the sum and the count, with which {@link #goOn} goes on. */
    public double[] state() {
        return new double[] {sum, count};
    }

    /**
     * Go on from what {@link #state} gave.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public void goOn(double... state) {
        Checks.require(state.length == 2 && state[1] >= 0, "state", "a sum and a count", Arrays.toString(state));
        sum = state[0];
        count = (long) state[1];
    }

    /** Return the average; NaN before the first number. */
    public double value() {
        return sum / (1 - Math.pow(beta, count));
    }
}
