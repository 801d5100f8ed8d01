package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.callback.ShortEpoch;
import dev.cadenza.callback.WeightAverage;
import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Sample;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.LoaderThreads;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The loop and the threads of its loaders. */
class LoaderThreadsTest {
    /** Points of a line, moved a little at random. */
    private record Points(int size) implements Dataset {
        @Override
        public Sample get(int index) {
            return get(index, Draw.NONE);
        }

        @Override
        public Sample get(int index, Draw draw) {
            RandomGenerator random = draw.isRandom() ? draw.random() : new SplittableRandom(index);
            float[] drawn = new float[40_000]; // so many that two threads would sum them up otherwise than one
            for (int i = 0; i < drawn.length; i++) {
                drawn[i] = random.nextFloat(-1, 1);
            }
            float x = (float) Tensor.of(drawn).mean().item() * 100;
            return Sample.of(Tensor.of(new float[] {x}), Tensor.of(new float[] {2 * x + 1}));
        }
    }

    private static final BatchTransform SCALE = (batch, draws) -> {
        double factor = draws.get(0).isRandom() ? draws.get(0).uniform(0.5, 1) : 1;
        return Batch.of(batch.input().mul(factor), batch.target());
    };

    @AfterEach
    void noThreadIsLeft() {
        assertThat(LoaderThreads.alive()).isEmpty();
    }

    private static Learner learner(int workers) {
        Rng.global().seed(7);
        DataLoaders data = DataLoaders.of(new Points(22), new Points(9), o -> {
            o.batchSize = 4;
            o.workers = workers;
            o.transforms = List.of(SCALE);
        });
        return new Learner(data, new Linear(1, 1), Losses.mse()).optimizer(Optimizers.adam(o -> o.lr = 0.1));
    }

    @Test
    void a_fit_has_the_same_bits_for_any_number_of_workers() {
        int before = Engine.threads();
        try (Scope scope = Scope.open()) {
            Engine.threads(2);
            Learner alone = learner(0);
            alone.fit(2);
            for (int workers : new int[] {1, 2, 8}) {
                Learner learn = learner(workers);
                learn.fit(2);
                assertThat(learn.digest()).as("%d workers", workers).isEqualTo(alone.digest());
                assertThat(learn.recorder().losses()).isEqualTo(alone.recorder().losses());
                assertThat(learn.recorder().lastEpoch().values())
                        .isEqualTo(alone.recorder().lastEpoch().values());
            }
        } finally {
            Engine.threads(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void an_epoch_knows_how_long_it_waited(int workers) {
        try (Scope scope = Scope.open()) {
            Learner learn = learner(workers);
            learn.fit(2);
            for (EpochRecord epoch : learn.recorder().epochs()) {
                assertThat(epoch.secondsWaiting()).isPositive().isLessThan(epoch.seconds());
            }
            assertThat(learn.validate().secondsWaiting()).isPositive();
        }
    }

    @Test
    void a_fit_that_is_cancelled_anywhere_ends_the_threads() {
        try (Scope scope = Scope.open()) {
            Learner learn = learner(2);
            for (Event event : Event.values()) {
                // Some spans are over at some events: then the fit fails, and the threads have to end, too.
                Throwable thrown = catchThrowable(() -> learn.fit(1, Callback.on(event, l -> {
                    throw Cancel.fit("test");
                })));
                assertThat(thrown == null || thrown instanceof IllegalStateException)
                        .isTrue();
                assertThat(LoaderThreads.alive()).as("%s", event).isEmpty();
            }
        }
    }

    @Test
    void a_fit_that_fails_ends_the_threads() {
        try (Scope scope = Scope.open()) {
            Learner learn = learner(2);
            learn.fit(1);
            long alive = Engine.liveObjects();
            for (Event event : List.of(Event.BEFORE_BATCH, Event.AFTER_LOSS, Event.AFTER_BATCH, Event.AFTER_TRAIN)) {
                assertThatIllegalStateException()
                        .isThrownBy(() -> learn.fit(1, Callback.on(event, l -> {
                            throw new IllegalStateException("test");
                        })));
                assertThat(LoaderThreads.alive()).as("%s", event).isEmpty();
            }
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
        }
    }

    @Test
    void short_epochs_and_whatever_looks_at_the_data_end_the_threads() {
        try (Scope scope = Scope.open()) {
            Learner learn = learner(2);
            learn.fit(2, ShortEpoch.batches(2));
            assertThat(learn.iteration()).isEqualTo(4);
            assertThat(LoaderThreads.alive()).isEmpty();
            learn.summary();
            assertThat(LoaderThreads.alive()).isEmpty();
            learn.lrFind(o -> o.iterations = 3);
            assertThat(LoaderThreads.alive()).isEmpty();
            learn.getPreds();
            assertThat(LoaderThreads.alive()).isEmpty();
            learn.fit(1, WeightAverage.swa(o -> o.start = 0));
            assertThat(LoaderThreads.alive()).isEmpty();
        }
    }
}
