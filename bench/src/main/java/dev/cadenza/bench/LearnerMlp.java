package dev.cadenza.bench;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;

/** The lesson's network in a {@code Learner}, as a user writes it. */
final class LearnerMlp {
    private LearnerMlp() {}

    static Learner learner(Dataset train, int hidden, Callback... callbacks) {
        Dataset none = new TensorDataset(Tensor.zeros(0, 784), Tensor.zeros(0));
        return new Learner(
                        DataLoaders.of(train, none, o -> o.batchSize = 64),
                        Sequential.of(new Linear(784, hidden), Tensor::relu, new Linear(hidden, 10)),
                        Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.5))
                .add(callbacks);
    }
}
