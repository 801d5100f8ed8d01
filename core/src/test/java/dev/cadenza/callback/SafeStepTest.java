package dev.cadenza.callback;

import static dev.cadenza.callback.Failing.ADAM;
import static dev.cadenza.callback.Failing.BATCHES;
import static dev.cadenza.callback.Failing.INJECTED;
import static dev.cadenza.callback.Failing.SGD;
import static dev.cadenza.callback.Failing.SIZE;
import static dev.cadenza.callback.Failing.failing;
import static dev.cadenza.callback.Failing.learner;
import static dev.cadenza.callback.Failing.state;
import static dev.cadenza.callback.Failing.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.callback.SafeStep.Then;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Step;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(InScope.class)
class SafeStepTest {
    static Stream<Arguments> failures() {
        Callback badGradient = failing(1, Event.BEFORE_STEP, l -> {
            try (NoGrad off = NoGrad.open()) {
                l.optimizer().grads().get(1).fill_(Double.NaN);
            }
        });
        return Stream.of(
                        failing(1, Event.BEFORE_BATCH, INJECTED),
                        failing(1, Event.AFTER_PRED, INJECTED),
                        failing(1, Event.AFTER_BACKWARD, INJECTED),
                        failing(1, Event.BEFORE_STEP, INJECTED),
                        failing(1, Event.AFTER_STEP, INJECTED),
                        failing(1, Event.AFTER_LOSS, l -> l.loss(l.loss().mul(Double.NaN))),
                        failing(1, Event.AFTER_LOSS, l -> l.loss(l.loss().add(Double.POSITIVE_INFINITY))),
                        failing(1, Event.AFTER_LOSS, l -> Tensor.zeros(1L << 46)),
                        failing(1, Event.AFTER_LOSS, l -> {
                            l.lossFunction(Losses.mse());
                            INJECTED.accept(l);
                        }),
                        badGradient)
                .flatMap(failure -> Stream.of(SGD, ADAM).map(optimizer -> Arguments.of(failure, optimizer)));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void a_batch_that_is_left_out_might_as_well_not_have_been_in_the_data(Callback failure, Optimizer.Factory opt) {
        Learner without = learner(SIZE, 1, opt);
        without.fit(3);
        List<Object> expected = state(without);
        Learner learn = learner(SIZE, -1, opt, new SafeStep(), failure, valid(1));
        learn.fit(3);
        assertThat(state(learn)).isEqualTo(expected);
        assertThat(learn.timeline().entries())
                .filteredOn(entry -> entry.what().equals("rescued"))
                .hasSize(3)
                .allMatch(entry -> entry.callback().equals("SafeStep")
                        && entry.to().equals("left out")
                        && entry.why().contains("Exception"));
    }

    @ParameterizedTest
    @EnumSource
    void the_first_batch_of_all_can_fail_in_the_middle_of_the_optimizer(Then then) {
        boolean[] fails = {true};
        Learner learn = learner(
                SIZE,
                -1,
                ownSteps(u -> {
                    u.params().add_(u.direction(), -0.1);
                    if (fails[0] && !u.params().isEmpty()) {
                        fails[0] = false;
                        throw new IllegalStateException("in the middle");
                    }
                }),
                new SafeStep(o -> o.then = then),
                valid(0));
        learn.fit(1);
        assertThat(learn.iteration()).isEqualTo(then == Then.SKIP ? BATCHES - 1 : BATCHES);
        assertThat(learn.optimizer().steps(learn.model().parameters().get(0))).isEqualTo(learn.iteration());
        if (then == Then.SKIP) {
            Learner without = learner(SIZE, 0, ownSteps(u -> u.params().add_(u.direction(), -0.1)));
            without.fit(1);
            assertThat(learn.digest()).isEqualTo(without.digest());
        }
    }

    private static Optimizer.Factory ownSteps(Step last) {
        return groups ->
                Optimizer.ofGroups(groups, Steps.averageGrad(false), last).set(Hyper.lr(0.1));
    }

    static Stream<Arguments> remembering() {
        List<Supplier<Callback>> all = List.of(
                () -> WeightAverage.ema(0.8),
                () -> new GradientAccumulation(2L * SIZE),
                () -> new MixedPrecision(o -> {
                    o.dtype = DType.FLOAT16;
                    o.lossScale = s -> s.interval = 2;
                }),
                () -> GradientClip.norm(0.5));
        return all.stream()
                .flatMap(make -> Stream.of(Event.AFTER_LOSS, Event.AFTER_BACKWARD, Event.BEFORE_STEP, Event.AFTER_STEP)
                        .map(event -> Arguments.of(make, event)));
    }

    @ParameterizedTest
    @MethodSource("remembering")
    void callbacks_forget_what_they_kept_of_a_batch_that_is_left_out(Supplier<Callback> make, Event event) {
        Learner without = learner(SIZE, 2, SGD, make.get());
        without.fit(3);
        List<Object> expected = state(without);
        boolean accumulates = make.get() instanceof GradientAccumulation;
        Event at = accumulates && event == Event.AFTER_STEP ? Event.AFTER_BACKWARD : event; // may not be played
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(), make.get(), failing(2, at, INJECTED), valid(2));
        learn.fit(3);
        assertThat(state(learn)).isEqualTo(expected);
    }

