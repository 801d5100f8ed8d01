package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * A data set whose samples are drawn, take unequal times, and have a mean whose last bits depend on the number of
 * threads that sum it up.
 */
record Noisy(int size) implements Dataset {
    static final BatchTransform SHIFT = (batch, draws) -> {
        float[] shifts = new float[draws.size()];
        for (int i = 0; i < shifts.length; i++) {
            shifts[i] = draws.get(i).isRandom() ? draws.get(i).random().nextFloat() : 0;
        }
        return Batch.of(batch.input().add(Tensor.of(shifts).unsqueeze(1)), batch.target());
    };

    @Override
    public Sample get(int index) {
        return get(index, Draw.NONE);
    }

    @Override
    public Sample get(int index, Draw draw) {
        try {
            Thread.sleep(index * 7 % 4);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        RandomGenerator random = draw.isRandom() ? draw.random() : new SplittableRandom(index);
        float[] drawn = new float[100_000];
        for (int i = 0; i < drawn.length; i++) {
            drawn[i] = random.nextFloat();
        }
        Tensor numbers = Tensor.of(drawn);
        return Sample.of(Tensor.stack(List.of(numbers.mean(), numbers.sum()), 0), Tensor.scalar(index));
    }
}
