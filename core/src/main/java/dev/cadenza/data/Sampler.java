package dev.cadenza.data;

import dev.cadenza.tensor.Rng;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Choose the order in which a loader takes the samples of an epoch.
 *
 * <p>The order depends on the arguments alone, never on what was drawn before, so that a run can be resumed in the
 * middle and repeated to the bit.
 *
 * <pre>{@code
 * Sampler backwards = (size, epoch) -> IntStream.range(0, size).map(i -> size - 1 - i).toArray();
 * }</pre>
 */
@FunctionalInterface
public interface Sampler {
    /**
     * Return the indices of an epoch in their order, each from 0 to {@code size - 1}. It may leave some out or take some
     * again; one that comes again draws other random numbers.
     *
     * @param size number of samples of the data set
     * @param epoch which epoch of the whole training, from 0
     * @return as many as {@link #samples} says
     */
    int[] order(int size, long epoch);

    /**
     * Return how many indices an epoch has; by default {@code size}.
     *
     * @param size number of samples of the data set
     */
    default int samples(int size) {
        return size;
    }

    /** Take samples as they stand ({@code SequentialSampler}). */
    static Sampler sequential() {
        return (size, epoch) -> IntStream.range(0, size).toArray();
    }

    /** Shuffle anew in each epoch, keyed by seed and epoch ({@code RandomSampler}); without a bias to any order. */
    static Sampler shuffled(long seed) {
        return (size, epoch) -> {
            int[] order = IntStream.range(0, size).toArray();
            SplittableRandom random = new SplittableRandom(Rng.key(seed, epoch));
            for (int i = size - 1; i > 0; i--) {
                int j = random.nextInt(i + 1);
                int swapped = order[i];
                order[i] = order[j];
                order[j] = swapped;
            }
            return order;
        };
    }

    /**
     * Draw as many samples as there are, each anew from all: sample i with probability {@code weights[i] / sum(weights)},
     * keyed by seed and epoch ({@code WeightedRandomSampler} with replacement, fastai's {@code WeightedDL}).
     *
     * <pre>{@code
     * Sampler rareOnesMore = Sampler.weighted(new double[] {1, 1, 1, 3}, 42);
     * }</pre>
     *
     * @param weights one for each sample, 0 or more; a sample of weight 0 never comes
     * @throws IllegalArgumentException if a weight is negative or not finite, or none is above 0
     */
    static Sampler weighted(double[] weights, long seed) {
        return new WeightedSampler(weights, seed);
    }

    /**
     * Take some samples of each epoch, each at most once: the first of the {@link #shuffled} order ({@code PartialDL}).
     *
     * @param count how many, 1 or more; all where there are fewer
     * @throws IllegalArgumentException if it is out of range
     */
    static Sampler partial(int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException("wanted 1 sample or more in an epoch, but got: " + count);
        }
        Sampler all = shuffled(seed);
        return new Sampler() {
            @Override
            public int[] order(int size, long epoch) {
                return Arrays.copyOf(all.order(size, epoch), samples(size));
            }

            @Override
            public int samples(int size) {
                return Math.min(count, size);
            }
        };
    }
}
