package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A data set whose sample i has the number i as input and its square as target. */
record Numbers(int size) implements Dataset {
    @Override
    public Sample get(int index) {
        return Sample.of(Tensor.of(new long[] {index}), Tensor.scalar(index * index));
    }

    /** The numbers in each batch of an epoch. */
    static List<List<Integer>> batches(DataLoader loader, long epoch) {
        List<List<Integer>> batches = new ArrayList<>();
        for (Batch batch : loader.epoch(epoch)) {
            batches.add(IntStream.of(batch.input().toInts()).boxed().toList());
        }
        return batches;
    }
}
