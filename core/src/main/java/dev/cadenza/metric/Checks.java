package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.stream.LongStream;

/** Refuse values and tensors that are wrong, where they are given. */
final class Checks {
    private Checks() {}

    static void require(boolean holds, String name, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + name + " to be " + wanted + ", but got: " + value);
        }
    }

    /** Refuses what are not scores {@code [N, C, *]} of two classes or more, and a label for each of them. */
    static void classes(String metric, Tensor pred, Tensor target) {
        long[] shape = pred.shape();
        boolean fits = shape.length >= 2
                && shape[1] >= 2
                && Arrays.equals(without(1, shape), target.shape())
                && !target.dtype().isFloatingPoint();
        if (!fits) {
            throw new TensorException(metric + ": wanted scores [N, classes] and labels [N], or [N, classes, *] and"
                    + " [N, *], but got " + pred.describe() + " and " + target.describe() + "; " + cure(pred, target));
        }
        noNaN(metric, pred);
        inRange(metric, target, shape[1]);
    }

    private static String cure(Tensor pred, Tensor target) {
        long[] shape = pred.shape();
        if (shape.length < 2 || shape[1] < 2) {
            return "give each sample a score for each of two classes or more";
        }
        if (Arrays.equals(shape, target.shape())) {
            return "where several labels can be true, use MultiLabelMetrics; for numbers, RegressionMetrics";
        }
        if (target.dim() == shape.length && target.size(1) == 1) {
            return "remove the labels' dimension of size 1: target.squeeze(1)";
        }
        if (Arrays.equals(without(1, shape), target.shape())) {
            return "convert the labels: target.to(DType.INT64)";
        }
        return Arrays.equals(without(shape.length - 1, shape), target.shape())
                ? "move the classes to the second place with pred.permute"
                : "give one label for each place that has scores";
    }

    private static long[] without(int dim, long[] shape) {
        return LongStream.range(0, shape.length)
                .filter(i -> i != dim)
                .map(i -> shape[(int) i])
                .toArray();
    }

    /** Refuses predictions of which one is not a number: every comparison with it would be false without a word. */
    static void noNaN(String metric, Tensor pred) {
        if (pred.numel() > 0 && Double.isNaN(pred.max().item())) {
            throw new TensorException(metric + ": wanted predictions that are numbers, but " + pred.describe()
                    + " has NaN in it; look for what made it: too high a learning rate, log of 0, 0/0, ∞ - ∞");
        }
    }

    /** Refuses labels outside of 0 … classes-1, which would be counted nowhere. */
    static void inRange(String what, Tensor labels, long classes) {
        if (labels.numel() > 0 && (labels.min().itemLong() < 0 || labels.max().itemLong() >= classes)) {
            long[] all = labels.toLongs();
            int at = 0;
            while (all[at] >= 0 && all[at] < classes) {
                at++;
            }
            throw new TensorException(what + ": wanted labels from 0 to " + (classes - 1) + ", but element " + at
                    + " of " + labels.describe() + " is " + all[at] + "; number the classes from 0, and leave out"
                    + " what has none");
        }
    }

    /** Refuses a batch that has another number of classes than those before. */
    static void sameAsBefore(String metric, long before, long now) {
        if (before != now) {
            throw new TensorException(metric + ": wanted " + before + " scores per sample, as in the batches before,"
                    + " but got " + now + "; call reset() before other data");
        }
    }

    /** Refuses what are not scores and truths {@code [N, C]} of labels of which several can be true. */
    static void labelSets(String metric, Tensor pred, Tensor target) {
        if (pred.dim() != 2 || !Arrays.equals(pred.shape(), target.shape())) {
            throw new TensorException(metric + ": wanted scores [N, C] and targets [N, C] of 0 and 1, but got "
                    + pred.describe() + " and " + target.describe()
                    + "; where exactly one class is right, use Metrics");
        }
        noNaN(metric, pred);
        zerosAndOnes(metric, target);
    }

    /** Refuses targets that are neither 0 nor 1. */
    static void zerosAndOnes(String metric, Tensor target) {
        if (target.eq(0).add(target.eq(1)).all().item() == 0) {
            throw new TensorException(metric + ": wanted targets of 0 and 1, but " + target.describe()
                    + " has others; compare first, as in target.gt(0)");
        }
    }

    /** Refuses predictions and targets that are not number for number; sizes of 1 do not matter. */
    static void numbers(String metric, Tensor pred, Tensor target) {
        if (pred.dim() == 0 || !Arrays.equals(squeezed(pred), squeezed(target))) {
            throw new TensorException(metric + ": wanted numbers and targets of one shape [N, *], but got "
                    + pred.describe() + " and " + target.describe() + "; bring one to the shape of the other");
        }
        noNaN(metric, pred);
        noNaN(metric + " (targets)", target);
    }

    private static long[] squeezed(Tensor tensor) {
        return Arrays.stream(tensor.shape()).filter(size -> size != 1).toArray();
    }

    /** Refuses what cannot be probabilities. */
    static void probabilities(String metric, Tensor pred, String option) {
        if (pred.numel() > 0 && (pred.min().item() < 0 || pred.max().item() > 1)) {
            throw new TensorException(metric + ": wanted probabilities from 0 to 1, but " + pred.describe()
                    + " goes from " + pred.min().item() + " to " + pred.max().item() + "; leave " + option
                    + " true for scores");
        }
    }
}
