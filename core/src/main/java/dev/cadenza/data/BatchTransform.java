package dev.cadenza.data;

import java.util.List;

/**
 * Change a whole batch at once, on the device that the model is on ({@code batch_tfms}).
 *
 * <p>It runs on the thread that takes the batch from the loader, inside the scope that is open there.
 *
 * <pre>{@code
 * BatchTransform toUnit = (batch, draws) -> new Batch(List.of(batch.input().div(255)), batch.targets());
 * }</pre>
 */
@FunctionalInterface
public interface BatchTransform {
    /**
     * Return the changed batch; the one that was given stays as it is.
     *
     * @param draws what may be drawn for each sample of the batch, in its order; {@link Draw#NONE} in validation
     */
    Batch apply(Batch batch, List<Draw> draws);
}
