package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;

/**
 * Map a tensor to a tensor: a {@link Module}, or any function of that form, such as {@code Tensor::relu}.
 *
 * <pre>{@code
 * Layer flatten = x -> x.flatten(1);
 * }</pre>
 */
@FunctionalInterface
public interface Layer {
    /** Compute the output; which shapes are right is for each layer to say. */
    Tensor forward(Tensor x);
}