    @Test
    void a_fit_without_failures_is_the_same_to_the_bit() {
        Callback[] busy = {new GradientAccumulation(2L * SIZE), WeightAverage.ema(0.9), new MixUp()};
        Learner alone = learner(SIZE, -1, ADAM, busy);
        alone.fit(3);
        List<Object> expected = state(alone);
        Learner learn = learner(SIZE, -1, ADAM, busy);
        learn.fit(3, new SafeStep(o -> o.then = Then.RETRY));
        assertThat(state(learn)).isEqualTo(expected);
    }

    static Stream<Arguments> shipped() {
        return Shipped.all().keySet().stream()
                .filter(name -> !List.of("Recorder", "GanTrainer", "SafeStep").contains(name))
                .flatMap(name -> Stream.of(Then.values()).map(then -> Arguments.of(name, then)));
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void with_every_other_callback_a_fit_goes_on_after_failures_anywhere(String name, Then then) {
        Map<String, Supplier<Callback>> all = Shipped.all();
        for (Event event : List.of(Event.AFTER_PRED, Event.AFTER_STEP)) {
            try (Scope scope = Scope.open()) {
                int[] plays = {0};
                Learner learn = Shipped.learner();
                Callback failure = Callback.on(event, l -> {
                    if (l.training() && ++plays[0] == 2) {
                        INJECTED.accept(l);
                    }
                });
                learn.fit(2, all.get(name).get(), new SafeStep(o -> o.then = then), failure);
                assertThat(learn.recorder().losses())
                        .as("%s, %s", event, learn.timeline())
                        .isNotEmpty();
                assertThat(learn.model().parameters())
                        .allMatch(p -> p.isFinite().all().item() == 1);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void memory_does_not_grow_with_batches_that_fail(Then then) {
        Learner learn = learner(
                SIZE,
                -1,
                ADAM,
                new SafeStep(o -> o.then = then),
                new GradientAccumulation(2L * SIZE),
                WeightAverage.ema(0.9));
        long[] alive = new long[6];
        learn.fit(
                alive.length,
                failing(1, Event.AFTER_PRED, l -> {
                    if (l.batch().size() == SIZE) {
                        INJECTED.accept(l);
                    }
                }),
                Callback.on(Event.AFTER_EPOCH, l -> alive[l.epoch()] = Engine.liveObjects()));
        assertThat(alive[5]).isLessThanOrEqualTo(alive[1]);
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SafeStep(o -> o.most = 0))
                .withMessage("wanted 1 failure or more in a row to rescue, but got: 0");
        assertThat(catchThrowable(() -> new SafeStep(o -> o.then = null))).hasMessageContaining("wanted SKIP or RETRY");
        assertThat(catchThrowable(() -> new SafeStep(o -> o.when = null))).hasMessageContaining("when is null");
    }
}
