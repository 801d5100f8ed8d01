package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the event logs of fastai do not show: outcomes, gradients, and what happens when two things go wrong. */
class CancelTest {
    private static Callback throwing(Event at, RuntimeException thrown) {
        return Callback.on(at, learn -> {
            throw thrown;
        });
    }

    private static Callback inFirstBatch(Event at, RuntimeException thrown) {
        return Callback.on(at, learn -> {
            if (learn.training() && learn.batchIndex() == 0) {
                throw thrown;
            }
        });
    }

    private static Tensor weight(Learner learn) {
        return learn.model().parameters().get(0);
    }

    private static boolean hasGradients(Learner learn) {
        return learn.model().parameters().stream().anyMatch(Tensor::hasGrad);
    }

    @Test
    void every_span_on_the_way_tells_of_the_cancel_and_those_further_out_of_their_end() {
        Cancel cancel = Cancel.epoch("test");
        Spy spy = new Spy();
        Learner learn = TinyProblem.learner();
        learn.fit(2, spy, inFirstBatch(Event.AFTER_LOSS, cancel));
        Outcome cancelled = Outcome.of(cancel);
        assertThat(spy.outcomes(Event.AFTER_BATCH)).containsExactly(cancelled, cancelled);
        assertThat(spy.outcomes(Event.AFTER_TRAIN)).containsExactly(cancelled, cancelled);
        assertThat(spy.outcomes(Event.AFTER_EPOCH)).containsExactly(cancelled, cancelled);
        assertThat(spy.outcomes(Event.AFTER_FIT)).containsExactly(Outcome.of(null));
        assertThat(spy.events()).doesNotContain(Event.BEFORE_VALIDATE, Event.AFTER_CANCEL_TRAIN);
        assertThat(learn.outcome()).hasToString("completed");
    }

