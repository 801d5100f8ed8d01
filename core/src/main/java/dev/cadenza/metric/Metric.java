package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Say how good predictions are, over all batches of an epoch. Ready ones are in {@link Metrics},
 * {@link MultiLabelMetrics}, {@link RegressionMetrics} and {@link SegmentationMetrics}.
 *
 * <p>The recorder calls {@link #reset} when an epoch starts, {@code accumulate} after each batch of validation, and
 * {@link #value} at the end. Keep numbers, not tensors:
 *
 * <pre>{@code
 * class LargestError implements Metric {
 *     private double largest = Double.NaN;
 *
 *     public String name() {
 *         return "largest_error";
 *     }
 *
 *     public void reset() {
 *         largest = Double.NaN;
 *     }
 *
 *     public void accumulate(Tensor pred, Tensor target) {
 *         double here = pred.sub(target).abs().max().item();
 *         largest = Double.isNaN(largest) ? here : Math.max(largest, here);
 *     }
 *
 *     public double value() {
 *         return largest;
 *     }
 * }
 * }</pre>
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

    /**
     * Give this metric another name, since a table has each name once: {@code Metrics.f1(o -> o.average =
     * Average.MACRO).named("f1_macro")}.
     *
     * @return a metric that is this one in all but its name
     * @throws IllegalArgumentException if the name is blank
     */
    default Metric named(String name) {
        Checks.require(!name.isBlank(), "the name of a metric", "not blank", "\"" + name + "\"");
        return new Named(name, this);
    }
}
