package dev.cadenza.callback;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Sampler;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Reduction;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;

/**
 * Mixes each sample of a training batch with another one, and does the same to targets or losses.
 *
 * <p>The learner's loss function stays what it is: nothing has to be put back, whatever goes wrong.
 */
abstract sealed class Mixing implements Callback permits MixUp, CutMix {
    /** What is drawn for a batch: the share kept of each sample, {@code [N]} or {@code [1]}, and what is done to inputs. */
    record Mix(Tensor kept, UnaryOperator<Tensor> inputs) {}

    /** Labels cannot be mixed; the losses with respect to them are. */
    record Labels(Tensor own, Tensor others, Tensor kept) {
        Tensor loss(Loss loss, Tensor pred) {
            Tensor losses = mix(loss.perSample(pred, own), loss.perSample(pred, others), kept);
            return loss.reduction() == Reduction.SUM ? losses.sum() : losses.mean();
        }
    }

    private final double alpha;
    private final long seed;
    private Labels labels; // of the current batch, if it was mixed and has labels

    Mixing(double alpha, long seed) {
        Checks.require(alpha > 0 && Double.isFinite(alpha), "a finite alpha above 0", alpha);
        this.alpha = alpha;
        this.seed = seed;
    }

    /** Draws for a batch whose first input is given, of which sample i meets sample {@code perm[i]}. */
    abstract Mix draw(Tensor first, Tensor perm, SplittableRandom random);

    final double share(SplittableRandom random) {
        return Beta.symmetric(alpha, random);
    }

    /** {@code kept · x + (1 - kept) · other} for tensors {@code [N, *]}, one share for each sample or for all. */
    static Tensor mix(Tensor x, Tensor other, Tensor kept) {
        long[] shape = new long[x.dim()];
        Arrays.fill(shape, 1);
        shape[0] = kept.numel();
        Tensor k = kept.to(x.dtype()).to(x.device()).reshape(shape);
        return x.mul(k).add(other.mul(k.neg().add(1)));
    }

    /** Return both kinds of mixing: each would undo the other's loss. */
    @Override
    public Set<Class<? extends Callback>> excludes() {
        return Set.of(Mixing.class);
    }

    @Override
    public void beforeBatch(Learner learn) {
        if (!learn.training()) {
            return;
        }
        Batch batch = learn.batch();
        Tensor first = Inputs.first(this, batch);
        SplittableRandom random = new SplittableRandom(learn.randomKey(seed));
        int[] order = Sampler.shuffled(random.nextLong()).order(Math.toIntExact(batch.size()), 0);
        Tensor perm = Tensor.of(order).to(first.device());
        Mix mix = draw(first, perm, random);
        learn.batch(new Batch(Inputs.change(batch, mix.inputs()), targets(batch.targets(), perm, mix.kept())));
    }

    private List<Tensor> targets(List<Tensor> targets, Tensor perm, Tensor kept) {
        if (targets.stream().allMatch(Inputs::isFloat)) {
            return targets.stream()
                    .map(y -> mix(y, y.indexSelect(0, perm), kept))
                    .toList();
        }
        if (targets.size() != 1) {
            throw new TensorException(Inputs.name(this) + ": wanted one target of labels, or only floating-point ones,"
                    + " but got " + Inputs.describe(targets) + "; train without it");
        }
        Tensor own = targets.get(0);
        labels = new Labels(own, own.indexSelect(0, perm), kept);
        return targets;
    }

    @Override
    public void afterLoss(Learner learn) {
        if (labels != null) {
            learn.loss(labels.loss(learn.lossFunction(), learn.pred()));
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        labels = null;
    }
}
