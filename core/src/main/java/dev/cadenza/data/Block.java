package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Say how one part of a sample, an input or a target, becomes a tensor (fastai's {@code TransformBlock}).
 *
 * <pre>{@code
 * Block<Double> price = () -> Pipeline.of("toTensor", Tensor::scalar);
 * }</pre>
 *
 * @param <A> the raw value, such as a file or a label
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

    /** Return the names of the classes, if this block encodes labels; else none. */
    default List<String> classes() {
        return List.of();
    }

    /** Return what every batch goes through on the device because of this block, before the transforms of the user. */
    default List<BatchTransform> batchTransforms() {
        return List.of();
    }
}
