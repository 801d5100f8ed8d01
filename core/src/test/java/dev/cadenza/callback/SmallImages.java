package dev.cadenza.callback;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;

/** A classification of random images, for tests of callbacks that change batches. */
final class SmallImages {
    static final int CLASSES = 3;
    private static final int HEIGHT = 6;
    private static final int WIDTH = 5;

    private SmallImages() {}

    /** Images of 2 channels and their labels. */
    static TensorDataset labelled(int n) {
        long[] labels = new long[n];
        for (int i = 0; i < n; i++) {
            labels[i] = i % CLASSES;
        }
        return new TensorDataset(images(n), Tensor.of(labels));
    }

    static Tensor images(int n) {
        return Tensor.zeros(n, 2, HEIGHT, WIDTH).normal_(0, 1, new Rng(5));
    }

    /** Batches of four, the last one smaller; every second epoch shuffled differently. */
    static DataLoaders loaders(Dataset data) {
        return DataLoaders.of(data, data, o -> o.batchSize = 4);
    }

    static Learner learner(Callback... callbacks) {
        return learner(10, callbacks);
    }

    static Learner learner(int n, Callback... callbacks) {
        Rng.global().seed(11);
        Module model = Sequential.of(new Flatten(), new Linear(2 * HEIGHT * WIDTH, CLASSES));
        return new Learner(loaders(labelled(n)), model, Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.1))
                .add(callbacks);
    }
}
