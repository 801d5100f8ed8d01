package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
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
 *
 * <p>A loss also knows what its predictions mean: {@link #activation} makes them readable, {@link #decode} decides.
 *
 * <pre>{@code
 * Loss loss = Losses.crossEntropy();
 * Tensor probabilities = loss.activation(model.forward(x));
 * Tensor classes = loss.decode(probabilities);
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

    /**
     * Compute the loss of each sample, with gradients: to mix them (MixUp), or to find the worst.
     *
     * <p>{@link #reduction} makes the loss of them. By default the loss is applied to one sample after the other, which
     * is right for every loss that averages over samples, but N times as many calls. The ready losses compute all at
     * once, and differ from that in two points: class weights multiply the loss of their samples without being divided
     * out again, and a sample of which everything is ignored has loss 0.
     *
     * @param pred what the model gave, {@code [N, *]}, N at least 1
     * @param target what was wanted, {@code [N, *]}
     * @return {@code [N]}; a sample of many elements, such as pixels, has their mean (their sum under
     *     {@link Reduction#SUM})
     * @throws TensorException if pred and target are not of as many samples
     */
    default Tensor perSample(Tensor pred, Tensor target) {
        Checks.samples("perSample", pred, target);
        List<Tensor> losses = new ArrayList<>();
        for (long i = 0; i < pred.size(0); i++) {
            losses.add(apply(pred.narrow(0, i, 1), target.narrow(0, i, 1)).mean());
        }
        return Tensor.stack(losses, 0);
    }

    /** Tell how the losses of samples become the loss; {@link Reduction#MEAN} by default. */
    default Reduction reduction() {
        return Reduction.MEAN;
    }

    /** Turn the model's output into what a person asked for, such as probabilities; unchanged by default. */
    default Tensor activation(Tensor pred) {
        return pred;
    }

    /**
     * Turn what {@link #activation} gave into a decision, such as the most probable class; unchanged by default
     * (fastai's decodes).
     */
    default Tensor decode(Tensor activated) {
        return activated;
    }
}
