package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.BatchNorm;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Recurrent;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Recurrent regularisation, frozen normalisation, averaged weights and loaders that change. */
@ExtendWith(InScope.class)
class RegularisationTest {
    private record Stored(Tensor rawOutput, Tensor droppedOutput) implements Recurrent {
        @Override
        public void reset() {}
    }

    @TestFactory
    Stream<DynamicTest> the_recurrent_penalties_are_those_of_fastai() {
        return Golden.maps(Golden.read("metrics_losses.json").get("rnn_regularizer")).stream()
                .map(golden -> dynamicTest(
                        "alpha " + golden.get("alpha") + ", beta " + golden.get("beta"), () -> penalty(golden)));
    }

    private static void penalty(Map<String, Object> golden) {
        RNNRegularizer.Options[] chosen = new RNNRegularizer.Options[1];
        new RNNRegularizer(o -> {
            o.alpha = Golden.number(golden.get("alpha"));
            o.beta = Golden.number(golden.get("beta"));
            chosen[0] = o;
        });
        Tensor base =
                Tensor.of(new double[] {Golden.number(golden.get("base_loss"))}).sum();
        Stored rnn = new Stored(Golden.tensor(golden.get("raw_out")), Golden.tensor(golden.get("out")));
        assertThat(RNNRegularizer.regularize(base, rnn, chosen[0]).item())
                .isCloseTo(Golden.number(golden.get("loss_exact")), within(1e-8));
    }

    @Test
    void the_penalties_are_of_training_only_and_need_a_recurrent_module() {
        double[] loss = new double[1];
        List<Boolean> changed = new ArrayList<>();
        Callback before = Callback.on(Event.AFTER_LOSS, l -> loss[0] = l.loss().item()); // added first, of order 0
        Shipped.learner().fit(1, before, new RNNRegularizer(), new Callback() {
            @Override
            public double order() {
                return 2;
            }

            @Override
            public void afterLoss(Learner learn) {
                changed.add(learn.loss().item() != loss[0]);
            }
        });
        assertThat(changed).containsExactly(true, true, true, false, false);
        for (Callback callback : List.of(new RNNRegularizer(), new ModelResetter())) {
            assertThatThrownBy(() -> TinyProblem.learner(callback).fit(1))
                    .isInstanceOf(PlanException.class)
                    .hasMessageContaining("works on modules that are Recurrent, but the model has none");
        }
        assertThatThrownBy(() -> new RNNRegularizer(o -> o.beta = -1)).hasMessageContaining("2.0 and -1.0");
    }

    @Test
    void a_recurrent_model_begins_anew_before_training_and_validation_and_after_the_fit() {
        List<Event> resets = new ArrayList<>();
        Event[] at = new Event[1];
        Module model = new Resetting(() -> resets.add(at[0]));
        Learner learn = new Learner(TinyProblem.learner().data(), model, dev.cadenza.nn.Losses.mse());
        for (Event event : List.of(Event.BEFORE_TRAIN, Event.BEFORE_VALIDATE, Event.AFTER_FIT)) {
            learn.add(Callback.on(event, l -> at[0] = event));
        }
        learn.fit(2, new ModelResetter());
        assertThat(resets)
                .containsExactly(
                        Event.BEFORE_TRAIN,
                        Event.BEFORE_VALIDATE,
                        Event.BEFORE_TRAIN,
                        Event.BEFORE_VALIDATE,
                        Event.AFTER_FIT);
    }

    private static final class Resetting extends Module implements Recurrent {
        private final dev.cadenza.nn.Linear linear = new dev.cadenza.nn.Linear(1, 1);
        private final Runnable onReset;

        Resetting(Runnable onReset) {
            this.onReset = onReset;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return linear.forward(x);
        }

        @Override
        public void reset() {
            onReset.run();
        }

        @Override
        public Tensor rawOutput() {
            return null;
        }