    @Test
    void after_fit_the_outcome_has_the_reason() {
        Learner learn = TinyProblem.learner();
        learn.fit(5, throwing(Event.AFTER_EPOCH, Cancel.fit("enough")));
        assertThat(learn.outcome()).hasToString("cancelled: enough");
        assertThat(learn.outcome().cancel().span()).isEqualTo(Span.FIT);
        assertThat(learn.epoch()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_BATCH", "AFTER_TRAIN", "AFTER_EPOCH", "AFTER_FIT"})
    void a_failure_on_the_way_out_of_a_cancel_wins(Event at) {
        RuntimeException failure = new RuntimeException("test");
        Spy spy = new Spy();
        Learner learn = TinyProblem.learner();
        assertThat(catchThrowable(() ->
                        learn.fit(1, spy, inFirstBatch(Event.AFTER_LOSS, Cancel.fit("test")), throwing(at, failure))))
                .isSameAs(failure);
        spy.requireClosed();
        assertThat(learn.outcome()).isEqualTo(Outcome.of(failure));
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_BATCH", "AFTER_TRAIN", "AFTER_EPOCH"})
    void a_cancel_on_the_way_out_of_a_failure_is_nothing(Event at) {
        RuntimeException failure = new RuntimeException("test");
        Learner learn = TinyProblem.learner();
        assertThat(catchThrowable(
                        () -> learn.fit(1, inFirstBatch(Event.AFTER_LOSS, failure), throwing(at, Cancel.fit("test")))))
                .isSameAs(failure);
        assertThat(learn.outcome()).isEqualTo(Outcome.of(failure));
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_CANCEL_BATCH", "AFTER_BATCH"})
    void of_two_cancels_the_wider_one_wins(Event at) {
        Learner learn = TinyProblem.learner();
        learn.fit(3, inFirstBatch(Event.AFTER_LOSS, Cancel.batch("narrow")), throwing(at, Cancel.fit("wide")));
        assertThat(learn.outcome()).hasToString("cancelled: wide");
    }

    @Test
    void a_narrower_cancel_on_the_way_out_changes_nothing() {
        Learner learn = TinyProblem.learner();
        learn.fit(
                3,
                inFirstBatch(Event.AFTER_LOSS, Cancel.fit("wide")),
                throwing(Event.AFTER_BATCH, Cancel.epoch("narrow")));
        assertThat(learn.outcome()).hasToString("cancelled: wide");
    }

    @Test
    void a_cancel_for_a_span_that_is_over_is_an_error_that_says_so() {
        Learner learn = TinyProblem.learner();
        assertThatThrownBy(() -> learn.fit(1, throwing(Event.AFTER_STEP, Cancel.step("late"))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("Cancel.step(\"late\") at AFTER_STEP, but that span is not open there; open are"
                        + " [FIT, EPOCH, TRAIN, BATCH]");
    }

    @Test
    void a_cancelled_step_changes_no_parameter_and_leaves_no_gradients() {
        Learner learn = TinyProblem.learner();
        double before = weight(learn).item();
        List<Outcome> outcomes = new ArrayList<>();
        learn.fit(1, throwing(Event.BEFORE_STEP, Cancel.step("test")), Callback.on(Event.AFTER_CANCEL_STEP, l -> {
            assertThat(hasGradients(l)).isTrue();
            outcomes.add(l.outcome());
        }));
        assertThat(weight(learn).item()).isEqualTo(before);
        assertThat(hasGradients(learn)).isFalse();
        assertThat(outcomes).hasSize(3).allMatch(o -> o.toString().equals("cancelled: test"));
        assertThat(learn.recorder().losses()).as("such a batch counts").hasSize(3);
    }

    @Test
    void after_a_step_the_outcome_is_that_of_the_step() {
        List<Outcome> outcomes = new ArrayList<>();
        TinyProblem.learner().fit(1, Callback.on(Event.AFTER_STEP, l -> outcomes.add(l.outcome())));
        assertThat(outcomes).hasSize(3).containsOnly(Outcome.of(null));
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_STEP", "AFTER_CANCEL_STEP"})
    void a_batch_cancelled_after_its_step_leaves_no_gradients(Event at) {
        Learner learn = TinyProblem.learner(1, 1);
        learn.fit(
                1,
                Callback.on(Event.BEFORE_STEP, l -> {
                    if (at == Event.AFTER_CANCEL_STEP) {
                        throw Cancel.step("test");
                    }
                }),
                throwing(at, Cancel.batch("test")));
        assertThat(hasGradients(learn)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_BACKWARD", "BEFORE_STEP"})
    void a_batch_cancelled_before_its_step_adds_its_gradients_to_those_of_the_next(Event at) {
        Learner learn = TinyProblem.learner(2, 1);
        Linear reference = new Linear(1, 1);
        reference.loadStateDict(learn.model().stateDict());
        for (Batch batch : learn.data().train().epoch(0)) {
            Losses.mse().apply(reference.forward(batch.input()), batch.target()).backward();
        }
        List<double[]> sums = new ArrayList<>();
        learn.fit(1, inFirstBatch(at, Cancel.batch("test")), Callback.on(Event.BEFORE_STEP, l -> {
            for (Parameter parameter : l.model().parameters()) {
                sums.add(parameter.grad().toDoubles());
            }
        }));
        assertThat(sums)
                .containsExactly(reference.parameters().stream()
                        .map(p -> p.grad().toDoubles())
                        .toArray(double[][]::new));
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_BACKWARD", "BEFORE_STEP"})
    void gradients_of_a_fit_that_was_left_are_not_those_of_the_next(Event at) {
        Learner learn = TinyProblem.learner(1, 1);
        learn.fit(1, throwing(at, Cancel.fit("test")));
        learn.fit(1);
        Learner fresh = TinyProblem.learner(1, 1);
        fresh.fit(1);
        assertThat(learn.digest()).isEqualTo(fresh.digest());
    }
}
