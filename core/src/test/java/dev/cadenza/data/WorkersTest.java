package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.LoaderThreads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
    private int threadsBefore;

    @BeforeEach
    void computeWithTwoThreads() {
        threadsBefore = Engine.threads();
        Engine.threads(2);
    }

    @AfterEach
    void noThreadIsLeft() {
        Engine.threads(threadsBefore);
        assertThat(LoaderThreads.alive()).isEmpty();
    }

    private static DataLoader loader(int workers, Consumer<DataLoader.Options> more) {
        return new DataLoader(new Noisy(11), o -> {
            o.batchSize = 2;
            o.workers = workers;
            o.sampler = Sampler.shuffled(5);
            o.drawSeed = 6L;
            o.transforms = List.of(Noisy.SHIFT, Noisy.SHIFT);
            more.accept(o);
        });
    }

    private static Sampler fixed(int... order) {
        return new Sampler() {
            @Override
            public int[] order(int size, long epoch) {
                return order;
            }

            @Override
            public int samples(int size) {
                return order.length;
            }
        };
    }

    /** All numbers of all batches, each batch in a scope of its own. */
    private static List<List<Float>> numbers(Iterable<Batch> batches) {
        List<List<Float>> numbers = new ArrayList<>();
        for (Iterator<Batch> left = batches.iterator(); left.hasNext(); ) {
            try (Scope scope = Scope.open()) {
                Batch batch = left.next();
                List<Float> row = new ArrayList<>();
                for (Tensor each : List.of(batch.input(), batch.target())) {
                    for (float number : each.toFloats()) {
                        row.add(number);
                    }
                }
                numbers.add(row);
            }
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void batches_have_the_same_bits_for_any_number_of_workers(int workers) {
        for (int epoch = 0; epoch < 2; epoch++) {
            List<List<Float>> alone = numbers(loader(0, o -> {}).epoch(epoch));
            assertThat(alone).hasSize(6);
            assertThat(numbers(loader(workers, o -> {}).epoch(epoch))).isEqualTo(alone);
            assertThat(numbers(loader(workers, o -> o.prefetch = 1).epoch(epoch)))
                    .isEqualTo(alone);
        }
    }

    @Test
    void without_a_seed_nothing_is_drawn() {
        Consumer<DataLoader.Options> unseeded = o -> o.drawSeed = null;
        assertThat(numbers(loader(2, unseeded).epoch(0)))
                .isEqualTo(numbers(loader(0, unseeded).epoch(0)))
                .isNotEqualTo(numbers(loader(0, o -> {}).epoch(0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void a_sample_that_comes_again_draws_anew(int workers) {
        Consumer<DataLoader.Options> twice = o -> {
            o.batchSize = 3;
            o.sampler = fixed(3, 3, 3, 5, 3, 5);
        };
        List<List<Float>> rows = numbers(loader(workers, twice).epoch(0));
        assertThat(rows.stream().flatMap(row -> IntStream.range(0, 3).mapToObj(i -> row.get(2 * i))))
                .doesNotHaveDuplicates();
        assertThat(rows).isEqualTo(numbers(loader(0, twice).epoch(0)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void an_epoch_can_begin_at_any_batch_and_reads_none_before(int workers) {
        Set<Integer> read = Collections.synchronizedSet(new HashSet<>());
        Numbers all = new Numbers(10);
        Dataset watched = Spying.on(all, index -> read.add(index));
        DataLoader loader = new DataLoader(watched, o -> {
            o.batchSize = 3;
            o.workers = workers;
        });
        for (int first = 0; first <= 4; first++) {
            read.clear();
            List<Integer> seen = new ArrayList<>();
            try (Epoch rest = loader.epoch(0).from(first)) {
                assertThat(rest.size()).isEqualTo(4 - first);
                rest.forEach(batch -> Arrays.stream(batch.input().toInts()).forEach(seen::add));
            }
            assertThat(seen)
                    .isEqualTo(
                            IntStream.range(Math.min(3 * first, 10), 10).boxed().toList());
            assertThat(read).containsExactlyInAnyOrderElementsOf(seen);
        }
    }

    @Test
    void no_more_batches_are_made_ahead_than_asked_for() throws InterruptedException {
        AtomicInteger begun = new AtomicInteger();
        DataLoader loader = new DataLoader(Spying.on(new Numbers(20), index -> begun.incrementAndGet()), o -> {
            o.batchSize = 1;
            o.workers = 2;
            o.prefetch = 3;
        });
        try (Epoch epoch = loader.epoch(0)) {
            Iterator<Batch> batches = epoch.iterator();
            for (int taken = 0; taken < 10; taken++) {
                int ahead = taken + 3;
                LoaderThreads.await(() -> begun.get() == ahead);
                Thread.sleep(5); // in which they could begin one too many
                assertThat(begun.get()).isEqualTo(ahead);
                batches.next();
            }
        }
    }

    @Test
    void two_batches_for_each_worker_are_made_ahead_unless_said_otherwise() {
        AtomicInteger begun = new AtomicInteger();
        DataLoader loader = new DataLoader(Spying.on(new Numbers(20), index -> begun.incrementAndGet()), o -> {
            o.batchSize = 1;
            o.workers = 3;
        });
        try (Epoch epoch = loader.epoch(0)) {
            assertThat(epoch.iterator().hasNext()).isTrue();
            LoaderThreads.await(() -> begun.get() == 6);
        }
        assertThat(begun).hasValue(6);
    }

    @Test
    void workers_compute_without_gradients_on_one_thread_each() {
        Set<String> seen = Collections.synchronizedSet(new HashSet<>());
        DataLoader loader = new DataLoader(
                Spying.on(
                        new Numbers(6),
                        index -> seen.add(Thread.currentThread().isDaemon() + " " + NoGrad.gradIsEnabled() + " "
                                + Engine.threads())),
                o -> {
                    o.batchSize = 2;
                    o.workers = 2;
                });
        loader.epoch(0).forEach(Batch::size);
        assertThat(seen).containsExactly("true false 1");
        assertThat(Engine.threads()).isEqualTo(2);
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void two_passes_at_once_do_not_disturb_each_other() {
        DataLoader loader = loader(2, o -> {});
        List<List<Float>> alone = numbers(loader.epoch(0));
        Epoch epoch = loader.epoch(0);
        Iterator<Batch> one = epoch.iterator();
        Iterator<Batch> other = epoch.iterator();
        List<List<Float>> mixed = new ArrayList<>();
        while (one.hasNext()) {
            mixed.addAll(numbers(List.of(one.next())));
            mixed.addAll(numbers(List.of(other.next())));
        }
        assertThat(mixed)
                .isEqualTo(alone.stream()
                        .flatMap(row -> List.of(row, row).stream())
                        .toList());
        assertThat(other.hasNext()).isFalse();
    }

    @Test
    void a_batch_that_was_handed_over_is_freed_with_the_scope_it_was_taken_in() {
        Iterator<Batch> batches = loader(1, o -> {}).epoch(0).iterator();
        Batch batch = null;
        while (batches.hasNext()) {
            assertThat(batch == null || batch.input().isClosed()).isTrue();
            try (Scope scope = Scope.open()) {
                batch = batches.next();
                assertThat(batch.input().isClosed()).isFalse();
            }
        }
    }

    @Test
    void what_the_data_set_owns_is_not_freed_with_the_batch() {
        Tensor own = Tensor.ones(2, 3);
        DataLoader loader = new DataLoader(new Numbers(4), o -> {
            o.batchSize = 2;
            o.workers = 1;
            o.collate = samples -> Batch.of(own, own);
        });
        try (Scope scope = Scope.open()) {
            loader.epoch(0).forEach(Batch::size);
        }
        assertThat(own.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void fifty_epochs_leave_nothing(int workers) {
        DataLoader loader = new DataLoader(new Numbers(10), o -> {
            o.batchSize = 3;
            o.workers = workers;
        });
        long before = 0;
        for (int epoch = 0; epoch < 50; epoch++) {
            try (Scope scope = Scope.open()) {
                loader.epoch(epoch).forEach(Batch::size);
            }
            before = epoch == 1 ? Engine.liveObjects() : before;
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void an_interrupt_that_a_sample_leaves_behind_stops_nothing() {
        DataLoader loader = new DataLoader(
                Spying.on(new Numbers(12), index -> Thread.currentThread().interrupt()), o -> {
                    o.batchSize = 1;
                    o.workers = 2;
                    o.prefetch = 1;
                });
        assertThat(Numbers.batches(loader, 0)).hasSize(12);
    }

    @Test
    void waiting_is_measured_with_workers_and_without() {
        for (int workers : new int[] {0, 1}) {
            Epoch epoch = loader(workers, o -> {}).epoch(0);
            assertThat(epoch.secondsWaiting()).isZero();
            epoch.forEach(Batch::size);
            assertThat(epoch.secondsWaiting()).isPositive();
        }
    }

    @Test
    void a_closed_epoch_and_a_closed_pass_say_so() {
        for (int workers : new int[] {0, 1}) {
            Epoch epoch = loader(workers, o -> {}).epoch(7);
            Iterator<Batch> batches = epoch.iterator();
            batches.next();
            epoch.close();
            epoch.close();
            assertThatIllegalStateException()
                    .isThrownBy(batches::next)
                    .withMessage("the epoch was closed, or a batch failed, before batch 1; begin a new pass");
            assertThatIllegalStateException()
                    .isThrownBy(epoch::iterator)
                    .withMessage("epoch 7 was closed; ask the loader for it again");
        }
    }
}
