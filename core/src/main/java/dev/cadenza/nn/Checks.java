package dev.cadenza.nn;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;

/** Refuse values and tensors that are wrong, where they are given. */
final class Checks {
    private Checks() {}

    static void atLeast(long least, String name, long value) {
        require(value >= least, name, "at least " + least, value);
    }

    static void require(boolean holds, String name, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + name + " to be " + wanted + ", but got: " + value);
        }
    }

    /** A number for height and width, where the width's is by default the height's. */
    static long[] pair(int least, String name, long height, Integer width) {
        atLeast(least, name, height);
        if (width != null) {
            atLeast(least, name + "Width", width);
        }
        return new long[] {height, width == null ? height : width};
    }

    /** The stride of a pool: by default its windows touch. */
    static long[] stride(int kernel, Integer kernelWidth, Integer stride, Integer strideWidth) {
        return stride == null
                ? pair(1, "stride", kernel, strideWidth == null ? kernelWidth : strideWidth)
                : pair(1, "stride", stride, strideWidth);
    }

    /** Refuses a target that would be broadcast against the prediction: a wrong number without a word. */
    static void alike(String op, Tensor pred, Tensor target) {
        if (!Arrays.equals(pred.shape(), target.shape())) {
            throw new TensorException(op + ": wanted a target of the same shape as the prediction "
                    + pred.describe() + ", but got " + target.describe()
                    + "; bring one to the shape of the other with reshape, squeeze or unsqueeze");
        }
        if (pred.dtype() != target.dtype()) {
            throw new TensorException(op + ": wanted a target of the prediction's dtype " + pred.dtype() + ", but got "
                    + target.describe() + "; convert it: target.to(DType."
                    + pred.dtype().name() + ")");
        }
    }

    /** Refuses what are neither class labels nor the probabilities of all classes. */
    static void classes(String op, Tensor pred, Tensor target, int classes) {
        if (target.dtype().isFloatingPoint() && target.dim() == pred.dim()) {
            alike(op, pred, target);
        } else {
            labels(op, pred, target, classes);
        }
    }

    /** The dimension of the classes: the second, or that of a single sample. */
    static int classDim(Tensor pred) {
        return Math.min(1, pred.dim() - 1);
    }

    /** Refuses what are not class labels: int64 of the prediction's shape without its dimension of classes. */
    static void labels(String op, Tensor pred, Tensor target, int classes) {
        long[] shape = pred.shape();
        if (shape.length <= Math.max(0, classes)) {
            throw new TensorException(op + ": wanted a prediction [N, C] or [N, C, *], but got " + pred.describe());
        }
        long[] wanted = new long[shape.length - 1];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = shape[i < classes ? i : i + 1];
        }
        if (target.dtype() != DType.INT64 || !Arrays.equals(wanted, target.shape())) {
            throw new TensorException(op + ": wanted labels int64" + Arrays.toString(wanted) + " for the prediction "
                    + pred.describe() + ", but got " + target.describe() + "; " + cure(pred, target));
        }
    }

    private static String cure(Tensor pred, Tensor target) {
        if (target.dtype() != DType.INT64) {
            return "convert them: target.to(DType.INT64)";
        }
        return target.dim() == pred.dim()
                ? "remove their dimension of size 1: target.squeeze(1)"
                : "if the classes are the prediction's last dimension, say so: o -> o.classesLast = true";
    }

    /** Refuses labels that are not from 0 to n - 1, where no kernel does. */
    static void range(String op, Tensor labels, long n) {
        if (labels.numel() > 0 && (labels.min().item() < 0 || labels.max().item() >= n)) {
            throw outside(op, labels, n, 0, null); // 0 is in range: none is ignored
        }
    }

    /** Refuses what are not probabilities; on a GPU, libtorch would end the process's use of it. */
    static void probabilities(String op, Tensor pred) {
        if (pred.numel() == 0 || (pred.min().item() >= 0 && pred.max().item() <= 1)) {
            return; // NaN is neither
        }
        double[] values = pred.toDoubles();
        int i = 0;
        while (values[i] >= 0 && values[i] <= 1) {
            i++;
        }
        throw new TensorException(op + ": wanted probabilities from 0 to 1, but element " + i + " of " + pred.describe()
                + " is " + values[i] + "; give scores to bceWithLogits, or let the model end in sigmoid");
    }

    /** Refuses a batch of predictions that does not belong to the batch of targets, sample by sample. */
    static void samples(String op, Tensor pred, Tensor target) {
        if (pred.dim() == 0 || target.dim() == 0 || pred.size(0) != target.size(0)) {
            throw new TensorException(op + ": wanted a prediction [N, *] and a target [N, *] of the same N, but got "
                    + pred.describe() + " and " + target.describe() + "; a single sample needs unsqueeze(0)");
        }
    }

    /** Refuses indices of another dtype than int64. */
    static void indices(String op, Tensor index) {
        if (index.dtype() != DType.INT64) {
            throw new TensorException(op + ": wanted indices of dtype int64, but got " + index.describe()
                    + "; convert them: to(DType.INT64)");
        }
    }

    /** The error that names the first value outside of 0 … n-1; the given one if that is not the cause. */
    static TensorException outside(String op, Tensor index, long n, long ignored, TensorException e) {
        long[] values = index.dtype() == DType.INT64 ? index.toLongs() : new long[0];
        for (int i = 0; i < values.length; i++) {
            if (values[i] != ignored && (values[i] < 0 || values[i] >= n)) {
                TensorException better = new TensorException(op + ": wanted values from 0 to " + (n - 1)
                        + ", but element " + i + " of " + index.describe() + " is " + values[i]);
                better.initCause(e);
                return better;
            }
        }
        return e;
    }
}
