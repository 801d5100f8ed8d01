package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.List;

/**
 * Samples that pipelines make of items.
 *
 * @param <T> the item
 */
record BlockDataset<T>(List<T> items, List<Pipeline<T, Tensor>> inputs, List<Pipeline<T, Tensor>> targets)
        implements Dataset {
    @Override
    public int size() {
        return items.size();
    }

    @Override
    public Sample get(int index) {
        return get(index, Draw.NONE);
    }

    /** All parts draw from the same stream, so that a mask is cropped as its image is. */
    @Override
    public Sample get(int index, Draw draw) {
        T item = items.get(index);
        return new Sample(run(inputs, item, draw), run(targets, item, draw));
    }

    private List<Tensor> run(List<Pipeline<T, Tensor>> parts, T item, Draw draw) {
        return parts.stream().map(part -> part.run(item, draw)).toList();
    }

    @Override
    public String describe(int index) {
        return Dataset.super.describe(index) + ": " + Items.describe(items.get(index));
    }
}
