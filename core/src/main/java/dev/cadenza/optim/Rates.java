package dev.cadenza.optim;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Spread values of a hyper-parameter over the groups of an optimizer: discriminative learning rates ({@code slice} in
 * fastai).
 *
 * <pre>{@code
 * learn.fit(3, Rates.between(1e-5, 1e-3));                  // of three groups: 1e-5, 1e-4, 1e-3
 * learn.optimizer().set(Hyper.WD, Rates.each(0, 0, 0.01));
 * }</pre>
 */
@FunctionalInterface
public interface Rates {
    /**
     * Return the value of each group, first to last.
     *
     * @throws IllegalArgumentException if these are for another number of groups
     */
    double[] over(int groups);

    /** Give all groups the same. */
    static Rates of(double value) {
        return groups -> fill(groups, value);
    }

    /** Give each group its own, in their order. */
    static Rates each(double... values) {
        double[] copy = values.clone();
        return groups -> {
            if (groups != copy.length) {
                throw new IllegalArgumentException("wanted " + groups + " values, one for each group of parameters, but"
                        + " got " + copy.length + ": " + Arrays.toString(copy)
                        + "; Rates.between(first, last) fits any number");
            }
            return copy.clone();
        };
    }

    /**
     * Give the first group one value, the last one another and those between what multiplies evenly ({@code
     * slice(first, last)}, {@code even_mults}); a single group gets the last.
     *
     * @throws IllegalArgumentException if one is not above 0
     */
    static Rates between(double first, double last) {
        if (!(first > 0 && last > 0 && Double.isFinite(first) && Double.isFinite(last))) {
            throw new IllegalArgumentException("wanted two rates above 0 to go between by multiplying, but got: "
                    + first + " and " + last + "; Rates.each(…) takes a 0");
        }
        double factor = last / first;
        return groups -> IntStream.range(0, groups)
                .mapToDouble(i -> i == groups - 1 ? last : first * Math.pow(factor, i / (groups - 1.0)))
                .toArray();
    }

    /** Give the last group this and those before it a tenth ({@code slice(last)}). */
    static Rates lastAnd10th(double last) {
        return groups -> {
            double[] rates = fill(groups, last / 10);
            rates[groups - 1] = last;
            return rates;
        };
    }

    /** Multiply all by a factor. */
    default Rates times(double factor) {
        return groups -> Arrays.stream(over(groups)).map(rate -> rate * factor).toArray();
    }

    private static double[] fill(int groups, double value) {
        double[] rates = new double[groups];
        Arrays.fill(rates, value);
        return rates;
    }
}
