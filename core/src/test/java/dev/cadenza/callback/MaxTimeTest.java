package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MaxTimeTest {
    private long seconds = 1_000;
    private final Callback second = Callback.on(Event.AFTER_LOSS, l -> seconds++);

    private MaxTime maxTime(int limit) {
        return new MaxTime(Duration.ofSeconds(limit), () -> seconds * 1_000_000_000);
    }

    @Test
    void the_first_batch_that_ends_past_the_time_is_the_last() {
        Learner learn = TinyProblem.learner(9, 2);
        learn.fit(1, second, maxTime(4));
        assertThat(learn.iteration()).isEqualTo(5);
        assertThat(learn.recorder().losses()).hasSize(5);
        assertThat(learn.recorder().lastEpoch().values()).containsOnlyKeys("train_loss");
        assertThat(learn.outcome()).hasToString("cancelled: more than 4.0s have passed");
    }

    @Test
    void a_validation_that_has_begun_is_finished() {
        Learner learn = TinyProblem.learner(3, 3);
        learn.fit(2, second, maxTime(4));
        assertThat(learn.iteration()).isEqualTo(4);
        assertThat(learn.recorder().epochs().get(0).values()).hasSize(2);
        learn.validate(second, maxTime(1));
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
    }

    @Test
    void each_fit_has_its_own_time() {
        Learner learn = TinyProblem.learner(3, 0, second, maxTime(3));
        learn.fit(1);
        learn.fit(1);
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
    }

    @Test
    void a_time_that_no_clock_can_measure_is_no_limit() {
        Learner learn = TinyProblem.learner();
        learn.fit(1, new MaxTime(Duration.ofSeconds(Long.MAX_VALUE)));
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
    }

    @Test
    void no_time_at_all_is_refused() {
        assertThatThrownBy(() -> new MaxTime(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted a time above 0, but got: PT0S");
        assertThatThrownBy(() -> new MaxTime(Duration.ofSeconds(-1))).hasMessageContaining("got: PT-1S");
    }
}
