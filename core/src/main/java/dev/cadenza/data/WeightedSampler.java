package dev.cadenza.data;

import dev.cadenza.tensor.Rng;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** See {@link Sampler#weighted}. */
final class WeightedSampler implements Sampler {
    /** The sum of the weights up to each sample, in parts of the largest one. */
    private final double[] sums;

    private final long seed;

    WeightedSampler(double[] weights, long seed) {
        this.seed = seed;
        sums = new double[weights.length];
        for (int i = 0; i < weights.length; i++) {
            if (!(weights[i] >= 0 && weights[i] < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException(
                        "wanted finite weights of 0 or more, but got: " + weights[i] + " for sample " + i);
            }
        }
        double largest = Arrays.stream(weights).max().orElse(0);
        if (largest == 0) {
            throw new IllegalArgumentException("wanted a weight above 0, but got " + weights.length + " of 0");
        }
        double sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += weights[i] / largest;
            sums[i] = sum;
        }
    }

    @Override
    public int[] order(int size, long epoch) {
        SplittableRandom random = new SplittableRandom(Rng.key(seed, epoch));
        double total = sums[sums.length - 1];
        return IntStream.range(0, samples(size))
                .map(i -> firstAbove(random.nextDouble() * total))
                .toArray();
    }

    /** A sample of weight 0 has the sum of the one before, which is found first. */
    private int firstAbove(double drawn) {
        int low = 0;
        int high = sums.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sums[middle] > drawn) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    @Override
    public int samples(int size) {
        if (size != sums.length) {
            throw new IllegalArgumentException(
                    "wanted one weight for each sample, but got " + sums.length + " weights for " + size + " samples");
        }
        return size;
    }
}
