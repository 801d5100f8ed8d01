package dev.cadenza.lessons;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Digits;
import dev.cadenza.data.Sample;
import dev.cadenza.data.Sampler;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Iterator;

/**
 * Let a loader cut the data into batches, and validate after each epoch.
 *
 * <p>A data set gives a sample for an index, a sampler says in which order an epoch takes the indices, a loader makes a
 * batch of each piece of that order. Now the loop slices nothing itself.
 *
 * <p>The last batch may be shorter than the others, so averages count samples, not batches. And {@link #fit} returns
 * after the last epoch: a {@code return} that slips into the loop, as easily happens, trains a single one.
 */
public final class Step3Loaders {
    private Step3Loaders() {}

    /** A data set from nothing; {@code TensorDataset} is the same, and gathers whole batches at once. */
    record Images(Tensor x, Tensor y) implements Dataset {
        Images(Batch all) {
            this(all.input(), all.target());
        }

        @Override
        public int size() {
            return Math.toIntExact(x.size(0));
        }

        @Override
        public Sample get(int index) {
            return Sample.of(x.select(0, index), y.select(0, index));
        }
    }

    /** How good a model is on a data set: the means over its samples. */
    record Result(double loss, double accuracy) {}

    /** Run the lesson. */
    public static void main(String[] args) {
        Datasets digits = Digits.make(1);
        Dataset train = new Images(Step1Sgd.all(digits.train()));
        Dataset valid = new Images(Step1Sgd.all(digits.valid()));
        DataLoaders data = new DataLoaders(
                new DataLoader(train, o -> {
                    o.batchSize = Step1Sgd.BATCH;
                    o.sampler = Sampler.shuffled(1); // anew in each epoch, the same in each run
                }),
                new DataLoader(valid, o -> o.batchSize = 2 * Step1Sgd.BATCH)); // no gradients to keep: room for more

        Rng.global().seed(1);
        Module model = Step2Modules.model();
        fit(1, model, Losses.crossEntropy(), sgd(model), data);
    }

    /** The data of all lessons from here on. */
    static DataLoaders data() {
        return Digits.make(1).loaders(o -> o.batchSize = Step1Sgd.BATCH);
    }

    /** The optimizer of all lessons from here on. */
    static Optimizer sgd(Module model) {
        return Optimizers.sgd(o -> o.lr = Step1Sgd.LR).create(model.parameters());
    }

    /** Five arguments, and each new wish would add one: the next step mends that. */
    static Result fit(int epochs, Module model, Loss lossFunction, Optimizer optimizer, DataLoaders data) {
        Result result = new Result(Double.NaN, Double.NaN);
        for (int epoch = 0; epoch < epochs; epoch++) {
            model.train(); // dropout and batch norm behave differently below
            Iterator<Batch> batches = data.train().epoch(epoch).iterator();
            while (batches.hasNext()) {
                try (Scope scope = Scope.open()) { // owns the batch, too
                    Batch batch = batches.next();
                    lossFunction
                            .apply(model.forward(batch.input()), batch.target())
                            .backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                }
            }
            result = validate(model, lossFunction, data.valid());
            System.out.printf("epoch %d: loss %.4f, accuracy %.4f%n", epoch, result.loss(), result.accuracy());
        }
        return result;
    }

    static Result validate(Module model, Loss lossFunction, DataLoader loader) {
        model.eval();
        double loss = 0;
        double accuracy = 0;
        Iterator<Batch> batches = loader.epoch(0).iterator();
        try (NoGrad off = NoGrad.open()) {
            while (batches.hasNext()) {
                try (Scope scope = Scope.open()) {
                    Batch batch = batches.next();
                    Tensor pred = model.forward(batch.input());
                    loss += lossFunction.apply(pred, batch.target()).item() * batch.size();
                    accuracy += Step1Sgd.accuracy(pred, batch.target()).item() * batch.size();
                }
            }
        }
        int samples = loader.dataset().size();
        return new Result(loss / samples, accuracy / samples);
    }
}
