package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.callback.SafeStep.Then;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Step;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Rescuer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(InScope.class)
class SafeStepTest {
    private static final int BATCHES = 4;
    private static final int SIZE = 8;

    /** Fails in one batch of each epoch. */
    private static Callback failing(int batch, Event event, Consumer<Learner> how) {
        return Callback.on(event, learn -> {
            if (learn.training() && learn.batchIndex() == batch) {
                how.accept(learn);
            }
        });
    }

    private static void injected(Learner learn) {
        throw new IllegalStateException("injected");
    }

    /** Data without some of their batches, of which the optimizer, dropout and the batch norm remember each. */
    private static Learner learner(int size, int without, Optimizer.Factory optimizer, Callback... callbacks) {
        Tensor x = Tensor.zeros(BATCHES * SIZE, 5).normal_(0, 1, new Rng(3));
        int[] rows = IntStream.range(0, BATCHES * SIZE)
                .filter(row -> row / SIZE != without)
                .toArray();
        Tensor kept =
                x.indexSelect(0, Tensor.of(Arrays.stream(rows).asLongStream().toArray()));
        TensorDataset data = new TensorDataset(kept, kept.narrow(1, 0, 3).argmax(1));
        Rng.global().seed(21);
        DataLoader loader = new DataLoader(data, o -> o.batchSize = size);
        Sequential model =
                Sequential.of(new Linear(5, 8), new BatchNorm1d(8), Tensor::relu, new Dropout(0.5), new Linear(8, 3));
        return new Learner(new DataLoaders(loader, loader), model, Losses.crossEntropy())
                .optimizer(optimizer)
                .add(callbacks);
    }

    private static final Optimizer.Factory SGD = Optimizers.sgd(o -> {
        o.lr = 0.1;
        o.mom = 0.9;
    });
    private static final Optimizer.Factory ADAM = Optimizers.adam(o -> o.lr = 0.01);

    /** All that must be the same: weights, buffers, optimizer, random state and what was recorded. */
    private static List<Object> state(Learner learn) {
        return List.of(
                learn.digest(),
                Arrays.hashCode(Rng.global().state()),
                Arrays.toString(learn.recorder().losses()),
                learn.recorder().lastEpoch().values(),
                learn.iteration());
    }

