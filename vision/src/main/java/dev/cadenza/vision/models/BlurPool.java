package dev.cadenza.vision.models;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;

/**
 * Blur, and then keep each {@code stride}-th pixel, so that what is thrown away has left its trace in what is kept
 * (Zhang 2019, Making Convolutional Networks Shift-Invariant Again).
 *
 * <p>Input {@code [N, C, H, W]}, output {@code [N, C, ⌈H/stride⌉, ⌈W/stride⌉]}. Each channel is convolved with the
 * binomial weights {@code [1 2 1]ᵀ·[1 2 1] / 16}; images are mirrored at their border. State: the buffer {@code filt}
 * {@code [C, 1, 3, 3]}, which is not trained.
 *
 * <pre>{@code
 * import dev.cadenza.vision.models.BlurPool;
 *
 * Module halve = new BlurPool(64, 2);
 * }</pre>
 */
public final class BlurPool extends Module implements Described {
    private final Buffer filt;
    private final long channels;
    private final int stride;

    /**
     * Make a layer.
     *
     * @param channels of the images, 1 or more
     * @param stride by how much they get smaller, 1 or more
     * @throws IllegalArgumentException if a number is out of range
     */
    public BlurPool(long channels, int stride) {
        Blocks.require(channels >= 1, "channels", "at least 1", channels);
        Blocks.require(stride >= 1, "stride", "at least 1", stride);
        this.channels = channels;
        this.stride = stride;
        Tensor line = Tensor.of(new float[] {0.25f, 0.5f, 0.25f});
        filt = new Buffer(line.view(3, 1).mul(line).expand(channels, 1, 3, 3).clone());
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("BlurPool").with("channels", channels).with("stride", stride);
    }

    /**
     * Blur.
     *
     * @throws TensorException if x has other channels, or less than 2 pixels to a side: there is nothing to mirror
     */
    @Override
    protected Tensor compute(Tensor x) {
        Blocks.requireImages("BlurPool", x, channels, 2);
        return F.conv2d(PoolKernels.reflectionPad2d(x, 1), filt, null, o -> {
            o.stride = stride;
            o.groups = (int) channels;
        });
    }

    @Override
    protected String extraRepr() {
        return channels + ", stride=" + stride;
    }
}
