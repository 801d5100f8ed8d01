package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Say how wrong a prediction is, as one number to be made small. Ready ones are in {@link Losses}.
 *
 * <pre>{@code
 * Loss logCosh = (pred, target) -> {
 *     Tensor d = pred.sub(target);
 *     return F.softplus(d.mul(2)).sub(d).sub(Math.log(2)).mean();
 * };
 * }</pre>
 */
@FunctionalInterface
public interface Loss {
    /**
     * Compute the loss of a batch.
     *
     * @param pred what the model gave, {@code [N, *]}
     * @param target what was wanted
     * @return a scalar, averaged over the N samples, so that short batches count by their size
     */
    Tensor apply(Tensor pred, Tensor target);

    /**
     * Compute the loss for all targets of a batch; the training loop calls this.
     *
     * <p>A loss of several targets overrides it; by default there must be one.
     *
     * @throws IllegalArgumentException if there is not exactly one and the loss does not override this method
     */
    default Tensor apply(Tensor pred, List<Tensor> targets) {
        if (targets.size() != 1) {
            throw new IllegalArgumentException("the loss takes one target, but the batch has " + targets.size()
                    + "; override apply(Tensor, List<Tensor>) to take several");
        }
        return apply(pred, targets.get(0));
    }

    /** Turn the model's output into what a person asked for, such as probabilities; unchanged by default. */
    default Tensor activation(Tensor pred) {
        return pred;
    }
}
