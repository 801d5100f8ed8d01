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
    static void classes(String op, Tensor pred, Tensor target) {
        if (target.dtype().isFloatingPoint() && target.dim() == pred.dim()) {
            alike(op, pred, target);
        } else {
            labels(op, pred, target);
        }
    }

    /** The dimension of the classes: the second, or that of a single sample. */
    static int classDim(Tensor pred) {
        return Math.min(1, pred.dim() - 1);
    }

    /** Refuses what are not class labels: int64 of the prediction's shape without its dimension of classes. */
    static void labels(String op, Tensor pred, Tensor target) {
        long[] shape = pred.shape();
        if (shape.length == 0) {
            throw new TensorException(op + ": wanted a prediction [N, C] or [N, C, *], but got " + pred.describe());
        }
        int classes = classDim(pred);
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
                : "if the classes are the prediction's last dimension: pred.transpose(1, -1)";
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
