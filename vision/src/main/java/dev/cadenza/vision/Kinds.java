package dev.cadenza.vision;

import dev.cadenza.tensor.GridKernels;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Treats the samples of a batch in several ways: most of them in one go, the others beside it and copied into place.
 *
 * <p>So a sample that nothing happens to keeps its bits, whatever happens to its neighbours.
 */
final class Kinds {
    /** Treats some samples of the batch, and returns a new tensor {@code [samples, C, H, W]}. */
    @FunctionalInterface
    interface Treatment {
        Tensor of(int kind, int[] samples);
    }

    private Kinds() {}

    /**
     * @param kinds of each sample, at least one
     */
    static Tensor merge(int[] kinds, Treatment treatment) {
        Map<Integer, Long> counts = Arrays.stream(kinds)
                .boxed()
                .collect(Collectors.groupingBy(kind -> kind, TreeMap::new, Collectors.counting()));
        int most = counts.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .orElseThrow()
                .getKey();
        Tensor merged = treatment.of(most, IntStream.range(0, kinds.length).toArray());
        for (int kind : counts.keySet()) {
            if (kind != most) {
                int[] samples = IntStream.range(0, kinds.length)
                        .filter(i -> kinds[i] == kind)
                        .toArray();
                GridKernels.indexCopy_(merged, index(samples, merged), treatment.of(kind, samples));
            }
        }
        return merged;
    }

    /** The samples of these numbers: the images themselves if it is all of them. */
    static Tensor take(Tensor images, int[] samples) {
        return samples.length == images.size(0) ? images : images.indexSelect(0, index(samples, images));
    }

    private static Tensor index(int[] samples, Tensor like) {
        return Tensor.of(Arrays.stream(samples).asLongStream().toArray()).to(like.device());
    }

    /** One number for each sample, ready to be combined with images. */
    static Tensor column(double[] values, Tensor like) {
        return Tensor.of(values, values.length, 1, 1, 1).to(like.dtype()).to(like.device());
    }
}
