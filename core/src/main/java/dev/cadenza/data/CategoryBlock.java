package dev.cadenza.data;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Encode one label as the number of its class, int64 {@code []}: the target of a cross entropy.
 *
 * <pre>{@code
 * Block<Path> kind = CategoryBlock.of(Labels.parent());
 * Block<Path> size = CategoryBlock.of(Labels.parent(), o -> o.vocab = List.of("small", "large"));
 * }</pre>
 *
 * <p>The classes are those of the training part, in the order of code points. A label that only the validation part has
 * is an error, which names the item: no model could have learnt it.
 *
 * @param <T> the item
 */
public final class CategoryBlock<T> implements Block<T> {
    private final LabelSets<T> labels;

    private CategoryBlock(LabelSets<T> labels) {
        this.labels = labels;
    }

    /** Encode values that are labels already; see {@link Block#from}. */
    public static CategoryBlock<String> of() {
        return of(Function.identity());
    }

    /** Encode the label of an item. */
    public static <T> CategoryBlock<T> of(Function<? super T, String> label) {
        return of(label, o -> {});
    }

    /**
     * Encode the label of an item.
     *
     * @throws IllegalArgumentException if the given vocabulary is empty or has a name twice
     */
    public static <T> CategoryBlock<T> of(Function<? super T, String> label, Consumer<CategoryOptions> options) {
        return new CategoryBlock<>(LabelSets.of(item -> LabelSets.one(label.apply(item)), options));
    }

    @Override
    public Pipeline<T, Tensor> pipeline() {
        return Pipeline.<T, List<String>>of("label", labels::of).then("category", new ToNumber(labels));
    }

    /** The number of the only label. */
    private record ToNumber(LabelSets<?> labels) implements RowStep<List<String>> {
        @Override
        public Tensor apply(List<String> all) {
            return Tensor.full(DType.INT64, number(all));
        }

        @Override
        public DType dtype() {
            return DType.INT64;
        }

        @Override
        public long[] shape(List<String> all) {
            return new long[0];
        }

        @Override
        public void write(List<String> all, ByteBuffer row) {
            row.putLong(number(all));
        }

        private int number(List<String> all) {
            return labels.requireVocab().index(all.get(0));
        }
    }

    @Override
    public Block<T> fit(List<T> training) {
        return new CategoryBlock<>(labels.fit(training));
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
        return "CategoryBlock";
    }
}
