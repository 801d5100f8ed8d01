package dev.cadenza.data;

import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * Cut a data set into batches, in the order of a sampler ({@code torch.utils.data.DataLoader}).
 *
 * <pre>{@code
 * DataLoader loader = new DataLoader(dataset, o -> {
 *     o.batchSize = 64;
 *     o.sampler = Sampler.shuffled(42);
 *     o.workers = 4;
 * });
 * try (Epoch batches = loader.epoch(0)) {
 *     for (Batch batch : batches) { … }
 * }
 * }</pre>
 *
 * <p>A batch belongs to the scope that is open where {@code next()} is called; the training loop opens one for each.
 *
 * <p>Batches have the same bits for any number of workers. So each is made in a scope of its own, without gradients and
 * with one OpenMP thread, by workers as by the thread that asks: a sum by two threads has other bits than one by one.
 * What a sample draws at random it has to draw from its {@link Draw}, not from {@code Rng.global()}.
 */
public final class DataLoader {
    /** What can be chosen. */
    public static final class Options {
        /** Samples in a batch, 1 or more; default 64. */
        public int batchSize = 64;

        /** The order of samples; default {@link Sampler#sequential}. */
        public Sampler sampler = Sampler.sequential();

        /** Whether to leave out a last, smaller batch; default false. Averages count samples, so it does no harm. */
        public boolean dropLast;

        /** How samples become a batch; default null: the data set does it ({@link Dataset#batch}). */
        public Function<List<Sample>, Batch> collate;

        /** What each batch goes through on the device, in this order; default none. */
        public List<BatchTransform> transforms = List.of();

        /** The seed of what samples and transforms draw; default null: they draw nothing, as in validation. */
        public Long drawSeed;

        /**
         * How many threads make batches ahead, 0 to 1024; default 0: each is made when it is asked for, by whoever asks.
         * The batches are the same. The data set must bear being asked by several threads at once.
         */
        public int workers;

        /** How many batches workers may have made or be making ahead, 1 or more; default null: 2 for each worker. */
        public Integer prefetch;

        /**
         * Whether to leave out samples that cannot be made, since {@code get} throws a {@link RuntimeException}; default
         * false: that ends the epoch. They are counted ({@link DataLoader#skipped}) and named in the log. Their batch is
         * smaller, and does not come if nothing is left of it. (fastai fills up with the next samples; then a batch would
         * depend on all before it.) An {@link Error} is never passed over, nor what {@code collate} throws, nor an epoch
         * with nothing but broken samples.
         */
        public boolean skipBroken;

        private Options() {}
    }

    private static final int MOST_WORKERS = 1024;

    private final Dataset dataset;
    final Options options = new Options();

    /** How many samples all passes have left out. */
    final LongAdder skipped = new LongAdder();

    /**
     * Make a loader.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public DataLoader(Dataset dataset, Consumer<Options> options) {
        this.dataset = dataset;
        options.accept(this.options);
        Objects.requireNonNull(this.options.sampler, "sampler");
        if (this.options.batchSize < 1) {
            throw new IllegalArgumentException("wanted a batch size of 1 or more, but got: " + this.options.batchSize);
        }
        if (this.options.workers < 0 || this.options.workers > MOST_WORKERS) {
            throw new IllegalArgumentException(
                    "wanted from 0 to " + MOST_WORKERS + " workers, but got: " + this.options.workers);
        }
        if (this.options.prefetch != null && this.options.prefetch < 1) {
            throw new IllegalArgumentException("wanted to prefetch 1 batch or more, but got: " + this.options.prefetch
                    + "; leave prefetch null for 2 for each worker");
        }
        this.options.sampler.samples(dataset.size()); // throws if the sampler is not for this data set
    }

    /** Return what the loader reads from. */
    public Dataset dataset() {
        return dataset;
    }

    /** Return what each batch goes through on the device, in this order. */
    public List<BatchTransform> transforms() {
        return List.copyOf(options.transforms);
    }

    /**
     * Return a loader of the same batches that takes all samples as they stand: what to predict in. It leaves out no
     * broken sample, or predictions would not be those of the samples at their place.
     */
    public DataLoader inOrder() {
        return new DataLoader(dataset, o -> {
            o.batchSize = options.batchSize;
            o.collate = options.collate;
            o.transforms = options.transforms;
            o.workers = options.workers;
            o.prefetch = options.prefetch;
        });
    }

    /** Return the number of batches of an epoch, with those of which {@code skipBroken} leaves nothing. */
    public int size() {
        int samples = options.sampler.samples(dataset.size());
        int full = samples / options.batchSize;
        return options.dropLast || samples % options.batchSize == 0 ? full : full + 1;
    }

    /**
     * Return how many samples were left out because they are broken, in all batches that were taken so far and in those
     * of which nothing was left; see {@link Options#skipBroken}.
     */
    public long skipped() {
        return skipped.sum();
    }

    /**
     * Go through the batches of an epoch.
     *
     * @param epoch which epoch of the whole training, from 0: the key of the order and of what is drawn
     * @throws IllegalStateException if the sampler gives another number of indices than it says, or one out of range
     */
    public Epoch epoch(long epoch) {
        return epoch(epoch, Device.CPU);
    }

    /**
     * Go through the batches of an epoch, each moved to a device and transformed there, on the thread that takes it.
     *
     * @param epoch which epoch of the whole training, from 0: the key of the order and of what is drawn
     * @throws IllegalStateException if the sampler gives another number of indices than it says, or one out of range
     */
    public Epoch epoch(long epoch, Device device) {
        return new Epoch(this, epoch, device);
    }

    /**
     * Return a number that tells loaders apart which give other batches: of size, order in the first epoch, what is left
     * over, and the seed of what is drawn. It knows nothing of what is in the samples.
     */
    public String fingerprint() {
        Order order = Order.of(options.sampler, dataset.size(), 0);
        long hash = Rng.key(
                options.batchSize,
                options.dropLast ? 1 : 0,
                options.drawSeed == null ? 0 : options.drawSeed + 1,
                order.size());
        for (int place = 0; place < order.size(); place++) {
            hash = Rng.key(hash, order.index(place));
        }
        return Long.toHexString(hash);
    }

    /** How many batches workers may make ahead. */
    int ahead() {
        return options.prefetch == null ? 2 * options.workers : options.prefetch;
    }

    /** The samples at these indices. */
    static List<Sample> samples(Dataset dataset, int[] indices, List<Draw> draws) {
        List<Sample> samples = new ArrayList<>(indices.length);
        forEach(dataset, indices, i -> samples.add(dataset.get(indices[i], draws.get(i))));
        return samples;
    }

    /** Do something for each place; what is thrown leaves as it was, and says which sample it was. */
    static void forEach(Dataset dataset, int[] indices, IntConsumer action) {
        for (int i = 0; i < indices.length; i++) {
            try {
                action.accept(i);
            } catch (RuntimeException | Error e) {
                e.addSuppressed(new IllegalStateException("while making " + dataset.describe(indices[i])));
                throw e;
            }
        }
    }
}
