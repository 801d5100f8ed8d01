package dev.cadenza.testing;

import dev.cadenza.callback.Checkpointing;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.nio.file.Path;
import java.util.function.Consumer;

/** A regression with one weight, y = 2x + 1, for tests of the loop and of callbacks. */
public final class TinyProblem {
    private TinyProblem() {}

    /** A learner with three training batches and two of validation, four samples each. */
    public static Learner learner(Callback... callbacks) {
        return learner(3, 2, callbacks);
    }

    /** A learner with this many batches of four samples each. */
    public static Learner learner(int trainBatches, int validBatches, Callback... callbacks) {
        Rng.global().seed(7);
        return new Learner(
                        new DataLoaders(loader(trainBatches, 1), loader(validBatches, 2)),
                        new Linear(1, 1),
                        Losses.mse())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.1))
                .add(callbacks);
    }

    /** Writes a checkpoint after so many steps and each epoch, and keeps them all, unless told otherwise. */
    public static Checkpointing checkpoints(Path dir, int everySteps, Consumer<Checkpointing.Options> more) {
        return new Checkpointing(dir, o -> {
            o.everySteps = everySteps;
            o.keep = 100;
            o.onShutdown = false;
            more.accept(o);
        });
    }

    private static DataLoader loader(int batches, long seed) {
        Tensor x = Tensor.zeros(batches * 4L, 1).uniform_(-1, 1, new Rng(seed));
        return new DataLoader(new TensorDataset(x, x.mul(2).add(1)), o -> o.batchSize = 4);
    }
}
