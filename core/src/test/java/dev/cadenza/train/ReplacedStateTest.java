package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Reduction;
import dev.cadenza.optim.Hyper;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What happens to what callbacks replace. */
class ReplacedStateTest {
    @Test
    void a_replaced_batch_is_what_the_model_and_the_loss_get() {
        Learner learn = TinyProblem.learner();
        learn.fit(
                1,
                Callback.on(Event.BEFORE_BATCH, l -> l.batch(Batch.of(Tensor.zeros(2, 1), Tensor.ones(2, 1)))),
                Callback.on(Event.AFTER_PRED, l -> assertThat(l.pred().shape()).containsExactly(2, 1)),
                Callback.on(
                        Event.AFTER_LOSS,
                        l -> assertThat(l.loss().item())
                                .isEqualTo(l.pred().sub(1).square().mean().item())));
        assertThat(learn.recorder().losses()).hasSize(3);
    }

    @Test
    void a_replaced_prediction_changes_the_loss_and_a_replaced_loss_function_computes_it() {
        Learner learn = TinyProblem.learner();
        learn.fit(1, Callback.on(Event.AFTER_PRED, l -> {
            l.lossFunction(Losses.l1());
            l.pred(l.batch().target().add(l.pred().mul(0)).add(3));
        }));
        assertThat(learn.recorder().losses()).containsExactly(new double[] {3, 3, 3}, offset(1e-6));
    }

    @ParameterizedTest
    @CsvSource({"AFTER_LOSS, true", "BEFORE_BACKWARD, true", "AFTER_BACKWARD, false"})
    void a_replaced_loss_is_recorded_and_until_backward_propagated(Event at, boolean propagated) {
        Learner learn = TinyProblem.learner(1, 1);
        double before = learn.model().parameters().get(0).item();
        learn.fit(1, Callback.on(at, l -> l.loss(l.training() ? l.loss().mul(0) : l.loss())));
        assertThat(learn.recorder().losses()).containsExactly(0);
        assertThat(learn.model().parameters().get(0).item() == before).isEqualTo(propagated);
    }

    @Test
    void a_loss_that_is_not_one_number_is_an_error_that_says_what_to_do() {
        Learner learn = TinyProblem.learner();
        learn.lossFunction(Losses.mse(o -> o.reduction = Reduction.NONE));
        String message = "wanted a loss of one number, but got float32[4, 1]; average it over the samples: mean() or"
                + " Reduction.MEAN";
        assertThatThrownBy(() -> learn.fit(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
        assertThatThrownBy(learn::validate)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void other_loaders_are_taken_from_the_next_training_or_validation_on() {
        Learner learn = TinyProblem.learner(3, 2);
        DataLoaders swapped = new DataLoaders(
                /* train= */ learn.data().valid(), /* valid= */ learn.data().train());
        List<Integer> batches = new ArrayList<>();
        learn.fit(2, Callback.on(Event.BEFORE_BATCH, l -> {
            batches.add(l.batchIndex());
            l.data(swapped);
        }));
        assertThat(batches).containsExactly(0, 1, 2, 0, 1, 2, 0, 1, 0, 1, 2);
        assertThat(learn.progress()).isEqualTo(1);
    }

    @Test
    void hyper_parameters_set_by_a_callback_hold_from_then_on() {
        Learner learn = TinyProblem.learner();
        double before = learn.model().parameters().get(0).item();
        learn.fit(1, Callback.on(Event.BEFORE_FIT, l -> l.optimizer().set(Hyper.lr(0))));
        assertThat(learn.model().parameters().get(0).item()).isEqualTo(before);
        assertThat(learn.recorder().lrs()).containsOnly(0);
    }

    @Test
    void scaling_the_backward_pass_scales_gradients_and_leaves_the_recorded_loss_true() {
        List<Double> gradients = new ArrayList<>();
        Callback keep = Callback.on(
                Event.AFTER_BACKWARD,
                l -> gradients.add(l.model().parameters().get(0).grad().item()));
        Learner plain = TinyProblem.learner(1, 1);
        plain.fit(1, keep);
        Learner scaled = TinyProblem.learner(1, 1);
        scaled.fit(
                1,
                keep,
                Callback.on(Event.BEFORE_BATCH, l -> l.scaleBackward(2)),
                Callback.on(Event.BEFORE_BACKWARD, l -> l.scaleBackward(4)));
        assertThat(gradients.get(1)).isEqualTo(8 * gradients.get(0));
        assertThat(scaled.recorder().losses()).isEqualTo(plain.recorder().losses());
        assertThatThrownBy(() -> scaled.fit(1, Callback.on(Event.AFTER_LOSS, l -> l.scaleBackward(Double.NaN))))
                .hasMessage("wanted a finite factor, but got: NaN");
    }

    @Test
    void nothing_is_replaced_by_null() {
        TinyProblem.learner(1, 1).fit(1, Callback.on(Event.AFTER_LOSS, l -> {
            assertThatNullPointerException().isThrownBy(() -> l.batch(null));
            assertThatNullPointerException().isThrownBy(() -> l.pred(null));
            assertThatNullPointerException().isThrownBy(() -> l.loss(null));
        }));
    }
}
