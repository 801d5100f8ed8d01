package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An exception thrown by a callback, at every event, by the first, the middle and the last of three. */
class BracketsTest {
    private static final List<Supplier<Throwable>> FAILURES =
            List.of(() -> new RuntimeException("test"), () -> new Error("test"), () -> new IOException("test"));

    @ParameterizedTest
    @EnumSource
    void a_failure_at_any_event_reaches_the_caller_as_it_was_and_closes_all_brackets(Event at) {
        for (int thrower = 0; thrower < 3; thrower++) {
            for (Supplier<Throwable> failure : FAILURES) {
                Learner learn = TinyProblem.learner(2, 1);
                Spy.Failure planned = new Spy.Failure(at, failure.get());
                Spy[] spies = {
                    new Spy(planned, thrower == 0), new Spy(planned, thrower == 1), new Spy(planned, thrower == 2)
                };
                Throwable caught = catchThrowable(() -> learn.fit(2, with(spies, cancelBefore(at))));
                String where = planned.thrown + " of callback " + thrower;
                assertThat(caught).as(where).isSameAs(planned.thrown).hasNoSuppressedExceptions();
                assertThat(learn.outcome()).isEqualTo(Outcome.of(planned.thrown));
                Stream.of(spies).forEach(Spy::requireClosed);
                Stream.of(spies).forEach(Spy::requireEndedByFailure);
                requireSeenByThoseBefore(at, thrower, spies);
            }
        }
    }

    /** At a BEFORE the callbacks after the one that throws see neither it nor its AFTER; at an AFTER all see it. */
    private static void requireSeenByThoseBefore(Event at, int thrower, Spy[] spies) {
        for (int i = 0; i < spies.length; i++) {
            boolean sees = i <= thrower || Stream.of(Span.values()).anyMatch(s -> s != Span.STEP && closes(s, at));
            assertThat(spies[i].events().contains(at))
                    .as("callback %s sees it", i)
                    .isEqualTo(sees);
        }
    }

    private static boolean closes(Span span, Event event) {
        return event == span.after() || event == span.afterCancel();
    }

    /** What makes the loop come to an event: a Cancel of its span where it is an AFTER_CANCEL. */
    private static Callback cancelBefore(Event at) {
        return switch (at) {
            case AFTER_CANCEL_STEP -> throwing(Event.BEFORE_STEP, Cancel.step("test"));
            case AFTER_CANCEL_BATCH -> throwing(Event.AFTER_PRED, Cancel.batch("test"));
            case AFTER_CANCEL_TRAIN -> throwing(Event.BEFORE_BATCH, Cancel.train("test"));
            case AFTER_CANCEL_VALIDATE -> throwing(Event.BEFORE_VALIDATE, Cancel.validate("test"));
            case AFTER_CANCEL_EPOCH -> throwing(Event.AFTER_VALIDATE, Cancel.epoch("test"));
            case AFTER_CANCEL_FIT -> throwing(Event.AFTER_EPOCH, Cancel.fit("test"));
            default -> new Callback() {};
        };
    }

    private static Callback throwing(Event at, Cancel cancel) {
        return Callback.on(at, learn -> {
            throw cancel;
        });
    }

    private static Callback[] with(Spy[] spies, Callback last) {
        return Stream.concat(Stream.of(spies), Stream.of(last)).toArray(Callback[]::new);
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_at_any_event_leaves_nothing_behind(Event at) {
        Tensor probe;
        try (Scope outer = Scope.open()) {
            Learner learn = TinyProblem.learner(2, 1);
            learn.fit(1);
            learn.model().eval();
            Spy spy = new Spy(new Spy.Failure(at, new RuntimeException("test")), true);
            long alive = Engine.liveObjects();
            assertThat(catchThrowable(() -> learn.fit(1, spy, cancelBefore(at))))
                    .hasMessage("test");
            assertThat(Engine.liveObjects()).as("native objects").isLessThanOrEqualTo(alive); // less if GC finds some
            assertThat(learn.model().isTraining()).isFalse();
            assertThat(NoGrad.gradIsEnabled()).isTrue();
            probe = Tensor.zeros(1).keep(); // were another scope still open in the outer one, that would now own it
            learn.fit(1);
            assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
            assertThat(learn.recorder().losses()).hasSize(2);
        }
        assertThat(probe.isClosed()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_FIT", "AFTER_EPOCH", "AFTER_TRAIN", "AFTER_BATCH"})
    void what_goes_wrong_on_the_way_out_is_suppressed(Event after) {
        RuntimeException first = new RuntimeException("first");
        RuntimeException second = new RuntimeException("second");
        Spy spy = new Spy(new Spy.Failure(Event.AFTER_LOSS, first), true);
        Learner learn = TinyProblem.learner(2, 1);
        Throwable caught = catchThrowable(() -> learn.fit(1, spy, Callback.on(after, l -> {
            throw second;
        })));
        assertThat(caught).isSameAs(first).hasSuppressedException(second);
        spy.requireClosed();
        spy.requireEndedByFailure();
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_VALIDATE", "AFTER_FIT", "AFTER_EPOCH", "AFTER_TRAIN", "AFTER_BATCH"})
    void of_two_failures_at_one_event_the_first_leaves(Event after) {
        RuntimeException first = new RuntimeException("first");
        RuntimeException second = new RuntimeException("second");
        Learner learn = TinyProblem.learner(2, 1);
        assertThat(catchThrowable(() -> learn.fit(
                        1,
                        Callback.on(after, l -> {
                            throw first;
                        }),
                        Callback.on(after, l -> {
                            throw second;
                        }))))
                .isSameAs(first)
                .hasSuppressedException(second);
    }
}
