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

    /** Sample by sample, as by collating them, but small ones go straight into their row. */
    @Override
    public Batch batch(int[] indices, List<Draw> draws) {
        if (indices.length == 0) {
            return Dataset.super.batch(indices, draws); // which says that it wants one
        }
        List<BatchPart> in =
                inputs.stream().map(part -> new BatchPart(indices.length)).toList();
        List<BatchPart> out =
                targets.stream().map(part -> new BatchPart(indices.length)).toList();
        DataLoader.forEach(this, indices, i -> {
            add(inputs, in, indices[i], draws.get(i));
            add(targets, out, indices[i], draws.get(i));
        });
        return new Batch(
                in.stream().map(BatchPart::tensor).toList(),
                out.stream().map(BatchPart::tensor).toList());
    }

    private void add(List<Pipeline<T, Tensor>> parts, List<BatchPart> batch, int index, Draw draw) {
        for (int i = 0; i < parts.size(); i++) {
            batch.get(i).add(parts.get(i).row(items.get(index), draw));
        }
    }

    private List<Tensor> run(List<Pipeline<T, Tensor>> parts, T item, Draw draw) {
        return parts.stream().map(part -> part.run(item, draw)).toList();
    }

    @Override
    public String describe(int index) {
        return Dataset.super.describe(index) + ": " + Items.describe(items.get(index));
    }
}
