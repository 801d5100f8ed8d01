package dev.cadenza.vision.models;

import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Init;
import dev.cadenza.tensor.GradHook;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;

/** What the networks here share: their convolution, and what they refuse. */
final class Blocks {
    private Blocks() {}

    /** Torchvision's convolution: it keeps the size but for the stride, has no bias, and keeps the spread of gradients. */
    static Conv2d conv(long in, long out, int kernel, int stride) {
        Conv2d conv = new Conv2d(in, out, kernel, o -> {
            o.stride = stride;
            o.padding = kernel / 2;
            o.bias = false;
        });
        Init.kaimingNormal_(conv.weight(), o -> o.fanOut = true);
        return conv;
    }

    /**
     * Adds what came in to what comes out, over the latter: neither a batch norm nor a product needs its own output to
     * find gradients.
     */
    static Tensor sum(Tensor out, Tensor identity) {
        return GradHook.isOn(out) ? out.add(identity) : out.add_(identity);
    }

    static void require(boolean holds, String name, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + name + " to be " + wanted + ", but got: " + value);
        }
    }

    /** Refuses what are no images of these channels, or smaller ones than {@code least} pixels to a side. */
    static void requireImages(String net, Tensor x, long channels, long least) {
        boolean holds = x.dim() == 4 && x.size(1) == channels && x.size(2) >= least && x.size(3) >= least;
        if (!holds) {
            throw new TensorException(net + ": wanted images [N, " + channels + ", H, W] with H and W of at least "
                    + least + ", but got " + x.describe() + "; a single image needs unsqueeze(0)");
        }
    }
}