        @Override
        public Tensor droppedOutput() {
            return null;
        }
    }

    private static BatchNorm norm(Learner learn) {
        return (BatchNorm) learn.model().namedModules().get("norm");
    }

    @Test
    void frozen_normalisation_keeps_its_statistics_and_trains_its_weights() {
        Learner learn = Shipped.learner();
        double[] mean = learn.model().stateDict().get("norm.running_mean").toDoubles();
        double[] weight = norm(learn).weight().toDoubles();
        learn.fit(2, new BnFreeze());
        assertThat(learn.model().stateDict().get("norm.running_mean").toDoubles())
                .isEqualTo(mean);
        assertThat(norm(learn).weight().toDoubles()).isNotEqualTo(weight);
        assertThat(norm(learn).isTraining()).isTrue();
        learn.fit(1);
        assertThat(learn.model().stateDict().get("norm.running_mean").toDoubles())
                .isNotEqualTo(mean);
    }

    @Test
    void dropout_stays_on_in_validation_if_asked() {
        Learner learn = Shipped.learner();
        double plain = learn.validate().get("valid_loss");
        assertThat(learn.validate().get("valid_loss")).isEqualTo(plain);
        assertThat(learn.validate(new MCDropout()).get("valid_loss")).isNotEqualTo(plain);
        assertThat(learn.validate().get("valid_loss")).isEqualTo(plain);
    }

    @Test
    void the_exponential_average_is_that_of_a_plain_loop_and_is_validated_and_left_in_the_model() {
        double decay = 0.8;
        double[][] average = new double[1][];
        List<double[]> validated = new ArrayList<>();
        Learner learn = TinyProblem.learner(4, 2);
        Tensor weight = learn.model().parameters().get(0);
        average[0] = weight.toDoubles();
        learn.fit(
                2,
                WeightAverage.ema(decay),
                Callback.on(Event.AFTER_STEP, l -> {
                    average[0][0] = decay * average[0][0] + (1 - decay) * weight.toDoubles()[0];
                }),
                Callback.on(Event.AFTER_PRED, l -> {
                    if (!l.training()) {
                        validated.add(weight.toDoubles());
                        assertClose("validated", weight.toDoubles(), average[0], 0, 1e-6);
                    }
                }));
        assertThat(validated).hasSize(4);
        assertClose("after the fit", weight.toDoubles(), average[0], 0, 1e-6);
    }

    @Test
    void training_goes_on_from_its_own_weights_whatever_becomes_of_the_validation() {
        Learner plain = TinyProblem.learner();
        plain.fit(3);
        Learner averaged = TinyProblem.learner();
        averaged.fit(3, WeightAverage.ema(0.9, o -> o.leaveInModel = false), Callback.on(Event.AFTER_PRED, l -> {
            if (!l.training() && l.epoch() == 1) {
                throw Cancel.validate("test");
            }
        }));
        assertThat(averaged.digest()).isEqualTo(plain.digest());
        Learner failed = TinyProblem.learner();
        assertThatThrownBy(() -> failed.fit(3, WeightAverage.ema(0.9), Callback.on(Event.AFTER_VALIDATE, l -> {
                    if (l.epoch() == 2) {
                        throw new IllegalStateException("test");
                    }
                })))
                .hasMessage("test");
        assertThat(failed.digest()).as("a failed fit has its own weights").isEqualTo(plain.digest());
    }

    @Test
    void the_stochastic_average_is_the_mean_of_the_last_epochs_with_fresh_statistics() {
        List<double[]> weights = new ArrayList<>();
        Learner learn = Shipped.learner();
        Tensor weight = learn.model().parameters().get(0);
        learn.fit(4, WeightAverage.swa(o -> o.start = 0.5), Callback.on(Event.AFTER_EPOCH, l -> {
            if (l.epoch() >= 1) {
                weights.add(weight.toDoubles());
            }
        }));
        double[] want = new double[weights.get(0).length];
        for (int i = 0; i < want.length; i++) {
            for (double[] one : weights) {
                want[i] += one[i] / weights.size();
            }
        }
        assertClose("mean of " + weights.size(), weight.toDoubles(), want, 0, 1e-6);
        assertThat(learn.model().stateDict().get("norm.num_batches_tracked").toLongs())
                .as("as many batches as an epoch has")
                .containsExactly(3);
    }

