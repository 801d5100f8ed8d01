package dev.cadenza.lessons;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Let others play in the loop, second version: callbacks answer true for "stop".
 *
 * <p>A {@link Runner} is loop, state and handler in one, so that a callback finds everything in one place and may change
 * anything. Callbacks have an {@link Callback#order order}. Even the switch between training and validation and the
 * counters are a callback, {@link TrainEvalCallback}.
 *
 * <p>True means the opposite of the version before, and still something else at each place: from {@code beginEpoch} it
 * leaves out training but not validation, from {@code beginValidate} validation, from {@code afterEpoch} it ends the
 * fit, from {@code afterBatch} and {@code afterFit} it does nothing but hide the event from the callbacks that come
 * later. {@code run.stop} ends a phase, and the next one begins.
 */
public final class Step5Runner {
    private Step5Runner() {}

    /** What a runner trains. */
    record Learner(DataLoaders data, Module model, Loss lossFunc, Optimizer opt) {}

    /** Does nothing at any place, and does not stop. */
    abstract static class Callback {
        Runner run;

        void setRunner(Runner newRun) {
            run = newRun;
        }

        /** Less plays earlier; of equals the one that was given earlier. */
        int order() {
            return 0;
        }

        boolean beginFit() {
            return false;
        }

        boolean afterFit() {
            return false;
        }

        boolean beginEpoch() {
            return false;
        }

        boolean beginValidate() {
            return false;
        }

        boolean afterEpoch() {
            return false;
        }

        boolean beginBatch() {
            return false;
        }

        boolean afterPred() {
            return false;
        }

        boolean afterLoss() {
            return false;
        }

        boolean afterBackward() {
            return false;
        }

        boolean afterStep() {
            return false;
        }

        boolean afterBatch() {
            return false;
        }
    }

    /** Counts, and tells the model whether it trains; every runner has it, before all others of its order. */
    static final class TrainEvalCallback extends Callback {
        @Override
        boolean beginFit() {
            run.nEpochs = 0;
            run.nIter = 0;
            return false;
        }

        @Override
        boolean beginEpoch() {
            run.nEpochs = run.epoch;
            run.learn.model().train();
            run.inTrain = true;
            return false;
        }

        @Override
        boolean beginValidate() {
            run.learn.model().eval();
            run.inTrain = false;
            return false;
        }

        @Override
        boolean afterBatch() {
            if (run.inTrain) {
                run.nEpochs += 1.0 / run.iters;
                run.nIter++;
            }
            return false;
        }
    }

    /** The loop with all its state. */
    static final class Runner {
        private final List<Callback> callbacks;
        Learner learn;
        boolean stop;
        /** Null before the first epoch, which is neither training nor validation. */
        Boolean inTrain;

        int epochs;
        int epoch;
        /** Epochs done, with fractions: over {@link #epochs} it is what a schedule wants to know. */
        double nEpochs;

        int nIter;
        int iters;
        Batch batch;
        Tensor pred;
        Tensor loss;

        Runner(Callback... callbacks) {
            this.callbacks = Stream.concat(Stream.of(new TrainEvalCallback()), Stream.of(callbacks))
                    .sorted(Comparator.comparingInt(Callback::order))
                    .toList();
        }

        /** Who comes after the first that stops does not hear of it. */
        private boolean stops(Predicate<Callback> event) {
            return callbacks.stream().anyMatch(event);
        }

        private void oneBatch(Batch newBatch) {
            batch = newBatch;
            if (stops(Callback::beginBatch)) {
                return;
            }
            pred = learn.model().forward(batch.input());
            if (stops(Callback::afterPred)) {
                return;
            }
            loss = learn.lossFunc().apply(pred, batch.target());
            if (stops(Callback::afterLoss) || !inTrain) {
                return;
            }
            loss.backward();
            if (stops(Callback::afterBackward)) {
                return;
            }
            learn.opt().step();
            if (stops(Callback::afterStep)) {
                return;
            }
            learn.opt().zeroGrad();
        }

        private void allBatches(DataLoader loader) {
            iters = loader.size();
            Iterator<Batch> batches = loader.epoch(epoch).iterator();
            while (batches.hasNext() && !stop) {
                try (Scope scope = Scope.open()) {
                    oneBatch(batches.next());
                    stops(Callback::afterBatch);
                }
            }
            stop = false;
        }

        void fit(int newEpochs, Learner newLearn) {
            epochs = newEpochs;
            learn = newLearn;
            try {
                callbacks.forEach(callback -> callback.setRunner(this));
                if (!stops(Callback::beginFit)) {
                    allEpochs();
                }
            } finally {
                stops(Callback::afterFit);
                learn = null;
            }
        }

        private void allEpochs() {
            for (int next = 0; next < epochs; next++) {
                epoch = next; // and still the last one at afterFit
                if (!stops(Callback::beginEpoch)) {
                    allBatches(learn.data().train());
                }
                try (NoGrad off = NoGrad.open()) {
                    if (!stops(Callback::beginValidate)) {
                        allBatches(learn.data().valid());
                    }
                }
                if (stops(Callback::afterEpoch)) {
                    return;
                }
            }
        }
    }

    /** Stops after some iterations: training, that is; validation follows. */
    static final class TestCallback extends Callback {
        private final int most;
        int iterations;

        TestCallback(int most) {
            this.most = most;
        }

        @Override
        boolean beginFit() {
            iterations = 0;
            return false;
        }

        @Override
        boolean afterStep() {
            iterations++;
            run.stop |= iterations >= most;
            return false;
        }
    }

    /** Skips an epoch: its training only. */
    static final class SkipEpoch extends Callback {
        private final int skipped;

        SkipEpoch(int skipped) {
            this.skipped = skipped;
        }

        @Override
        boolean beginEpoch() {
            return run.epoch == skipped;
        }
    }

    /** Run the lesson. */
    public static void main(String[] args) {
        Rng.global().seed(1);
        Module model = Step2Modules.model();
        Learner learn = new Learner(Step3Loaders.data(), model, Losses.crossEntropy(), Step3Loaders.sgd(model));

        TestCallback test = new TestCallback(10);
        new Runner(test).fit(1, learn);
        System.out.println("stopped after " + test.iterations + " iterations");

        new Runner(new SkipEpoch(0)).fit(2, learn);
        System.out.println(
                Step3Loaders.validate(model, learn.lossFunc(), learn.data().valid()));
    }
}
