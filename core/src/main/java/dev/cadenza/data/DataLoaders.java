package dev.cadenza.data;

import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Pair the loader to train from with the one to validate on.
 *
 * <pre>{@code
 * DataLoaders data = DataLoaders.of(trainSet, validSet, o -> o.batchSize = 128);
 * }</pre>
 *
 * @param train what to train from
 * @param valid what to validate on after each epoch; one over an empty data set for none
 * @param classes the name of class 0, 1, …; empty if there are none or they are not known
 * @param input how a raw value, such as a file, becomes the model's input; null if that is not known
 */
public record DataLoaders(DataLoader train, DataLoader valid, List<String> classes, Block<?> input) {
    /** Require both loaders, and copy the list, so that it cannot change. */
    public DataLoaders {
        classes = List.copyOf(classes);
        Objects.requireNonNull(train, "train is null; wanted a loader to train from");
        Objects.requireNonNull(valid, "valid is null; give a loader over an empty data set for no validation");
    }

    /** Pair loaders of which no more is known. */
    public DataLoaders(DataLoader train, DataLoader valid) {
        this(train, valid, List.of(), null);
    }

    /** What can be chosen. */
    public static final class Options {
        /** Samples in a batch of both, 1 or more; default 64. */
        public int batchSize = 64;

        /** Seed of the order of training and of what is drawn for its samples; default 1. */
        public long seed = 1;

        /** Whether training leaves out a last, smaller batch; default false. */
        public boolean dropLast;

        /** What each batch of both goes through on the device, in this order; default none. */
        public List<BatchTransform> transforms = List.of();

        /** How many threads make batches ahead, for each of both, 0 to 1024; default 0; see {@link DataLoader.Options#workers}. */
        public int workers;

        /** How many batches workers may make ahead, 1 or more; default null: 2 for each worker. */
        public Integer prefetch;

        /** Whether both leave out samples that cannot be made; default false; see {@link DataLoader.Options#skipBroken}. */
        public boolean skipBroken;

        private Options() {}

        private void copyTo(DataLoader.Options o) {
            o.batchSize = batchSize;
            o.transforms = transforms;
            o.workers = workers;
            o.prefetch = prefetch;
            o.skipBroken = skipBroken;
        }
    }

    /**
     * Load from two data sets: training shuffled anew in each epoch, validation as it stands.
     *
     * @throws IllegalArgumentException if an option is out of range
     */
    public static DataLoaders of(Dataset train, Dataset valid, Consumer<Options> options) {
        Options chosen = new Options();
        options.accept(chosen);
        Objects.requireNonNull(train, "train is null; wanted a data set to train from");
        Objects.requireNonNull(valid, "valid is null; give an empty data set for no validation");
        return new DataLoaders(
                new DataLoader(train, o -> {
                    o.sampler = Sampler.shuffled(chosen.seed);
                    o.dropLast = chosen.dropLast;
                    o.drawSeed = chosen.seed;
                    chosen.copyTo(o);
                }),
                new DataLoader(valid, chosen::copyTo));
    }
}
