package dev.cadenza.data;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

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
 * @param transforms what each batch goes through on the device, before the transforms of the loaders
 * @param input how a raw value, such as a file, becomes the model's input; null if that is not known
 */
public record Datasets(
        Dataset train, Dataset valid, List<String> classes, List<BatchTransform> transforms, Block<?> input) {
    /** The names of the ten digits. */
    static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    /** Copy the lists, so that they cannot change. */
    public Datasets {
        classes = List.copyOf(classes);
        transforms = List.copyOf(transforms);
    }

    /** Hold data sets whose batches need no transform. */
    public Datasets(Dataset train, Dataset valid, List<String> classes) {
        this(train, valid, classes, List.of());
    }

    /** Hold data sets that are not made of raw values. */
    public Datasets(Dataset train, Dataset valid, List<String> classes, List<BatchTransform> transforms) {
        this(train, valid, classes, transforms, null);
    }

    /**
     * Return the same data sets whose batches go through more on the device, after what they go through already.
     *
     * @param more in this order
     */
    public Datasets with(BatchTransform... more) {
        return new Datasets(
                train,
                valid,
                classes,
                Stream.concat(transforms.stream(), Stream.of(more)).toList(),
                input);
    }

    /** Load both parts in batches; see {@link DataLoaders#of}. */
    public DataLoaders loaders(Consumer<DataLoaders.Options> options) {
        DataLoaders loaders = DataLoaders.of(train, valid, o -> {
            options.accept(o);
            o.transforms =
                    Stream.concat(transforms.stream(), o.transforms.stream()).toList();
        });
        return new DataLoaders(loaders.train(), loaders.valid(), classes, input);
    }
}
