package dev.cadenza.lessons;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Digits;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Recurrent;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;

/**
 * Play seven techniques in Cadenza's loop, none of them longer than 20 lines.
 *
 * <p>Each is whole: nothing in the loop, the model or another technique knows of it. Those that Cadenza has ready in
 * {@code train} and {@code callback} do more, and refuse what makes no sense.
 */
public final class SevenTechniques {
    private SevenTechniques() {}

    /** Stops the fit after 10 iterations. */
    static final class TestCallback implements Callback {
        @Override
        public void afterStep(Learner learn) {
            if (learn.iteration() >= 10) {
                throw Cancel.fit("10 iterations are enough");
            }
        }
    }

    /** Writes down learning rate and loss of each training batch. */
    record Recorder(List<Double> lrs, List<Double> losses) implements Callback {
        Recorder() {
            this(new ArrayList<>(), new ArrayList<>());
        }

        @Override
        public void beforeFit(Learner learn) {
            lrs.clear();
            losses.clear();
        }

        @Override
        public void afterBatch(Learner learn) {
            if (learn.training() && learn.outcome().kind() == Outcome.Kind.COMPLETED) {
                lrs.add(learn.optimizer().get(Hyper.LR)); // of the last group
                losses.add(learn.loss().item()); // a number: the tensor ends with the batch
            }
        }
    }

    /** Sets a hyper-parameter, any one, before each training batch: a function of the progress of the fit, 0 to 1. */
    record ParamScheduler(Hyper hyper, DoubleUnaryOperator schedule) implements Callback {
        @Override
        public void beforeBatch(Learner learn) {
            if (learn.training()) {
                learn.optimizer().set(hyper.is(schedule.applyAsDouble(learn.progress())));
            }
        }
    }

    /** Averages loss and a metric over the samples of the epoch, of training and of validation. */
    record AvgStats(BinaryOperator<Tensor> metric, Map<Boolean, double[]> sums) implements Callback {
        AvgStats(BinaryOperator<Tensor> metric) {
            this(metric, new HashMap<>());
        }

        @Override
        public void beforeEpoch(Learner learn) {
            sums.clear();
        }

        @Override
        public void afterLoss(Learner learn) {
            Tensor value = metric.apply(learn.pred(), learn.batch().target());
            double[] values = {learn.loss().item(), value.item(), 1};
            double[] sum = sums.computeIfAbsent(learn.training(), phase -> new double[3]);
            Arrays.setAll(sum, i -> sum[i] + values[i] * learn.batch().size());
        }

        double[] averages(boolean training) {
            double[] sum = sums.get(training);
            return new double[] {sum[0] / sum[2], sum[1] / sum[2]};
        }
    }

    /** Lets recurrent modules forget the last text: each training and each validation begins another. */
    static final class ModelResetter implements Callback {
        @Override
        public void beforeTrain(Learner learn) {
            recurrent(learn).forEach(Recurrent::reset);
        }

        @Override
        public void beforeValidate(Learner learn) {
            recurrent(learn).forEach(Recurrent::reset);
        }
    }

    /**
     * Keeps what a recurrent module gives small (AR, times alpha), and the same from one step of time to the next (TAR,
     * times beta): Merity et al., Revisiting Activation Regularization for Language RNNs, 2017.
     */
    record RNNRegularizer(double alpha, double beta) implements Callback {
        @Override
        public void afterLoss(Learner learn) {
            if (learn.training()) {
                recurrent(learn).forEach(rnn -> learn.loss(regularized(learn.loss(), rnn)));
            }
        }

        private Tensor regularized(Tensor loss, Recurrent rnn) {
            Tensor h = rnn.rawOutput();
            long steps = h.size(1) - 1;
            Tensor withAr = loss.add(rnn.droppedOutput().square().mean(), alpha);
            if (beta == 0 || steps == 0) { // the mean of nothing is NaN
                return withAr;
            }
            Tensor change = h.narrow(1, 1, steps).sub(h.narrow(1, 0, steps));
            return withAr.add(change.square().mean(), beta);
        }
    }

    /** Stops the fit at the first loss that is no number. */
    static final class TerminateOnNaN implements Callback {
        @Override
        public void afterBatch(Learner learn) {
            boolean whole = learn.outcome().kind() == Outcome.Kind.COMPLETED; // or else there may be no loss
            if (whole && !Double.isFinite(learn.loss().item())) {
                throw Cancel.fit("loss is " + learn.loss().item() + " at iteration " + learn.iteration());
            }
        }
    }

    private static Stream<Recurrent> recurrent(Learner learn) {
        return learn.model().namedModules().values().stream()
                .filter(Recurrent.class::isInstance)
                .map(Recurrent.class::cast);
    }

    /** Run the lesson. */
    public static void main(String[] args) {
        Rng.global().seed(1);
        DataLoaders data = Step3Loaders.data();
        stopAfterTen(Step6Cancel.learner(data));
        schedule(Step6Cancel.learner(data));
        terminate(Step6Cancel.learner(data));
        regularize();
    }

    private static void stopAfterTen(Learner learn) {
        learn.fit(1, new TestCallback());
        System.out.println("TestCallback: " + learn.outcome());
    }

    private static void schedule(Learner learn) {
        Recorder recorder = new Recorder();
        AvgStats stats = new AvgStats(Step1Sgd::accuracy);
        ParamScheduler warmUp = new ParamScheduler(Hyper.LR, progress -> 0.5 * Math.min(1, 0.01 + 5 * progress));
        learn.fit(1, warmUp, recorder, stats);
        int last = recorder.losses().size() - 1;
        System.out.println("ParamScheduler, Recorder: lr from " + recorder.lrs().get(0) + " to "
                + recorder.lrs().get(last) + ", loss from " + recorder.losses().get(0) + " to "
                + recorder.losses().get(last));
        System.out.println("AvgStats: train " + Arrays.toString(stats.averages(true)) + ", valid "
                + Arrays.toString(stats.averages(false)));
    }

    private static void terminate(Learner learn) {
        learn.fit(1, 1e30, new TerminateOnNaN());
        System.out.println("TerminateOnNaN: " + learn.outcome());
    }

    private static void regularize() {
        DataLoaders data = Digits.make(1).loaders(o -> o.batchSize = 256);
        Learner learn = new Learner(data, new StripReader(), Losses.crossEntropy())
                .optimizer(Optimizers.adam(o -> o.lr = 1e-2))
                .metrics(Metrics.accuracy())
                .add(new ModelResetter(), new RNNRegularizer(0.1, 0.1));
        learn.fit(1);
        System.out.println("ModelResetter, RNNRegularizer: " + learn.recorder().lastEpoch());
    }
}
