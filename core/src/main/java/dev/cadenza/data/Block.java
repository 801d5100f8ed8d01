package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.Function;

/**
 * Say how one part of a sample, an input or a target, becomes a tensor (fastai's {@code TransformBlock}).
 *
 * <pre>{@code
 * Block<Double> price = () -> Pipeline.of("toTensor", Tensor::scalar);
 * Block<String> length = price.from("length", text -> (double) text.length());
 * }</pre>
 *
 * @param <A> the raw value, such as a file, a label, or a row of a table that the block takes what it needs from
 */
@FunctionalInterface
public interface Block<A> {
    /** Return the steps from the raw value to the tensor of one sample, without a batch dimension. */
    Pipeline<A, Tensor> pipeline();

    /**
     * Learn what must be known of all values before the first can be encoded, such as the vocabulary of labels.
     *
     * @param training the raw values of the training part
     * @return the block that knows it; this one, if there is nothing to learn
     */
    default Block<A> fit(List<A> training) {
        return this;
    }

    /**
     * Refuse values of the validation part that cannot be encoded, once the block is fitted; by default none is.
     *
     * @throws IllegalArgumentException if one cannot: says which and why
     */
    default void check(List<A> validation) {}

    /** Return the names of the classes, if this block encodes labels; else none. */
    default List<String> classes() {
        return List.of();
    }

    /** Return what every batch goes through on the device because of this block, before the transforms of the user. */
    default List<BatchTransform> batchTransforms() {
        return List.of();
    }

    /**
     * Return this block for items that hold the raw value among others ({@code get_x}, {@code get_y}).
     *
     * @param name what the step is called in errors and in {@code summary}, such as {@code "file"}
     * @param getter takes the raw value out of an item, such as {@code Row::file}
     */
    default <T> Block<T> from(String name, Function<? super T, ? extends A> getter) {
        return new FromBlock<>(this, name, getter);
    }

    /** Return the block for the raw value itself: what {@link #from} was called on, else this one. */
    default Block<?> ofRawValue() {
        return this;
    }
}
