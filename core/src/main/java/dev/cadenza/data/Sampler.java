package dev.cadenza.data;

import dev.cadenza.tensor.Rng;
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
     * Return each index from 0 to {@code size - 1} once, in the order of this epoch.
     *
     * @param size number of samples
     * @param epoch which epoch of the whole training, from 0
     */
    int[] order(int size, long epoch);

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
}
