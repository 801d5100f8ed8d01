package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PipelineTest {
    private static final Pipeline<String, Integer> LENGTH =
            Pipeline.of("strip", String::strip).then("length", String::length);
    private static final Pipeline.Step<Double, Double> NOISE =
            (value, draw) -> draw.isRandom() ? value + draw.uniform(0, 1) : value;

    @Test
    void steps_run_one_after_the_other_and_show_what_each_gave() {
        List<String> seen = new ArrayList<>();
        assertThat(LENGTH.run(" abc ", Draw.NONE, (name, value) -> seen.add(name + "=" + value)))
                .isEqualTo(3);
        assertThat(seen).containsExactly("strip=abc", "length=3");
        assertThat(LENGTH.names()).containsExactly("strip", "length");
        assertThat(LENGTH).hasToString("strip → length");
    }

    @Test
    void pipelines_are_joined_and_stay_as_they_were() {
        Pipeline<String, Integer> squared = LENGTH.then(Pipeline.of("square", n -> n * n));
        assertThat(squared.run("abc", Draw.NONE)).isEqualTo(9);
        assertThat(LENGTH.run("abc", Draw.NONE)).isEqualTo(3);
    }

    @Test
    void a_step_that_fails_is_named_and_its_error_left_as_it_was() {
        assertThatThrownBy(() -> LENGTH.then("reciprocal", n -> 1 / n).run("", Draw.NONE))
                .isInstanceOf(ArithmeticException.class)
                .satisfies(e -> assertThat(e.getSuppressed()[0]).hasMessage("at step reciprocal"));
    }

    @Test
    void the_first_step_that_draws_draws_the_same_whatever_steps_stand_before() {
        Draw draw = Draw.of(1, 2, 3);
        Pipeline<Double, Double> alone = Pipeline.of("read", (Double x) -> x).then("noise", NOISE);
        Pipeline<Double, Double> behind =
                Pipeline.of("a", (Double x) -> x).then("b", x -> x).then(alone);
        assertThat(behind.run(0.0, draw)).isEqualTo(alone.run(0.0, draw)).isPositive();
        assertThat(alone.then("noise", NOISE).run(0.0, draw) - alone.run(0.0, draw))
                .isNotEqualTo(alone.run(0.0, draw)); // the second draws from a stream of its own
        assertThat(alone.run(0.0, Draw.NONE)).isZero();
    }

    @Test
    void a_stream_depends_on_its_key_alone_and_none_has_nothing_to_draw() {
        assertThat(Draw.of(1, 2).uniform(0, 1)).isEqualTo(Draw.of(1, 2).uniform(0, 1));
        assertThat(Draw.of(1, 2).uniform(0, 1)).isNotEqualTo(Draw.of(2, 1).uniform(0, 1));
        assertThat(Draw.of(1, 2).at(0).uniform(0, 1))
                .isNotEqualTo(Draw.of(1, 2).at(1).uniform(0, 1));
        Draw used = Draw.of(1, 2);
        assertThat(used.uniform(5, 5)).isEqualTo(5);
        used.random().nextLong();
        assertThat(used.at(3).uniform(0, 1)).isEqualTo(Draw.of(1, 2).at(3).uniform(0, 1));
        assertThat(used.chance(0)).isFalse();
        assertThat(used.chance(1)).isTrue();
        assertThat(Draw.NONE.at(7)).isSameAs(Draw.NONE);
        assertThatIllegalStateException()
                .isThrownBy(() -> Draw.NONE.chance(0.5))
                .withMessageContaining("isRandom()");
    }
}
