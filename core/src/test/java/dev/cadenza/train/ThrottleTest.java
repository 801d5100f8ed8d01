package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.testing.TinyProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    @Test
    void an_action_is_done_at_every_nth_play() {
        List<Integer> at = new ArrayList<>();
        TinyProblem.learner().fit(2, Callback.every(2, Event.AFTER_STEP, l -> at.add(l.iteration())));
        assertThat(at).containsExactly(2, 4, 6);
    }

    @Test
    void an_action_is_not_done_again_before_its_time() {
        long[] now = {Long.MAX_VALUE - 5};
        int[] count = {0};
        Consumer<Learner> throttled = Throttle.byTime(Duration.ofNanos(10), l -> count[0]++, () -> now[0]);
        throttled.accept(null);
        now[0] += 9;
        throttled.accept(null);
        assertThat(count[0]).isEqualTo(1);
        now[0] += 1;
        throttled.accept(null);
        assertThat(count[0]).isEqualTo(2);
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> Callback.every(0, Event.AFTER_STEP, l -> {}))
                .hasMessage("wanted to act at every 1st play or more rarely, but got: 0");
        assertThatThrownBy(() -> Callback.every(Duration.ZERO, Event.AFTER_STEP, l -> {}))
                .hasMessage("wanted a time above 0 between two plays, but got: PT0S");
        assertThat(Callback.every(Duration.ofSeconds(1), Event.AFTER_STEP, l -> {}))
                .hasToString("every(PT1S, AFTER_STEP)");
    }
}
