package dev.cadenza.data;

import java.util.List;
import java.util.function.Consumer;

/**
 * Hold the parts of a data set: what to train on, what to validate on, and the names of the classes.
 *
 * <pre>{@code
 * Datasets sets = new Datasets(trainSet, validSet, List.of("cat", "dog"));
 * DataLoaders data = sets.loaders(o -> o.batchSize = 32);
 * }</pre>
 *
 * @param train samples to train on
 * @param valid samples to validate on
 * @param classes the name of class 0, 1, …
 */
public record Datasets(Dataset train, Dataset valid, List<String> classes) {
    /** The names of the ten digits. */
    static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /** Copy the list, so that the names cannot change. */
    public Datasets {
        classes = List.copyOf(classes);
    }

    /** Load both parts in batches; see {@link DataLoaders#of}. */
    public DataLoaders loaders(Consumer<DataLoaders.Options> options) {
        return DataLoaders.of(train, valid, options);
    }
}
