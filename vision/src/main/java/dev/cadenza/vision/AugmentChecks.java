package dev.cadenza.vision;

import dev.cadenza.data.Draw;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** What augmentation refuses. */
final class AugmentChecks {
    /** The weights of the pixels that one is interpolated from do not add up to exactly 1. */
    private static final double ROUNDING = 1e-5;

    private AugmentChecks() {}

    static void require(boolean holds, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + wanted + ", but got: " + value);
        }
    }

    static void requireP(double p) {
        require(p >= 0 && p <= 1, "p from 0 to 1", p);
    }

    static Tensor requireImages(String who, Tensor x) {
        boolean ready = x.dim() == 4
                && Math.min(x.size(2), x.size(3)) > 0
                && (x.dtype() == DType.FLOAT32 || x.dtype() == DType.FLOAT64);
        if (!ready) {
            throw new TensorException(who + ": wanted images [N, C, H, W] of float32 or float64, but got "
                    + x.describe() + "; bytes become such by to(DType.FLOAT32).div(255)");
        }
        return x;
    }

    static Tensor requireColour(String who, Tensor x) {
        if (x.size(1) != 3) {
            throw new TensorException(who + ": wanted images [N, 3, H, W] in red, green and blue, but got "
                    + x.describe() + "; leave it out for images without colours");
        }
        return x;
    }

    static void requireDraws(String who, Tensor x, List<Draw> draws) {
        if (draws.size() != x.size(0)) {
            throw new TensorException(who + ": wanted one draw for each image of " + x.describe() + ", but got "
                    + draws.size() + " draws");
        }
    }

    /** Looks only at the first batch: on a GPU each look would wait for all that is under way. */
    static void requireUnitOnce(AtomicBoolean seen, String who, Tensor x) {
        if (x.numel() > 0 && !seen.get()) {
            requireUnit(who, x);
            seen.set(true);
        }
    }

    private static void requireUnit(String who, Tensor x) {
        double min = x.min().item();
        double max = x.max().item();
        if (!(min >= -ROUNDING && max <= 1 + ROUNDING)) {
            throw new TensorException(who + ": wanted pixels from 0 to 1, but got " + min + " to " + max
                    + "; let it come after the division by 255 and before normalisation");
        }
    }
}
