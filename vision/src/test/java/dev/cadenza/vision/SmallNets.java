package dev.cadenza.vision;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.models.SmallResNet;
import java.util.LinkedHashMap;
import java.util.Map;

/** What learners for images are tried with. */
final class SmallNets {
    private SmallNets() {}

    /** Noise, in which each class has a channel that is brighter: easy to learn. */
    static DataLoaders data(int classes) {
        return DataLoaders.of(set(48, 1, classes), set(24, 2, classes), o -> {
            o.batchSize = 8;
            o.seed = 5;
        });
    }

    private static TensorDataset set(int n, long seed, int classes) {
        Tensor images = Tensor.zeros(n, 3, 16, 16).normal_(0, 1, new Rng(seed));
        long[] labels = new long[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % classes;
            images.select(0, i).select(0, i % 3).add_(1);
        }
        return new TensorDataset(images, Tensor.of(labels));
    }

    static Module small(long classes) {
        return new SmallResNet(classes, o -> o.widths = new int[] {16, 16, 16, 16});
    }

    static Map<String, Tensor> copy(Map<String, ? extends Tensor> state) {
        Map<String, Tensor> copy = new LinkedHashMap<>();
        state.forEach((name, tensor) -> copy.put(name, tensor.clone()));
        return copy;
    }
}
