package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.cadenza.testing.TinyProblem;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EventTest {
    /** Cancels every span once: with it, all 22 events are played in a fit of two epochs. */
    private static final class CancelAll implements Callback {
        @Override
        public double order() {
            return 100;
        }

        @Override
        public void beforeStep(Learner learn) {
            if (learn.epoch() == 0 && learn.batchIndex() == 0) {
                throw Cancel.step("test");
            }
        }

        @Override
        public void afterLoss(Learner learn) {
            if (learn.epoch() == 0 && learn.batchIndex() == 1) {
                throw learn.training() ? Cancel.batch("test") : Cancel.validate("test");
            }
        }

        @Override
        public void beforeBatch(Learner learn) {
            if (learn.epoch() == 0 && learn.batchIndex() == 2) {
                throw Cancel.train("test");
            }
        }

        @Override
        public void afterEpoch(Learner learn) {
            if (learn.epoch() == 1) {
                throw Cancel.fit("test");
            }
        }

        @Override
        public void beforeValidate(Learner learn) {
            if (learn.epoch() == 1) {
                throw Cancel.epoch("test");
            }
        }
    }

    interface Inherited extends Callback {
        @Override
        default void afterLoss(Learner learn) {}
    }

    abstract static class Base implements Callback {
        @Override
        public void afterLoss(Learner learn) {}
    }

    @Test
    void there_are_22_events_and_callback_has_exactly_a_hook_for_each() {
        List<String> hooks = Arrays.stream(Callback.class.getMethods())
                .filter(m -> m.getReturnType() == void.class)
                .map(Method::getName)
                .toList();
        assertThat(Event.values()).hasSize(22);
        assertThat(hooks)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(Event.values()).map(Lineup::hook).toList());
    }

    @ParameterizedTest
    @EnumSource
    void an_event_plays_the_hook_of_its_name(Event event) {
        List<Event> played = new ArrayList<>();
        event.play(
                new EveryEvent() {
                    @Override
                    void play(Event at, Learner learn) {
                        played.add(at);
                    }
                },
                null);
        assertThat(played).containsExactly(event);
    }

    @ParameterizedTest
    @EnumSource
    void a_callback_made_for_an_event_plays_there_and_nowhere_else(Event event) {
        List<Event> played = new ArrayList<>();
        Learner learn = TinyProblem.learner();
        Spy spy = new Spy();
        learn.fit(2, spy, Callback.on(event, l -> played.add(event)), new CancelAll());
        assertThat(spy.events()).contains(event);
        assertThat(played)
                .hasSameSizeAs(spy.events().stream().filter(event::equals).toList());
        Lineup lineup = new Lineup(List.of(Callback.on(event, l -> {})));
        for (Event other : Event.values()) {
            assertThat(lineup.at(other)).hasSize(other == event ? 1 : 0);
        }
    }

    @Test
    void only_callbacks_that_override_a_hook_are_in_the_line_up_at_it() {
        Callback anonymous = new Callback() {
            @Override
            public void afterLoss(Learner learn) {}
        };
        Lineup lineup = new Lineup(List.of(
                new Callback() {},
                anonymous,
                new Inherited() {},
                new Base() {},
                Callback.on(Event.AFTER_PRED, l -> {})));
        assertThat(lineup.at(Event.AFTER_LOSS)).containsExactly(1, 2, 3);
        assertThat(lineup.at(Event.AFTER_PRED)).containsExactly(4);
        assertThat(lineup.at(Event.BEFORE_FIT)).isEmpty();
    }

    @Test
    void a_callback_without_event_or_action_is_refused() {
        assertThatNullPointerException()
                .isThrownBy(() -> Callback.on(null, l -> {}))
                .withMessage("event");
        assertThatNullPointerException()
                .isThrownBy(() -> Callback.on(Event.AFTER_FIT, null))
                .withMessage("action");
    }
}
