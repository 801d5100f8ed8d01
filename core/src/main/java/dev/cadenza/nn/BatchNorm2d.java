package dev.cadenza.nn;

import java.util.function.Consumer;

/**
 * Normalise images {@code [N, C, H, W]} ({@code torch.nn.BatchNorm2d}); see {@link BatchNorm}.
 *
 * <pre>{@code
 * Module block = Sequential.of(new Conv2d(3, 8, 3, o -> o.bias = false), new BatchNorm2d(8), Activation.relu());
 * BatchNorm2d steady = new BatchNorm2d(8, o -> { o.momentum = 0.01; o.eps = 1e-3; });
 * }</pre>
 */
public final class BatchNorm2d extends BatchNorm {
    /** Make a layer for C channels. */
    public BatchNorm2d(long channels) {
        this(channels, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public BatchNorm2d(long channels, Consumer<Options> options) {
        super(channels, options);
    }

    @Override
    String wanted() {
        return "[N, C, H, W]";
    }

    @Override
    boolean isRightRank(int dim) {
        return dim == 4;
    }
}
