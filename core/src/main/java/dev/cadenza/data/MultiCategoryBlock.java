package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Encode any number of labels as float32 {@code [classes]}, 1 for each that an item has and else 0: the target of a
 * binary cross entropy. No label at all is fine.
 *
 * <pre>{@code
 * Block<Map<String, String>> tags = MultiCategoryBlock.of(Labels.delimited(Labels.column("tags"), " "));
 * }</pre>
 *
 * @param <T> the item
 */
public final class MultiCategoryBlock<T> implements Block<T> {
    private final LabelSets<T> labels;

    private MultiCategoryBlock(LabelSets<T> labels) {
        this.labels = labels;
    }

    /** Encode the labels of an item; one that comes twice counts once. */
    public static <T> MultiCategoryBlock<T> of(Function<? super T, ? extends Collection<String>> labels) {
        return of(labels, o -> {});
    }

    /**
     * Encode the labels of an item; one that comes twice counts once.
     *
     * @throws IllegalArgumentException if the given vocabulary is empty or has a name twice
     */
    public static <T> MultiCategoryBlock<T> of(
            Function<? super T, ? extends Collection<String>> labels, Consumer<CategoryOptions> options) {
        return new MultiCategoryBlock<>(LabelSets.of(labels, options));
    }

    @Override
    public Pipeline<T, Tensor> pipeline() {
        return Pipeline.<T, List<String>>of("labels", labels::of).then("oneHot", this::oneHot);
    }

    private Tensor oneHot(List<String> names) {
        float[] row = new float[vocab().size()];
        names.forEach(name -> row[vocab().index(name)] = 1);
        return Tensor.of(row);
    }

    @Override
    public Block<T> fit(List<T> training) {
        return new MultiCategoryBlock<>(labels.fit(training));
    }

    @Override
    public void check(List<T> validation) {
        labels.check(validation);
    }

    /** Return the names of the classes; none before {@link #fit}, unless they were given. */
    @Override
    public List<String> classes() {
        return labels.classes();
    }

    /**
     * Return the classes' names and numbers.
     *
     * @throws IllegalStateException before {@link #fit}, unless they were given
     */
    public Vocab vocab() {
        return labels.requireVocab();
    }

    @Override
    public String toString() {
        return "MultiCategoryBlock";
    }
}
