package dev.cadenza.data;

import java.util.Collections;
import java.util.List;

/**
 * Give samples by index, as often as asked and in any order ({@code torch.utils.data.Dataset}).
 *
 * <pre>{@code
 * Dataset squares = new Dataset() {
 *     public int size() {
 *         return 100;
 *     }
 *
 *     public Sample get(int i) {
 *         return Sample.of(Tensor.scalar(i), Tensor.scalar(i * i));
 *     }
 * };
 * }</pre>
 *
 * <p>The same index must give the same sample. With {@code workers} several threads ask at once: what they share (an open
 * file, a cache, a decoder) must bear that, and what is kept from one sample to the next must be a {@code Buffer}, since
 * all else is freed with the batch. Gradients are off while a sample is made.
 */
public interface Dataset {
    /** Return the number of samples. */
    int size();

    /**
     * Make the sample at an index.
     *
     * @param index from 0 to {@code size() - 1}
     */
    Sample get(int index);

    /**
     * Make the sample at an index, with what is random in it drawn from {@code draw}; by default nothing is.
     *
     * @param index from 0 to {@code size() - 1}
     * @param draw keyed by seed, epoch and index; {@link Draw#NONE} in validation
     */
    default Sample get(int index, Draw draw) {
        return get(index);
    }

    /** Make a batch of the samples at these indices, with nothing random in it. */
    default Batch batch(int[] indices) {
        return batch(indices, Collections.nCopies(indices.length, Draw.NONE));
    }

    /**
     * Make a batch of the samples at these indices; a data set that can do it in one go overrides it.
     *
     * @param draws what may be drawn for each sample
     */
    default Batch batch(int[] indices, List<Draw> draws) {
        return Batch.collate(DataLoader.samples(this, indices, draws));
    }

    /** Name the sample at an index for an error message, by its file if it has one. */
    default String describe(int index) {
        return "sample " + index + " of " + size();
    }
}
