package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Recurrent;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** ModelResetter and RNNRegularizer. */
@ExtendWith(InScope.class)
class RecurrentCallbacksTest {
    /** A module that shows what it is given, as steps of time, and writes down when it is reset. */
    private static final class Remembering extends Module implements Recurrent {
        private final Linear linear = new Linear(1, 1);
        private final List<String> log;
        private Tensor raw;
        private Tensor dropped;

        Remembering(List<String> log) {
            this.log = log;
        }

        @Override
        protected Tensor compute(Tensor x) {
            Tensor y = linear.forward(x);
            raw = y.unsqueeze(0);
            dropped = raw.mul(0.5);
            return y;
        }

        @Override
        public void reset() {
            log.add("reset");
        }

        @Override
        public Tensor rawOutput() {
            return raw;
        }

        @Override
        public Tensor droppedOutput() {
            return dropped;
        }
    }

    private static Learner learner(List<String> log) {
        Learner tiny = TinyProblem.learner();
        return new Learner(tiny.data(), Sequential.of(new Remembering(log)), Losses.mse())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.1));
    }

    @Test
    void the_regularizer_matches_fastai() {
        List<Map<String, Object>> cases =
                Golden.maps(Golden.read("metrics_losses.json").get("rnn_regularizer"));
        assertThat(cases).hasSize(4).allSatisfy(golden -> {
            Tensor loss = Losses.crossEntropy(o -> o.classesLast = true)
                    .apply(Golden.tensor(golden.get("pred")), Golden.tensor(golden.get("target")));
            double[] base = {Golden.number(golden.get("base_loss"))};
            assertClose("base", loss.toDoubles(), base, 1e-9, 1e-12);
            Remembering rnn = new Remembering(List.of());
            rnn.raw = Golden.tensor(golden.get("raw_out"));
            rnn.dropped = Golden.tensor(golden.get("out"));
            Tensor got = new RNNRegularizer(o -> {
                        o.alpha = Golden.number(golden.get("alpha"));
                        o.beta = Golden.number(golden.get("beta"));
                    })
                    .regularize(loss, rnn);
            double[] want = {Golden.number(golden.get("loss_exact"))};
            assertClose("loss", got.toDoubles(), want, 1e-9, 1e-12);
        });
    }

    @Test
    void one_step_of_time_has_no_change_to_punish() {
        Remembering rnn = new Remembering(List.of());
        rnn.raw = Tensor.ones(2, 1, 3);
        rnn.dropped = Tensor.ones(2, 1, 3);
        assertThat(new RNNRegularizer().regularize(Tensor.scalar(1), rnn).item())
                .isEqualTo(3);
    }

    @Test
    void a_module_without_output_is_told() {
        assertThatThrownBy(() -> new RNNRegularizer().regularize(Tensor.scalar(1), new Remembering(List.of())))
                .isInstanceOf(NullPointerException.class)
                .hasMessageContaining("droppedOutput() of Remembering is null");
    }

    @Test
    void only_the_loss_of_training_is_regularised_and_it_is_trained() {
        List<String> log = new ArrayList<>();
        Learner plain = learner(log);
        Learner learn = learner(log);
        learn.model().loadStateDict(plain.model().stateDict());
        plain.fit(1, 0);
        learn.fit(1, 0, new RNNRegularizer());
        assertThat(learn.recorder().lastEpoch().get("valid_loss"))
                .isEqualTo(plain.recorder().lastEpoch().get("valid_loss"));
        assertThat(learn.recorder().lastEpoch().get("train_loss"))
                .isGreaterThan(plain.recorder().lastEpoch().get("train_loss"));
        plain.fit(1, 0.1);
        learn.fit(1, 0.1, new RNNRegularizer());
        assertThat(learn.digest()).isNotEqualTo(plain.digest());
    }

    @Test
    void the_model_is_reset_before_training_before_validation_and_after_the_fit() {
        List<String> log = new ArrayList<>();
        Learner learn = learner(log).add(new ModelResetter());
        learn.fit(2, Callback.on(Event.AFTER_TRAIN, l -> log.add("trained")));
        assertThat(log).containsExactly("reset", "trained", "reset", "reset", "trained", "reset", "reset");
        log.clear();
        assertThatThrownBy(() -> learn.fit(1, Callback.on(Event.BEFORE_STEP, l -> {
                    throw new IllegalStateException("test");
                })))
                .hasMessage("test");
        assertThat(log).containsExactly("reset", "reset");
    }

    @Test
    void a_model_without_a_recurrent_module_is_refused() {
        assertThatThrownBy(() -> TinyProblem.learner(new ModelResetter(), new RNNRegularizer())
                        .fit(1))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("ModelResetter works on modules that are Recurrent, but the model has none")
                .hasMessageContaining("RNNRegularizer works on modules that are Recurrent, but the model has none");
    }

    @Test
    void factors_below_0_are_refused() {
        assertThatThrownBy(() -> new RNNRegularizer(o -> o.alpha = -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted alpha and beta of 0 or more, but got: -1.0 and 1.0");
        assertThatThrownBy(() -> new RNNRegularizer(o -> o.beta = Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
