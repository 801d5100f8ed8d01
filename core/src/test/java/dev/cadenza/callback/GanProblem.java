package dev.cadenza.callback;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;

/** A small GAN on points of the plane, in batches of four; training and validation have the same data. */
final class GanProblem {
    private GanProblem() {}

    static Gan gan() {
        Rng.global().seed(3);
        return new Gan(Sequential.of(new Linear(3, 5), F::relu, new Linear(5, 2)), new Linear(2, 1));
    }

    static Learner learner(Module model, int batches, Callback... callbacks) {
        return learner(model, data(batches), Losses.bceWithLogits()).add(callbacks);
    }

    static Learner learner(Module model, DataLoader data, Loss loss) {
        return new Learner(new DataLoaders(data, data), model, loss).optimizer(Optimizers.adam(o -> o.lr = 0.01));
    }

    static DataLoader data(int batches) {
        Tensor noise = Tensor.randn(batches * 4L, 3);
        Tensor real = Tensor.randn(batches * 4L, 2).add(3);
        return new DataLoader(new TensorDataset(noise, real), o -> o.batchSize = 4);
    }

    static boolean generates(Learner learn) {
        return learn.batch().inputs().size() == 1;
    }

    /** Writes C or G for each training batch. */
    static Callback log(StringBuilder turns) {
        return Callback.on(Event.AFTER_LOSS, learn -> {
            if (learn.training()) {
                turns.append(generates(learn) ? 'G' : 'C');
            }
        });
    }
}
