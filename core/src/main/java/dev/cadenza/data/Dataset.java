package dev.cadenza.data;

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
 * <p>The same index must give the same sample. Several threads may ask at once.
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

    /** Make a batch of the samples at these indices; a data set that can do it in one go overrides it. */
    default Batch batch(int[] indices) {
        return Batch.collate(DataLoader.samples(this, indices));
    }
}
