package dev.cadenza.callback;

import static dev.cadenza.callback.Failing.BATCHES;
import static dev.cadenza.callback.Failing.INJECTED;
import static dev.cadenza.callback.Failing.SGD;
import static dev.cadenza.callback.Failing.SIZE;
import static dev.cadenza.callback.Failing.failing;
import static dev.cadenza.callback.Failing.learner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.callback.SafeStep.Then;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Rescuer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(InScope.class)
class SafeStepFailuresTest {
    @ParameterizedTest
    @EnumSource
    void what_fails_again_and_again_ends_with_the_first_failure(Then then) {
        List<RuntimeException> thrown = new ArrayList<>();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> {
            o.then = then;
            o.most = 2;
        }));
        learn.model().train();
        String before = learn.digest();
        Throwable caught = catchThrowable(() -> learn.fit(1, failingAlways(thrown)));
        assertThat(thrown).hasSize(3);
        assertThat(caught).isSameAs(thrown.get(0)).hasSuppressedException(thrown.get(1));
        assertThat(caught.getSuppressed()).containsExactly(thrown.get(1), thrown.get(2));
        assertThat(learn.outcome()).isEqualTo(new Outcome(Outcome.Kind.FAILED, null, caught));
        assertThat(learn.digest()).as("rolled back").isEqualTo(before);
        assertThat(learn.iteration()).isZero();
    }

    private static Callback failingAlways(List<RuntimeException> thrown) {
        return Callback.on(Event.AFTER_BACKWARD, l -> {
            thrown.add(new IllegalStateException("failure " + thrown.size()));
            throw thrown.get(thrown.size() - 1);
        });
    }

    @Test
    void a_batch_that_is_trained_on_ends_a_row_of_failures() {
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.most = 1));
        learn.fit(2, failing(0, Event.AFTER_STEP, INJECTED), failing(2, Event.AFTER_STEP, INJECTED));
        assertThat(learn.iteration()).isEqualTo(4);
        Throwable caught = catchThrowable(
                () -> learn.fit(1, failing(2, Event.AFTER_STEP, INJECTED), failing(3, Event.AFTER_STEP, INJECTED)));
        assertThat(caught).hasMessage("injected");
        assertThat(caught.getSuppressed()).hasSize(1);
    }

    static Stream<Arguments> cancels() {
        return Stream.of(Cancel.step("x"), Cancel.batch("x"), Cancel.train("x"), Cancel.epoch("x"), Cancel.fit("x"))
                .flatMap(cancel -> Stream.of(Event.AFTER_LOSS, Event.BEFORE_STEP, Event.AFTER_BATCH)
                        .filter(event -> possible(cancel, event))
                        .map(event -> Arguments.of(cancel, event)));
    }

    private static boolean possible(Cancel cancel, Event event) {
        return switch (cancel.span()) {
            case STEP -> event == Event.BEFORE_STEP;
            case BATCH -> event != Event.AFTER_BATCH;
            default -> true;
        };
    }

    @ParameterizedTest
    @MethodSource("cancels")
    void a_cancel_does_what_it_does_without_it(Cancel cancel, Event event) {
        Callback cancels = failing(2, event, l -> {
            throw cancel;
        });
        Learner alone = learner(SIZE, -1, SGD, cancels);
        alone.fit(2);
        List<Object> expected = List.of(alone.digest(), alone.recorder().losses(), alone.outcome(), alone.iteration());
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), cancels);
        learn.fit(2);
        assertThat(List.of(learn.digest(), learn.recorder().losses(), learn.outcome(), learn.iteration()))
                .usingRecursiveComparison()
                .isEqualTo(expected);
    }

    @Test
    void a_cancel_on_the_way_out_of_a_failure_is_heard() {
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(), failing(1, Event.AFTER_LOSS, INJECTED));
        learn.fit(3, failing(1, Event.AFTER_BATCH, l -> {
            throw Cancel.fit("enough");
        }));
        assertThat(learn.outcome()).hasToString("cancelled: enough");
        assertThat(learn.iteration()).isEqualTo(1);
    }

    static Stream<Throwable> notRescued() {
        return Stream.of(
                new AssertionError("x"),
                new OutOfMemoryError("Java heap space"),
                new InterruptedException("x"),
                new IllegalStateException("waited", new InterruptedException("x")));
    }

    @ParameterizedTest
    @MethodSource("notRescued")
    void errors_and_interruptions_are_not_rescued(Throwable failure) {
        Learner learn = learner(
                SIZE,
                -1,
                SGD,
                new SafeStep(),
                failing(1, Event.AFTER_LOSS, l -> SafeStepFailuresTest.<RuntimeException>sneak(failure)));
        assertThat(catchThrowable(() -> learn.fit(1))).isSameAs(failure).hasNoSuppressedExceptions();
        assertThat(learn.iteration()).isEqualTo(2);
    }

    @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void neither_validation_nor_the_end_of_a_batch_nor_other_kinds_are_rescued() {
        for (Event event : List.of(Event.AFTER_BATCH, Event.BEFORE_TRAIN, Event.BEFORE_VALIDATE)) {
            Learner learn = learner(SIZE, -1, SGD, new SafeStep(), Callback.on(event, INJECTED));
            assertThat(catchThrowable(() -> learn.fit(1))).as("%s", event).hasMessage("injected");
        }
        Learner picky = learner(SIZE, -1, SGD, new SafeStep(o -> o.when = Rescuer::outOfMemory));
        assertThat(catchThrowable(() -> picky.fit(1, failing(0, Event.AFTER_LOSS, INJECTED))))
                .hasMessage("injected");
        picky.fit(1, failing(0, Event.AFTER_LOSS, l -> Tensor.zeros(1L << 46)));
        assertThat(picky.iteration()).isEqualTo(BATCHES - 1);
        Learner blind = learner(SIZE, -1, SGD, new SafeStep(o -> o.nan = false));
        blind.fit(1, failing(0, Event.AFTER_LOSS, l -> l.loss(l.loss().mul(Double.NaN))));
        assertThat(blind.recorder().losses()[0]).isNaN();
    }

    @Test
    void native_memory_that_ran_out_is_told_from_other_failures() {
        Throwable ofTensor = catchThrowable(() -> Tensor.zeros(1L << 46));
        assertThat(Rescuer.outOfMemory(ofTensor)).as("%s", ofTensor).isTrue();
        assertThat(Rescuer.outOfMemory(new OutOfMemoryError("Physical memory usage is too high: …")))
                .isTrue();
        assertThat(Rescuer.outOfMemory(new OutOfMemoryError("Java heap space"))).isFalse();
        assertThat(Rescuer.outOfMemory(catchThrowable(() -> Tensor.zeros(2).add(Tensor.zeros(3)))))
                .isFalse();
    }
}
