package dev.cadenza.callback;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;

/** A residual network of one block, and images whose label can be seen in them. */
final class SmallConvNet extends Module {
    private final Conv2d stem = new Conv2d(3, 8, 3, o -> o.padding = 1);
    private final Conv2d first = new Conv2d(8, 8, 3, o -> o.padding = 1);
    private final BatchNorm2d norm = new BatchNorm2d(8);
    private final Conv2d second = new Conv2d(8, 8, 1);
    private final Linear head = new Linear(8, 2);

    @Override
    protected Tensor compute(Tensor x) {
        Tensor trunk = stem.forward(x).relu();
        Tensor branch = second.forward(norm.forward(first.forward(trunk)).relu());
        return head.forward(trunk.add(branch).relu().mean(false, 2, 3));
    }

    static Learner learner(Optimizer.Factory optimizer, Callback... callbacks) {
        Tensor x = Tensor.zeros(24, 3, 6, 5).normal_(0, 1, new Rng(3));
        Tensor labels = x.mean(false, 1, 2, 3).gt(0).to(DType.INT64);
        TensorDataset data = new TensorDataset(x, labels);
        Rng.global().seed(4);
        return new Learner(DataLoaders.of(data, data, o -> o.batchSize = 8), new SmallConvNet(), Losses.crossEntropy())
                .optimizer(optimizer)
                .add(callbacks);
    }

    static Learner learner(Callback... callbacks) {
        return learner(Optimizers.adam(o -> o.lr = 0.01), callbacks);
    }
}