    @Test
    void refreshed_statistics_are_the_mean_over_all_batches_and_modes_are_as_before() {
        BatchNorm1d norm = new BatchNorm1d(2);
        Module model = Sequential.of(norm);
        model.eval();
        Tensor a = Tensor.randn(8, 2).to(DType.FLOAT32);
        Tensor b = Tensor.randn(8, 2).add(3);
        BatchNorm.refresh(model, () -> {
            model.forward(a);
            model.forward(b);
        });
        Tensor want = a.mean(0).add(b.mean(0)).div(2);
        assertClose("mean", norm.stateDict().get("running_mean").toDoubles(), want.toDoubles(), 1e-5, 1e-6);
        Tensor variance = a.var(true, false, 0).add(b.var(true, false, 0)).div(2);
        assertClose("variance", norm.stateDict().get("running_var").toDoubles(), variance.toDoubles(), 1e-5, 1e-6);
        assertThat(norm.isTraining()).isFalse();
    }

    @Test
    void averages_refuse_what_makes_no_sense_and_keep_memory_flat() {
        assertThatThrownBy(() -> WeightAverage.ema(1)).hasMessage("wanted a decay above 0 and below 1, but got: 1.0");
        assertThatThrownBy(() -> WeightAverage.swa(o -> o.start = -1)).hasMessageContaining("but got: -1.0");
        assertThatThrownBy(() -> TinyProblem.learner(WeightAverage.ema(0.5), WeightAverage.swa())
                        .fit(1))
                .isInstanceOf(PlanException.class);
        List<Long> alive = new ArrayList<>();
        TinyProblem.learner(60, 30).fit(1, WeightAverage.ema(0.9), Callback.on(Event.AFTER_BATCH, l -> {
            if (l.batchIndex() == 10 || l.batchIndex() == 25) {
                alive.add(Engine.liveObjects());
            }
        }));
        assertThat(alive.get(1)).isLessThanOrEqualTo(alive.get(0));
        assertThat(alive.get(3)).isLessThanOrEqualTo(alive.get(2));
    }

    @Test
    void loaders_change_with_the_epochs_and_are_back_after_the_fit_even_if_it_fails() {
        DataLoaders small = TinyProblem.learner(1, 1).data();
        DataLoaders large = TinyProblem.learner(5, 1).data();
        Learner learn = TinyProblem.learner();
        DataLoaders before = learn.data();
        List<Integer> batches = new ArrayList<>();
        ProgressiveResizing resizing = new ProgressiveResizing(o -> {
            o.from(1, small);
            o.from(3, large);
        });
        learn.fit(4, resizing, Callback.on(Event.AFTER_STEP, l -> {
            if (l.batchIndex() == 0) {
                batches.add(l.batches());
            }
        }));
        assertThat(batches).containsExactly(3, 1, 1, 5);
        assertThat(learn.data()).isSameAs(before);
        assertThatThrownBy(() -> learn.fit(4, resizing, Callback.on(Event.BEFORE_VALIDATE, l -> {
                    if (l.epoch() == 3) {
                        throw new IllegalStateException("test");
                    }
                })))
                .hasMessage("test");
        assertThat(learn.data()).isSameAs(before);
        assertThatThrownBy(() -> new ProgressiveResizing(o -> {})).hasMessageContaining("but got none");
        assertThatThrownBy(() -> new ProgressiveResizing(o -> o.from(-1, small)))
                .hasMessageContaining("but got: -1");
    }
}
