package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Say how good predictions are, over all batches of an epoch. Ready ones are in {@link Metrics}.
 *
 * <p>The recorder calls {@link #reset} when an epoch starts, {@code accumulate} after each batch of validation, and
 * {@link #value} at the end. Keep numbers, not tensors.
 */
public interface Metric {
    /** Return the name in tables and files: {@code accuracy}. */
    String name();

    /** Forget all batches. */
    void reset();

    /**
     * Take a batch in. Gradients are not recorded here, and new tensors are freed after it.
     *
     * @param pred what the model gave, {@code [N, *]}
     * @param target what was wanted, {@code [N, *]}
     */
    void accumulate(Tensor pred, Tensor target);

    /**
     * Take a batch in with all its targets; the recorder calls this.
     *
     * <p>A metric of several targets overrides it; by default there must be one.
     *
     * @throws IllegalArgumentException if there is not exactly one and the metric does not override this method
     */
    default void accumulate(Tensor pred, List<Tensor> targets) {
        if (targets.size() != 1) {
            throw new IllegalArgumentException("metric " + name() + " takes one target, but the batch has "
                    + targets.size() + "; override accumulate(Tensor, List<Tensor>) to take several");
        }
        accumulate(pred, targets.get(0));
    }

    /** Return the value over all batches since {@link #reset}; NaN if there were none. */
    double value();
}
