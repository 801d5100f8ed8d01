package dev.cadenza.train;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Hold what a model gave for the samples of a loader, in their order; what {@link Learner#getPreds} returns.
 *
 * @param preds the model's answers after the activation of the loss, {@code [N, *]}: for cross-entropy probabilities
 * @param decoded the decisions, as the loss decodes them, {@code [N, *]}: for cross-entropy class labels
 * @param targets what was wanted, one tensor {@code [N, *]} for each target
 * @param losses the loss of each sample, {@code [N]}; null unless asked for
 * @param inputs what went in, one tensor {@code [N, *]} for each input; empty unless asked for
 */
public record Predictions(Tensor preds, Tensor decoded, List<Tensor> targets, Tensor losses, List<Tensor> inputs) {
    /** Copy the lists, so that the record cannot change. */
    public Predictions {
        targets = List.copyOf(targets);
        inputs = List.copyOf(inputs);
    }
}
