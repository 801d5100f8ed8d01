package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import org.junit.jupiter.api.Test;

class TerminateOnNaNTest {
    private final Learner learn = TinyProblem.learner(new TerminateOnNaN());

    @Test
    void the_end_says_which_loss_of_which_batch() {
        learn.fit(2, Callback.on(Event.AFTER_LOSS, l -> {
            if (l.iteration() == 4) {
                l.loss(l.loss().mul(Double.NEGATIVE_INFINITY));
            }
        }));
        assertThat(learn.outcome()).hasToString("cancelled: the loss is -Infinity in batch 1 of epoch 1");
    }

    @Test
    void a_batch_that_was_left_before_its_loss_does_no_harm() {
        learn.fit(1, Callback.on(Event.BEFORE_BATCH, l -> {
            throw Cancel.batch("test");
        }));
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
    }

    @Test
    void a_loss_of_validation_is_recorded_as_what_it_is() {
        Callback breaks = Callback.on(Event.AFTER_LOSS, l -> {
            if (!l.training() && l.batchIndex() == 1) {
                l.loss(l.loss().mul(Double.NaN));
            }
        });
        learn.fit(1, breaks);
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
        assertThat(learn.recorder().lastEpoch().get("valid_loss")).isNaN();
        assertThat(learn.validate(breaks).get("valid_loss")).isNaN();
    }

    @Test
    void the_best_model_so_far_can_be_had_back() {
        SaveBest best = new SaveBest();
        learn.fit(3, best, Callback.on(Event.AFTER_LOSS, l -> {
            if (l.training() && l.epoch() == 1) {
                l.loss(l.loss().mul(Double.NaN));
            }
        }));
        assertThat(best.bestEpoch()).hasValue(0);
        assertThat(learn.model().parameters()).allMatch(p -> Double.isFinite(p.item()));
    }
}
