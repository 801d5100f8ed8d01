package dev.cadenza.callback;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Trainings for tests of {@link SafeStep}, and callbacks that make their batches fail. */
final class Failing {
    static final int BATCHES = 4;
    static final int SIZE = 8;
    static final Optimizer.Factory SGD = Optimizers.sgd(o -> {
        o.lr = 0.1;
        o.mom = 0.9;
    });
    static final Optimizer.Factory ADAM = Optimizers.adam(o -> o.lr = 0.01);

    static final Consumer<Learner> INJECTED = learn -> {
        throw new IllegalStateException("injected");
    };

    private Failing() {}

    /** Fails in one batch of each epoch. */
    static Callback failing(int batch, Event event, Consumer<Learner> how) {
        return Callback.on(event, learn -> {
            if (learn.training() && learn.batchIndex() == batch) {
                how.accept(learn);
            }
        });
    }

    /** Data without some of their batches, of which the optimizer, dropout and the batch norm remember each. */
    static Learner learner(int size, int without, Optimizer.Factory optimizer, Callback... callbacks) {
        Tensor x = Tensor.zeros(BATCHES * SIZE, 5).normal_(0, 1, new Rng(3));
        int[] rows = IntStream.range(0, BATCHES * SIZE)
                .filter(row -> row / SIZE != without)
                .toArray();
        Tensor kept =
                x.indexSelect(0, Tensor.of(Arrays.stream(rows).asLongStream().toArray()));
        TensorDataset data = new TensorDataset(kept, kept.narrow(1, 0, 3).argmax(1));
        Rng.global().seed(21);
        DataLoader loader = new DataLoader(data, o -> o.batchSize = size);
        Sequential model =
                Sequential.of(new Linear(5, 8), new BatchNorm1d(8), Tensor::relu, new Dropout(0.5), new Linear(8, 3));
        return new Learner(new DataLoaders(loader, loader), model, Losses.crossEntropy())
                .optimizer(optimizer)
                .add(callbacks);
    }

    /** All that must be the same: weights, buffers, optimizer, random state and what was recorded. */
    static List<Object> state(Learner learn) {
        return List.of(
                learn.digest(),
                Arrays.hashCode(Rng.global().state()),
                Arrays.toString(learn.recorder().losses()),
                learn.recorder().lastEpoch().values(),
                learn.iteration());
    }

    /** Leaves out in validation, too, what the other data do not have. */
    static Callback valid(int batch) {
        return Callback.on(Event.AFTER_LOSS, learn -> {
            if (!learn.training() && learn.batchIndex() == batch) {
                throw Cancel.batch("not in the other data");
            }
        });
    }

    /** As memory does, that holds only half of a batch. */
    static Callback failingWhole() {
        return Callback.on(Event.AFTER_PRED, learn -> {
            if (learn.training() && learn.batch().size() == SIZE) {
                throw new IllegalStateException("too large");
            }
        });
    }
}
