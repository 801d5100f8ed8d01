package dev.cadenza.lessons;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * Let others play in the loop, first version: callbacks answer true for "go on".
 *
 * <p>A {@link Learner} holds what {@code fit} had as arguments. At marked places the loop asks a {@link CallbackHandler}
 * whether to go on, which asks each {@link Callback} until one says no. What a no means depends on the place: no batch,
 * no step, no epoch, no training at all. A callback may raise {@code learn.stop}, too; it ends the batches that are
 * going on, and whoever asks lowers it again.
 *
 * <p>In Python this version has two traps. A {@code begin_fit} that forgets its {@code return True} returns None, which
 * counts as no, and nothing is ever trained; and a {@code learn} that should be {@code self.learn} works as long as
 * there happens to be a global one. Java's compiler finds both.
 */
public final class Step4CallbackHandler {
    private Step4CallbackHandler() {}

    /** What belongs together. Its fields may be replaced in the middle of training: the loop reads them each time. */
    static final class Learner {
        Module model;
        Optimizer opt;
        Loss lossFunc;
        DataLoaders data;
        boolean stop;

        Learner(DataLoaders data, Module model, Loss lossFunc, Optimizer opt) {
            this.data = data;
            this.model = model;
            this.lossFunc = lossFunc;
            this.opt = opt;
        }
    }

    /** Does nothing at any place, and goes on. */
    abstract static class Callback {
        Learner learn;

        boolean beginFit(Learner learn) {
            this.learn = learn;
            return true;
        }

        boolean afterFit() {
            return true;
        }

        boolean beginEpoch(int epoch) {
            return true;
        }

        boolean beginValidate() {
            return true;
        }

        boolean afterEpoch() {
            return true;
        }

        boolean beginBatch(Batch batch) {
            return true;
        }

        boolean afterLoss(Tensor loss) {
            return true;
        }

        boolean afterBackward() {
            return true;
        }

        boolean afterStep() {
            return true;
        }
    }

    /** Asks all callbacks, and switches between training and validation. */
    static final class CallbackHandler {
        private final List<Callback> callbacks;
        Learner learn;
        boolean inTrain;

        CallbackHandler(Callback... callbacks) {
            this.callbacks = List.of(callbacks);
        }

        /** Who comes after the first no is not asked. */
        private boolean all(Predicate<Callback> goesOn) {
            return callbacks.stream().allMatch(goesOn);
        }

        boolean beginFit(Learner newLearn) {
            learn = newLearn;
            learn.stop = false;
            inTrain = true;
            return all(callback -> callback.beginFit(newLearn));
        }

        boolean afterFit() {
            return !inTrain && all(Callback::afterFit);
        }

        boolean beginEpoch(int epoch) {
            learn.model.train();
            inTrain = true;
            return all(callback -> callback.beginEpoch(epoch));
        }

        boolean beginValidate() {
            learn.model.eval();
            inTrain = false;
            return all(Callback::beginValidate);
        }

        boolean afterEpoch() {
            return all(Callback::afterEpoch);
        }

        boolean beginBatch(Batch batch) {
            return all(callback -> callback.beginBatch(batch));
        }

        /** In validation there is nothing after the loss. */
        boolean afterLoss(Tensor loss) {
            return inTrain && all(callback -> callback.afterLoss(loss));
        }

        boolean afterBackward() {
            return all(Callback::afterBackward);
        }

        boolean afterStep() {
            return all(Callback::afterStep);
        }

        boolean doStop() {
            boolean stop = learn.stop;
            learn.stop = false;
            return stop;
        }
    }

    static void oneBatch(Batch batch, CallbackHandler cb) {
        if (!cb.beginBatch(batch)) {
            return;
        }
        Tensor loss = cb.learn.lossFunc.apply(cb.learn.model.forward(batch.input()), batch.target());
        if (!cb.afterLoss(loss)) {
            return;
        }
        loss.backward();
        if (cb.afterBackward()) {
            cb.learn.opt.step();
        }
        if (cb.afterStep()) {
            cb.learn.opt.zeroGrad();
        }
    }

    static void allBatches(Iterator<Batch> batches, CallbackHandler cb) {
        while (batches.hasNext()) {
            try (Scope scope = Scope.open()) {
                oneBatch(batches.next(), cb);
            }
            if (cb.doStop()) {
                return;
            }
        }
    }

    static void fit(int epochs, Learner learn, CallbackHandler cb) {
        if (!cb.beginFit(learn)) {
            return;
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            if (!cb.beginEpoch(epoch)) {
                continue;
            }
            allBatches(learn.data.train().epoch(epoch).iterator(), cb);
            if (cb.beginValidate()) {
                try (NoGrad off = NoGrad.open()) {
                    allBatches(learn.data.valid().epoch(epoch).iterator(), cb);
                }
            }
            if (cb.doStop() || !cb.afterEpoch()) {
                break;
            }
        }
        cb.afterFit();
    }

    /** Stops after some iterations: the flag goes up, the answer stays true. */
    static final class TestCallback extends Callback {
        private final int most;
        int iterations;

        TestCallback(int most) {
            this.most = most;
        }

        @Override
        boolean beginFit(Learner learn) {
            iterations = 0;
            return super.beginFit(learn);
        }

        @Override
        boolean afterStep() {
            iterations++;
            if (iterations >= most) {
                learn.stop = true;
            }
            return true;
        }
    }

    /** Skips an epoch: a no in {@code beginEpoch} leaves out its validation and its {@code afterEpoch}, too. */
    static final class SkipEpoch extends Callback {
        private final int skipped;

        SkipEpoch(int skipped) {
            this.skipped = skipped;
        }

        @Override
        boolean beginEpoch(int epoch) {
            return epoch != skipped;
        }
    }

    /** Run the lesson. */
    public static void main(String[] args) {
        Rng.global().seed(1);
        Module model = Step2Modules.model();
        Learner learn = new Learner(Step3Loaders.data(), model, Losses.crossEntropy(), Step3Loaders.sgd(model));

        TestCallback test = new TestCallback(10);
        fit(1, learn, new CallbackHandler(test));
        System.out.println("stopped after " + test.iterations + " iterations");

        fit(2, learn, new CallbackHandler(new SkipEpoch(0)));
        System.out.println(Step3Loaders.validate(model, learn.lossFunc, learn.data.valid()));
    }
}
