package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.lessons.Step4CallbackHandler.CallbackHandler;
import dev.cadenza.lessons.Step5Runner.Runner;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Close;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What the steps say of their loops; the golden tests hold the events of steps 4 and 5 to the originals. */
@ExtendWith(InScope.class)
class LoopsTest {
    private static double[] weights(Module model) {
        return Tensor.cat(model.parameters().stream().map(p -> p.flatten(0)).toList(), 0)
                .toDoubles();
    }

    @Test
    void the_optimizer_from_nothing_and_cadenzas_agree() {
        Tensor x = Tensor.zeros(100, 3).normal_(0, 1, new Rng(1));
        Batch all = Batch.of(x, x.mul(2));
        Rng.global().seed(1);
        Module byHand = new Linear(3, 3);
        Rng.global().seed(1);
        Module cadenzas = new Linear(3, 3);
        Step2Modules.fit(byHand, Losses.mse(), new Step2Modules.Sgd(byHand.parameters(), 0.1), all);
        Optimizer sgd = Optimizers.sgd(o -> o.lr = 0.1).create(cadenzas.parameters());
        for (int start : new int[] {0, 64}) {
            int length = start == 0 ? 64 : 36;
            Tensor part = x.narrow(0, start, length);
            Losses.mse().apply(cadenzas.forward(part), part.mul(2)).backward();
            sgd.step();
            sgd.zeroGrad();
        }
        Close.assertClose("weights", weights(byHand), weights(cadenzas), 1e-6, 1e-7); // Cadenza's rounds once less
    }

    @Test
    void the_data_set_from_nothing_gives_the_batches_of_cadenzas() {
        Batch all = Batch.of(Tensor.arange(12).reshape(6, 2), Tensor.arange(6));
        Batch got = new Step3Loaders.Images(all).batch(new int[] {5, 0, 3});
        Batch want = new TensorDataset(all.input(), all.target()).batch(new int[] {5, 0, 3});
        assertThat(got.input().equal(want.input())).isTrue();
        assertThat(got.target().equal(want.target())).isTrue();
    }

    @Test
    void the_loops_of_steps_3_to_6_give_the_same_weights() {
        Learner learn = TinyProblem.learner();
        learn.fit(2);
        Learner third = TinyProblem.learner();
        Step3Loaders.fit(2, third.model(), third.lossFunction(), third.optimizer(), third.data());
        Step4CallbackHandler.Learner fourth = CallbackHandlerGoldenTest.learner(3, 2);
        Step4CallbackHandler.fit(2, fourth, new CallbackHandler());
        Step5Runner.Learner fifth = RunnerGoldenTest.learner(3, 2);
        new Runner().fit(2, fifth);
        assertThat(weights(third.model())).containsExactly(weights(learn.model()));
        assertThat(weights(fourth.model)).containsExactly(weights(learn.model()));
        assertThat(weights(fifth.model())).containsExactly(weights(learn.model()));
    }

    @Test
    void a_callback_that_returns_false_in_begin_epoch_skips_the_epoch_in_step_4() {
        List<Integer> ended = new ArrayList<>();
        Step4CallbackHandler.fit(
                3,
                CallbackHandlerGoldenTest.learner(3, 2),
                new CallbackHandler(new Step4CallbackHandler.SkipEpoch(1), new Step4CallbackHandler.Callback() {
                    private int epoch;

                    @Override
                    boolean beginEpoch(int newEpoch) {
                        epoch = newEpoch;
                        return true;
                    }

                    @Override
                    boolean afterEpoch() {
                        return ended.add(epoch);
                    }
                }));
        assertThat(ended).containsExactly(0, 2);
    }

    @Test
    void a_callback_that_returns_true_in_begin_epoch_skips_only_its_training_in_step_5() {
        RunnerLog log = new RunnerLog(1);
        new Runner(new Step5Runner.SkipEpoch(0), log).fit(1, RunnerGoldenTest.learner(3, 1));
        assertThat(log.entries.stream().map(entry -> entry.get(0)))
                .containsExactly(
                        "begin_fit",
                        "begin_validate",
                        "begin_batch",
                        "after_pred",
                        "after_loss",
                        "after_batch",
                        "after_epoch",
                        "after_fit");
    }

    @Test
    void a_runner_that_fails_still_plays_after_fit() {
        RunnerLog log = new RunnerLog(0);
        Step5Runner.Learner tiny = RunnerGoldenTest.learner(3, 1);
        Step5Runner.Learner broken = new Step5Runner.Learner(
                tiny.data(),
                tiny.model(),
                (pred, target) -> {
                    throw new IllegalStateException("no loss");
                },
                tiny.opt());
        assertThatThrownBy(() -> new Runner(log).fit(1, broken)).hasMessage("no loss");
        assertThat(log.entries.get(log.entries.size() - 1).get(0)).isEqualTo("after_fit");
    }

    @Test
    void a_cancel_tells_what_was_left_and_why_in_step_6() {
        Learner learn = TinyProblem.learner(14, 2);
        learn.fit(2, new Step6Cancel.TestCallback(10));
        assertThat(learn.iteration()).isEqualTo(10);
        assertThat(learn.outcome().cancel()).isInstanceOf(Cancel.class).hasMessage("10 iterations are enough");
        learn.fit(3, new Step6Cancel.SkipEpoch(1));
        assertThat(learn.recorder().epochs().stream()
                        .map(epoch -> epoch.values().size()))
                .containsExactly(2, 0, 2);
    }
}
