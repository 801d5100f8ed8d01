package dev.cadenza.nn;

import java.util.function.Consumer;

/**
 * Normalise features {@code [N, C]} or sequences {@code [N, C, L]} ({@code torch.nn.BatchNorm1d}); see
 * {@link BatchNorm}.
 *
 * <pre>{@code
 * Module model = Sequential.of(new BatchNorm1d(20), new Linear(20, 50), Activation.relu());
 * }</pre>
 */
public final class BatchNorm1d extends BatchNorm {
    /** Make a layer for C channels. */
    public BatchNorm1d(long channels) {
        this(channels, o -> {});
    }

    /**
     * Make a layer with options.
     *
     * @throws IllegalArgumentException if a number is out of range
     */
    public BatchNorm1d(long channels, Consumer<Options> options) {
        super(channels, options);
    }

    @Override
    String wanted() {
        return "[N, C] or [N, C, L]";
    }

    @Override
    boolean isRightRank(int dim) {
        return dim == 2 || dim == 3;
    }
}
