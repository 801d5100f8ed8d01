/**
 * Bring data to the model: samples, their order, batches ({@code torch.utils.data}).
 *
 * <p>A {@link dev.cadenza.data.Dataset} gives a {@link dev.cadenza.data.Sample} for an index. A
 * {@link dev.cadenza.data.Sampler} says in which order the indices of an epoch come, a
 * {@link dev.cadenza.data.DataLoader} cuts that order into pieces and makes a {@link dev.cadenza.data.Batch} of each.
 * {@link dev.cadenza.data.DataLoaders} pair what is trained on with what is validated on: that is what a
 * {@code Learner} takes. {@link dev.cadenza.data.TensorDataset} holds tensors; {@link dev.cadenza.data.Digits} draws
 * some, without a download, and {@link dev.cadenza.data.Mnist} reads real ones from the
 * {@link dev.cadenza.data.DataDir}. A file that is missing or damaged is a {@link dev.cadenza.io.DataException} that
 * names it, what is wrong and what to do.
 *
 * <p><b>From files and rows to samples.</b> A {@link dev.cadenza.data.DataBlock} says once how items, such as files or
 * rows of a table, become samples: a {@link dev.cadenza.data.Splitter} chooses what is validated on, a
 * {@link dev.cadenza.data.Block} makes a tensor of each input and target by the named steps of a
 * {@link dev.cadenza.data.Pipeline}, and {@link dev.cadenza.data.BatchTransform}s, such as
 * {@link dev.cadenza.data.Normalize}, change whole batches on the device. {@link dev.cadenza.data.CategoryBlock},
 * {@link dev.cadenza.data.MultiCategoryBlock} and {@link dev.cadenza.data.RegressionBlock} are blocks of labels and
 * numbers; {@link dev.cadenza.data.Labels} reads labels off files and rows, a {@link dev.cadenza.data.Vocab} numbers
 * them. What does not fit shows in {@code block.summary(items)}, step by step.
 *
 * <p><b>Randomness is keyed.</b> Nothing here draws from a stream of random numbers that others draw from too. What is
 * random is a function of a key, {@code Rng.key(seed, epoch)} for an order, {@code Rng.key(seed, epoch, index)} for
 * what happens to a sample. So the same sample is the same whoever asks for it, when, how often and on which thread; an
 * epoch is the same after a restart, without going through those before. Write data sets of your own by this rule:
 *
 * <pre>{@code
 * import dev.cadenza.data.Batch;
 * import dev.cadenza.data.DataLoader;
 * import dev.cadenza.data.Dataset;
 * import dev.cadenza.data.Sample;
 * import dev.cadenza.data.Sampler;
 * import dev.cadenza.tensor.Rng;
 * import dev.cadenza.tensor.Scope;
 * import dev.cadenza.tensor.Tensor;
 * import java.util.Iterator;
 *
 * final class Example {
 *     record NoisySines(int size, long seed) implements Dataset {
 *         public Sample get(int index) {
 *             Rng rng = new Rng(Rng.key(seed, index)); // of this sample alone
 *             Tensor noise = Tensor.zeros(1).normal_(0, 0.1, rng);
 *             return Sample.of(Tensor.full(index, 1), noise.add(Math.sin(index)));
 *         }
 *     }
 *
 *     public static void main(String[] args) {
 *         DataLoader loader = new DataLoader(new NoisySines(100, 7), o -> {
 *             o.batchSize = 32;
 *             o.sampler = Sampler.shuffled(42);
 *         });
 *         Iterator<Batch> batches = loader.epoch(5).iterator(); // the sixth epoch, without the five before
 *         while (batches.hasNext()) {
 *             try (Scope scope = Scope.open()) { // owns the batch that is made inside
 *                 Batch batch = batches.next();
 *                 System.out.println(batch.input().describe() + " → " + batch.target().describe());
 *             }
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p><b>Loaders that keep up.</b> With {@code o.workers} threads of the loader make batches ahead, no more than
 * {@code o.prefetch} at a time, and {@link dev.cadenza.data.Epoch} gives them out in order. They are the same to the bit
 * as without workers. What a sample throws reaches whoever takes its batch, as it was, with the index and the file of
 * the sample among what is suppressed; {@code o.skipBroken} leaves such samples out and counts them. The threads end
 * with the pass, or when the epoch is closed. A table of epochs says how much of the time was spent waiting for data,
 * where it was much. Add workers while it does: each needs a processor, and memory for two batches.
 */
package dev.cadenza.data;