    static Stream<Arguments> failures() {
        Callback badGradient = failing(1, Event.BEFORE_STEP, l -> {
            try (NoGrad off = NoGrad.open()) {
                l.optimizer().grads().get(1).fill_(Double.NaN);
            }
        });
        return Stream.of(
                        failing(1, Event.BEFORE_BATCH, SafeStepTest::injected),
                        failing(1, Event.AFTER_PRED, SafeStepTest::injected),
                        failing(1, Event.AFTER_BACKWARD, SafeStepTest::injected),
                        failing(1, Event.BEFORE_STEP, SafeStepTest::injected),
                        failing(1, Event.AFTER_STEP, SafeStepTest::injected),
                        failing(1, Event.AFTER_LOSS, l -> l.loss(l.loss().mul(Double.NaN))),
                        failing(1, Event.AFTER_LOSS, l -> l.loss(l.loss().add(Double.POSITIVE_INFINITY))),
                        failing(1, Event.AFTER_LOSS, l -> Tensor.zeros(1L << 46)),
                        failing(1, Event.AFTER_LOSS, l -> {
                            l.lossFunction(Losses.mse());
                            injected(l);
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

    /** Leaves out in validation, too, what the other data do not have. */
    private static Callback valid(int batch) {
        return Callback.on(Event.AFTER_LOSS, learn -> {
            if (!learn.training() && learn.batchIndex() == batch) {
                throw Cancel.batch("not in the other data");
            }
        });
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
        Learner learn =
                learner(SIZE, -1, SGD, new SafeStep(), make.get(), failing(2, at, SafeStepTest::injected), valid(2));
        learn.fit(3);
        assertThat(state(learn)).isEqualTo(expected);
    }

    @Test
    void what_is_retried_in_pieces_is_gradient_accumulation() {
        Learner accumulating = learner(SIZE / 2, -1, SGD, new GradientAccumulation(SIZE));
        accumulating.fit(3);
        double[] halves = accumulating.recorder().losses();
        String expected = accumulating.digest();
        byte[] random = Rng.global().state();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        learn.fit(3);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(learn.digest()).isEqualTo(expected);
        assertThat(learn.iteration()).isEqualTo(3 * BATCHES);
        double[] losses = learn.recorder().losses();
        assertThat(losses).hasSize(3 * BATCHES);
        for (int i = 0; i < losses.length; i++) {
            assertThat(losses[i]).isCloseTo((halves[2 * i] + halves[2 * i + 1]) / 2, within(1e-7));
        }
        assertThat(learn.timeline().entries())
                .filteredOn(entry -> "in parts: 2".equals(entry.to()))
                .hasSize(3 * BATCHES);
    }

    /** As memory does, that holds only half of a batch. */
    private static Callback failingWhole() {
        return Callback.on(Event.AFTER_PRED, learn -> {
            if (learn.training() && learn.batch().size() == SIZE) {
                throw new IllegalStateException("too large");
            }
        });
    }

    @Test
    void pieces_have_company_of_accumulation_and_averages() {
        Supplier<Callback[]> company = () -> new Callback[] {WeightAverage.ema(0.8), GradientClip.norm(0.5)};
        Learner accumulating = learner(SIZE / 2, -1, ADAM, company.get());
        accumulating.add(new GradientAccumulation(2L * SIZE));
        accumulating.fit(2);
        Learner learn = learner(SIZE, -1, ADAM, company.get());
        learn.add(new GradientAccumulation(2L * SIZE), new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        learn.fit(2);
        List<Tensor> got = List.copyOf(learn.model().stateDict().values());
        List<Tensor> want = List.copyOf(accumulating.model().stateDict().values());
        for (int i = 0; i < got.size(); i++) { // N/S · n/N is not always n/S to the bit
            assertThat(got.get(i).to(DType.FLOAT64).allclose(want.get(i).to(DType.FLOAT64), 1e-4, 1e-6))
                    .as("tensor %d", i)
                    .isTrue();
        }
        assertThat(learn.recorder().losses()).hasSize(2 * BATCHES);
    }

    @Test
    void the_last_piece_shows_batch_loss_and_prediction_of_the_whole() {
        List<String> seen = new ArrayList<>();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        learn.add(Callback.on(Event.AFTER_BATCH, l -> {
            if (l.training() && l.batchIndex() == 0) {
                boolean done = l.outcome().kind() == Outcome.Kind.COMPLETED;
                seen.add(l.outcome().kind() + " " + l.batch().size() + " "
                        + l.pred().size(0) + " " + l.iteration());
                assertThat(!done || l.batch().target().size(0) == SIZE).isTrue();
            }
        }));
        learn.fit(1);
        assertThat(seen).containsExactly("FAILED 8 8 1", "CANCELLED 4 4 0", "COMPLETED 8 8 1");
    }

    @Test
    void pieces_get_smaller_until_one_fits() {
        List<Long> sizes = new ArrayList<>();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY));
        learn.fit(1, Callback.on(Event.AFTER_PRED, l -> {
            if (l.training() && l.batchIndex() == 0) {
                sizes.add(l.batch().size());
                if (l.batch().size() > 2) {
                    throw new IllegalStateException("too large");
                }
            }
        }));
        assertThat(sizes).startsWith(8L, 4L, 2L).hasSize(2 + 4);
        assertThat(sizes.stream().skip(2).mapToLong(n -> n).sum()).isEqualTo(SIZE);
        assertThat(SafeStep.split(learn.data().train().dataset().batch(new int[] {0, 1, 2}), 8))
                .hasSize(3);
    }

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
        learn.fit(
                2,
                failing(0, Event.AFTER_STEP, SafeStepTest::injected),
                failing(2, Event.AFTER_STEP, SafeStepTest::injected));
        assertThat(learn.iteration()).isEqualTo(4);
        Throwable caught = catchThrowable(() -> learn.fit(
                1,
                failing(2, Event.AFTER_STEP, SafeStepTest::injected),
                failing(3, Event.AFTER_STEP, SafeStepTest::injected)));
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
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(), failing(1, Event.AFTER_LOSS, SafeStepTest::injected));
        learn.fit(3, failing(1, Event.AFTER_BATCH, l -> {
            throw Cancel.fit("enough");
        }));
        assertThat(learn.outcome()).hasToString("cancelled: enough");
        assertThat(learn.iteration()).isEqualTo(1);
    }

    @Test
    void a_cancel_after_a_piece_waits_for_the_whole_batch() {
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), ShortEpoch.batches(1));
        learn.fit(1, failingWhole());
        assertThat(learn.iteration()).isEqualTo(1);
        assertThat(learn.recorder().losses()).hasSize(1);
    }

    @Test
    void a_cancel_in_a_piece_leaves_nothing_of_the_batch() {
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        String before = learn.digest();
        boolean[] second = {false};
        learn.fit(1, Callback.on(Event.AFTER_LOSS, l -> {
            if (l.training() && second[0]) {
                throw Cancel.train("in the second piece");
            }
            second[0] = l.training();
        }));
        assertThat(learn.digest()).isEqualTo(before);
        assertThat(learn.optimizer().params()).isEmpty();
        assertThat(learn.iteration()).isZero();
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
                failing(1, Event.AFTER_LOSS, l -> SafeStepTest.<RuntimeException>sneak(failure)));
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
            Learner learn = learner(SIZE, -1, SGD, new SafeStep(), Callback.on(event, SafeStepTest::injected));
            assertThat(catchThrowable(() -> learn.fit(1))).as("%s", event).hasMessage("injected");
        }
        Learner picky = learner(SIZE, -1, SGD, new SafeStep(o -> o.when = Rescuer::outOfMemory));
        assertThat(catchThrowable(() -> picky.fit(1, failing(0, Event.AFTER_LOSS, SafeStepTest::injected))))
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
                        injected(l);
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
                        injected(l);
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
