package dev.cadenza.data;

import dev.cadenza.tensor.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Cut a data set into batches, in the order of a sampler ({@code torch.utils.data.DataLoader}).
 *
 * <pre>{@code
 * DataLoader loader = new DataLoader(dataset, o -> {
 *     o.batchSize = 64;
 *     o.sampler = Sampler.shuffled(42);
 * });
 * for (Batch batch : loader.epoch(0)) { … }
 * }</pre>
 *
 * <p>A batch belongs to the scope that is open where {@code next()} is called; the training loop opens one for each.
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

        private Options() {}
    }

    /** Draws of batch transforms are numbered from here, those of the sample from 0. */
    private static final int TRANSFORMS = 1000;

    private final Dataset dataset;
    private final Options options = new Options();

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
    }

    /** Return what the loader reads from. */
    public Dataset dataset() {
        return dataset;
    }

    /** Return a loader of the same batches that takes all samples as they stand: what to predict in. */
    public DataLoader inOrder() {
        return new DataLoader(dataset, o -> {
            o.batchSize = options.batchSize;
            o.collate = options.collate;
            o.transforms = options.transforms;
        });
    }

    /** Return the number of batches of an epoch. */
    public int size() {
        int samples = dataset.size();
        int full = samples / options.batchSize;
        return options.dropLast || samples % options.batchSize == 0 ? full : full + 1;
    }

    /**
     * Go through the batches of an epoch; each is made when it is asked for.
     *
     * @param epoch which epoch of the whole training, from 0: the key of the order
     * @throws IllegalStateException if the sampler gives another number of indices than there are samples
     */
    public Iterable<Batch> epoch(long epoch) {
        return epoch(epoch, Device.CPU);
    }

    /**
     * Go through the batches of an epoch, each moved to a device and transformed there.
     *
     * @param epoch which epoch of the whole training, from 0: the key of the order and of what is drawn
     * @throws IllegalStateException if the sampler gives another number of indices than there are samples
     */
    public Iterable<Batch> epoch(long epoch, Device device) {
        int[] order = options.sampler.order(dataset.size(), epoch);
        if (order.length != dataset.size()) {
            throw new IllegalStateException("wanted " + dataset.size()
                    + " indices from the sampler, one for each sample, but got " + order.length);
        }
        return () -> new Batches(order, epoch, device);
    }

    /** The samples at these indices; what one of them throws leaves as it was, and says which one it was. */
    static List<Sample> samples(Dataset dataset, int[] indices, List<Draw> draws) {
        List<Sample> samples = new ArrayList<>(indices.length);
        for (int i = 0; i < indices.length; i++) {
            try {
                samples.add(dataset.get(indices[i], draws.get(i)));
            } catch (RuntimeException e) {
                e.addSuppressed(new IllegalStateException("while making " + dataset.describe(indices[i])));
                throw e;
            }
        }
        return samples;
    }

    private final class Batches implements Iterator<Batch> {
        private final int[] order;
        private final int count = size();
        private final long epoch;
        private final Device device;
        private int next;

        Batches(int[] order, long epoch, Device device) {
            this.order = order;
            this.epoch = epoch;
            this.device = device;
        }

        @Override
        public boolean hasNext() {
            return next < count;
        }

        @Override
        public Batch next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the epoch has " + count + " batches, all were taken");
            }
            int from = next++ * options.batchSize;
            int[] indices = Arrays.copyOfRange(order, from, Math.min(order.length, from + options.batchSize));
            List<Draw> draws = Arrays.stream(indices).mapToObj(this::draw).toList();
            Batch batch = (options.collate == null
                            ? dataset.batch(indices, draws)
                            : options.collate.apply(samples(dataset, indices, draws)))
                    .to(device);
            for (int i = 0; i < options.transforms.size(); i++) {
                int place = TRANSFORMS + i;
                batch = options.transforms
                        .get(i)
                        .apply(batch, draws.stream().map(draw -> draw.at(place)).toList());
            }
            return batch;
        }

        private Draw draw(int index) {
            return options.drawSeed == null ? Draw.NONE : Draw.of(options.drawSeed, epoch, index);
        }
    }
}
