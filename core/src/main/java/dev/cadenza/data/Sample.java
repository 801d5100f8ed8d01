package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Hold one item of a data set: what goes into the model and what should come out.
 *
 * @param inputs one tensor for each input of the model, without a batch dimension
 * @param targets one tensor for each target of the loss, without a batch dimension; may be empty
 */
public record Sample(List<Tensor> inputs, List<Tensor> targets) {
    /** Copy the lists, so that the sample cannot change. */
    public Sample {
        inputs = List.copyOf(inputs);
        targets = List.copyOf(targets);
    }

    /** Pair one input with one target. */
    public static Sample of(Tensor input, Tensor target) {
        return new Sample(List.of(input), List.of(target));
    }
}
