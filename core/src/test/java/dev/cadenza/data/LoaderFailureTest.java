package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.testing.LoaderThreads;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What fails, is stopped or is left: it is told at its batch, and neither threads nor tensors stay behind. */
class LoaderFailureTest {
    private static final int BATCHES = 6;

    @BeforeAll
    static void makeTheConstants() {
        Numbers.batches(loader(2, index -> {}), 0); // live objects are counted from here
    }

    @AfterEach
    void noThreadIsLeft() {
        assertThat(LoaderThreads.alive()).isEmpty();
    }

    private static DataLoader loader(int workers, IntConsumer listener) {
        return new DataLoader(Spying.on(new Numbers(2 * BATCHES), listener), o -> {
            o.batchSize = 2;
            o.workers = workers;
        });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> T sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Takes batches until one fails; gives how many came. */
    private static int take(Iterator<Batch> batches, AtomicReference<Throwable> thrown) {
        for (int came = 0; ; came++) {
            try (Scope scope = Scope.open()) {
                batches.next();
            } catch (Throwable e) {
                thrown.set(e);
                return came;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void a_sample_that_fails_reaches_the_caller_at_its_batch_as_it_was(int workers) {
        long alive = Engine.liveObjects();
        for (int bad = 0; bad < 2 * BATCHES; bad++) {
            int index = bad;
            for (Throwable failure : List.of(
                    new DataException(Path.of("a.png"), "no image", "delete it"),
                    new OutOfMemoryError("test"),
                    new IOException("test"))) {
                AtomicReference<Throwable> thrown = new AtomicReference<>();
                Iterator<Batch> batches = loader(workers, i -> {
                            if (i == index) {
                                LoaderFailureTest.<RuntimeException>sneak(failure);
                            }
                        })
                        .epoch(4)
                        .iterator();
                assertThat(take(batches, thrown)).isEqualTo(bad / 2);
                assertThat(thrown.get()).isSameAs(failure);
                assertThat(failure.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .contains("while making batch " + bad / 2 + " of epoch 4");
                if (!(failure instanceof IOException)) { // which nobody expects here
                    assertThat(failure)
                            .hasSuppressedException(new IllegalStateException("while making sample " + bad + " of 12"));
                }
                assertThat(LoaderThreads.alive()).isEmpty();
            }
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void what_collate_throws_says_which_batch_it_was_whether_broken_samples_are_skipped_or_not(int workers) {
        for (boolean skipBroken : new boolean[] {false, true}) {
            DataLoader loader = new DataLoader(new Numbers(9), o -> {
                o.batchSize = 3;
                o.workers = workers;
                o.skipBroken = skipBroken;
                o.collate = samples -> {
                    if (samples.get(0).inputs().get(0).item() == 3) {
                        throw new IllegalArgumentException("lengths differ");
                    }
                    return Batch.collate(samples);
                };
            });
            Iterator<Batch> batches = loader.epoch(0).iterator();
            batches.next();
            assertThat(catchThrowable(batches::next))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("lengths differ")
                    .hasSuppressedException(new IllegalStateException("while making batch 1 of epoch 0"));
            assertThat(loader.skipped()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void a_pass_that_is_left_anywhere_leaves_nothing(int workers) {
        DataLoader loader = loader(workers, i -> {});
        long alive = Engine.liveObjects();
        for (int taken = 0; taken <= BATCHES; taken++) {
            try (Scope scope = Scope.open();
                    Epoch epoch = loader.epoch(0)) {
                Iterator<Batch> batches = epoch.iterator();
                for (int i = 0; i < taken; i++) {
                    batches.next();
                }
            }
            assertThat(LoaderThreads.alive()).isEmpty();
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }

    @Test
    void the_threads_of_a_pass_that_is_forgotten_end_when_the_collector_finds_it() {
        loader(2, i -> {}).epoch(0).iterator().next();
        assertThat(LoaderThreads.alive()).isNotEmpty();
        LoaderThreads.await(() -> {
            System.gc();
            return LoaderThreads.alive().isEmpty();
        });
    }

    @Test
    void an_interrupted_caller_stops_waiting_and_stays_interrupted() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        DataLoader loader = loader(2, i -> waitFor(never));
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            Iterator<Batch> batches = loader.epoch(0).iterator();
            thrown.set(catchThrowable(batches::next));
            interrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        LoaderThreads.await(() -> LoaderThreads.alive().size() == 2);
        caller.interrupt();
        caller.join();
        assertThat(thrown.get())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the thread was interrupted while it waited for batch 0");
        assertThat(interrupted.get()).isTrue();
        LoaderThreads.await(() -> LoaderThreads.alive().isEmpty());
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException("a read was interrupted", e);
        }
    }

    @Test
    void closing_from_another_thread_wakes_the_caller() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Epoch epoch = loader(1, i -> waitFor(never)).epoch(0);
        Iterator<Batch> batches = epoch.iterator();
        Thread caller = new Thread(() -> thrown.set(catchThrowable(batches::next)));
        caller.start();
        LoaderThreads.await(() -> caller.getState() == Thread.State.WAITING);
        epoch.close();
        caller.join();
        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("was closed");
    }

    @Test
    void a_worker_that_cannot_be_stopped_is_left_to_itself_and_frees_what_it_made() {
        long alive = Engine.liveObjects();
        CountDownLatch slow = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Dataset stubborn = Spying.on(new Numbers(4), i -> {
            begun.countDown();
            while (slow.getCount() > 0) { // as a read over a network that does not answer
                Thread.onSpinWait();
            }
        });
        DataLoader loader = new DataLoader(stubborn, o -> o.batchSize = 2);
        BatchMaker maker = new BatchMaker(stubborn, loader.options, Order.of(loader.options.sampler, 4, 0), 0);
        Workers workers = new Workers(maker, 0, 2, 2, 20);
        workers.start(1);
        LoaderThreads.await(() -> begun.getCount() == 0);
        workers.close();
        assertThat(LoaderThreads.alive()).hasSize(1);
        slow.countDown();
        LoaderThreads.await(() -> LoaderThreads.alive().isEmpty());
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }

    @Test
    void beginning_behind_the_end_is_refused() {
        for (int batch : new int[] {-1, BATCHES + 1}) {
            Epoch epoch = loader(0, i -> {}).epoch(0);
            assertThat(catchThrowable(() -> epoch.from(batch)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("wanted a batch from 0 to 6 to begin with, but got: " + batch);
        }
    }

    @Test
    void an_index_that_is_out_of_range_is_refused() {
        for (int index : new int[] {-1, 3}) {
            DataLoader loader =
                    new DataLoader(new Numbers(3), o -> o.sampler = (size, epoch) -> new int[] {0, index, 1});
            assertThatIllegalStateException()
                    .isThrownBy(() -> loader.epoch(0))
                    .withMessage("wanted indices from 0 to 2 from the sampler, but got: " + index + " at place 1");
        }
    }

    @Test
    void numbers_of_workers_and_batches_are_checked() {
        for (int workers : new int[] {-1, 1025}) {
            assertThat(catchThrowable(() -> loader(workers, i -> {})))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("wanted from 0 to 1024 workers, but got: " + workers);
        }
        assertThat(catchThrowable(() -> DataLoaders.of(new Numbers(3), new Numbers(3), o -> o.prefetch = 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "wanted to prefetch 1 batch or more, but got: 0; leave prefetch null for 2 for each worker");
    }

    @Test
    void both_loaders_of_a_pair_get_what_is_said_of_both() {
        DataLoaders pair = DataLoaders.of(new Numbers(3), new Numbers(3), o -> {
            o.batchSize = 2;
            o.workers = 3;
            o.prefetch = 4;
            o.skipBroken = true;
            o.transforms = List.of(Noisy.SHIFT);
        });
        for (DataLoader.Options options : List.of(pair.train().options, pair.valid().options)) {
            assertThat(List.of(options.batchSize, options.workers, options.prefetch, options.skipBroken))
                    .isEqualTo(List.<Object>of(2, 3, 4, true));
            assertThat(options.transforms).hasSize(1);
        }
        DataLoader inOrder = pair.valid().inOrder();
        assertThat(inOrder.options.workers).isEqualTo(3);
        assertThat(inOrder.options.skipBroken).isFalse();
    }
}
