/**
 * Train: the loop, written once, and the places in it where callbacks play.
 *
 * <p>A {@link dev.cadenza.train.Learner} brings data, model, loss and optimizer together and runs the loop that stands
 * in {@link dev.cadenza.train.Event}. A technique, from gradient clipping to early stopping, is a
 * {@link dev.cadenza.train.Callback}: it overrides the hooks of the events at which it plays.
 *
 * <p><b>Spans.</b> A fit has epochs, an epoch has a training and a validation, each of them has batches, and a training
 * batch has a step: these are the {@link dev.cadenza.train.Span}s. Whoever saw a fit, epoch, training, validation or
 * batch begin sees it end, exactly once, even if an exception leaves it; {@code learn.outcome()} says how it ended. The
 * exception then reaches the caller of {@code fit} as it was.
 *
 * <p><b>Cancel.</b> To leave a span early, throw a {@link dev.cadenza.train.Cancel} from anywhere in it:
 * {@code Cancel.fit(why)} stops training, {@code Cancel.batch(why)} skips a batch. It never reaches the caller. A
 * cancelled batch is in no average; cancelled before its step, its gradients stay and add to those of the next, which
 * is gradient accumulation.
 *
 * <p><b>Files.</b> {@code learn.save} and {@code learn.load} are for weights; {@code learn.export} writes one file that a
 * {@link dev.cadenza.predict.Predictor} predicts from, anywhere.
 *
 * <p><b>Order.</b> At each event callbacks play in one order: {@code runAfter} and {@code runBefore} hold, then
 * {@code order}, then the order of adding. The {@link dev.cadenza.train.Recorder}, which every learner has, is one of
 * them, with order -50: at AFTER_BATCH and AFTER_EPOCH the others find what it recorded.
 *
 * <p><b>Plan.</b> Before the first batch a fit is checked: orders that contradict each other, callbacks that exclude or
 * lack one another, schedules of hyper-parameters that no step reads, parameters that nobody trains. All that is wrong
 * is told at once, in a {@link dev.cadenza.train.PlanException}; {@code learn.describe()} writes the loop with those who
 * play in it.
 *
 * <p><b>Timeline.</b> {@code learn.timeline()} tells afterwards what changed, which callback changed it and why, and what
 * ended the fit. Who only wants to watch, and never be in the way, is a {@link dev.cadenza.train.FitObserver}.
 *
 * <p><b>State.</b> Callbacks read batch, prediction, loss, counters and all else from the learner that they get as
 * argument, and replace what they like; the table in {@code Event} tells what exists when.
 *
 * <pre>{@code
 * import dev.cadenza.data.DataLoaders;
 * import dev.cadenza.data.TensorDataset;
 * import dev.cadenza.metric.Metrics;
 * import dev.cadenza.nn.Activation;
 * import dev.cadenza.nn.Linear;
 * import dev.cadenza.nn.Losses;
 * import dev.cadenza.nn.Sequential;
 * import dev.cadenza.tensor.Tensor;
 * import dev.cadenza.train.Callback;
 * import dev.cadenza.train.Cancel;
 * import dev.cadenza.train.Event;
 * import dev.cadenza.train.Learner;
 *
 * final class Example {
 *     static final class StopWhenGood implements Callback {
 *         public double order() {
 *             return 60; // after the recorder
 *         }
 *
 *         public void afterEpoch(Learner learn) {
 *             if (learn.recorder().lastEpoch().get("valid_loss") < 0.01) {
 *                 throw Cancel.fit("good enough");
 *             }
 *         }
 *     }
 *
 *     public static void main(String[] args) {
 *         Tensor x = Tensor.randn(512, 2);
 *         Tensor y = x.narrow(1, 0, 1).mul(x.narrow(1, 1, 1));
 *         TensorDataset train = new TensorDataset(x.narrow(0, 0, 448), y.narrow(0, 0, 448));
 *         TensorDataset valid = new TensorDataset(x.narrow(0, 448, 64), y.narrow(0, 448, 64));
 *         Learner learn = new Learner(
 *                         DataLoaders.of(train, valid, o -> o.batchSize = 32),
 *                         Sequential.of(new Linear(2, 64), Activation.relu(), new Linear(64, 1)),
 *                         Losses.mse())
 *                 .metrics(Metrics.average("mae", (pred, target) -> pred.sub(target).abs().mean()))
 *                 .add(new StopWhenGood(), Callback.on(Event.BEFORE_STEP, l -> l.optimizer().grads().clipNorm_(1.0)));
 *         learn.fit(20, 0.01);
 *         System.out.println(learn.outcome() + " after " + learn.recorder().epochs().size() + " epochs");
 *         System.out.println(learn.predict(Tensor.of(new float[] {0.5f, 0.5f}, 1, 2)));
 *     }
 * }
 * }</pre>
 */
package dev.cadenza.train;
