package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.LoaderThreads;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkipBrokenTest {
    @AfterEach
    void noThreadIsLeft() {
        assertThat(LoaderThreads.alive()).isEmpty();
    }

    private static DataLoader loader(int workers, int size, IntPredicate broken) {
        Dataset dataset = Spying.on(new Numbers(size), index -> {
            if (broken.test(index)) {
                throw new IllegalArgumentException("broken " + index);
            }
        });
        return new DataLoader(dataset, o -> {
            o.batchSize = 3;
            o.workers = workers;
            o.skipBroken = true;
        });
    }

    /** fastai fills up with the next samples, so that a batch depends on all before it; here it gets smaller. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void the_samples_are_those_of_fastai_but_stay_in_their_batches(int workers) {
        Map<String, Object> golden = Golden.map(Golden.read("data.json").get("dataloader_skip"));
        Set<Integer> broken = Set.copyOf(Arrays.stream(Golden.longs(golden.get("skipped_items")))
                .mapToObj(Math::toIntExact)
                .toList());
        DataLoader loader = loader(workers, (Integer) golden.get("n"), broken::contains);
        List<List<Integer>> batches = Numbers.batches(loader, 0);
        assertThat(batches).containsExactly(List.of(0, 2), List.of(3, 5), List.of(6, 8), List.of(9));
        List<Integer> theirs = new ArrayList<>();
        ((List<?>) golden.get("batches")).forEach(batch -> ((List<?>) batch).forEach(i -> theirs.add((Integer) i)));
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(theirs);
        assertThat(loader.skipped()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void a_batch_of_which_nothing_is_left_does_not_come(int workers) {
        long alive = 0;
        for (int round = 0; round < 3; round++) {
            try (Scope scope = Scope.open()) {
                DataLoader first = loader(workers, 9, index -> index < 3);
                assertThat(Numbers.batches(first, 0)).containsExactly(List.of(3, 4, 5), List.of(6, 7, 8));
                DataLoader last = loader(workers, 9, index -> index >= 4);
                assertThat(Numbers.batches(last, 0)).containsExactly(List.of(0, 1, 2), List.of(3));
                assertThat(last.size()).isEqualTo(3);
                assertThat(last.skipped()).isEqualTo(5);
                DataLoader middle = loader(workers, 9, index -> index / 3 == 1);
                assertThat(Numbers.batches(middle, 0)).containsExactly(List.of(0, 1, 2), List.of(6, 7, 8));
            }
            alive = round == 0 ? Engine.liveObjects() : alive;
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void an_epoch_of_broken_samples_alone_is_an_error(int workers) {
        DataLoader loader = loader(workers, 7, index -> true);
        assertThatThrownBy(() -> Numbers.batches(loader, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("all 7 samples of epoch 2 are broken, the first one by: broken 0;"
                        + " set skipBroken to false to see where it fails")
                .hasCause(new IllegalArgumentException("broken 0"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void an_error_is_never_passed_over(int workers) {
        DataLoader loader = loader(workers, 7, index -> {
            if (index == 4) {
                throw new OutOfMemoryError("test");
            }
            return false;
        });
        assertThatThrownBy(() -> Numbers.batches(loader, 0))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("test");
        assertThat(loader.skipped()).isZero();
    }

    /** Whoever is interrupted cannot read, and would find the whole data set broken. */
    @Test
    void an_interrupted_thread_passes_over_nothing() {
        DataLoader loader = loader(0, 7, index -> index == 1);
        Thread.currentThread().interrupt();
        Throwable thrown = catchThrowable(() -> loader.epoch(0).iterator().next());
        assertThat(Thread.interrupted()).isTrue();
        assertThat(thrown).isInstanceOf(IllegalArgumentException.class).hasMessage("broken 1");
        assertThat(loader.skipped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3})
    void samples_that_are_left_draw_what_they_would_have_drawn(int workers) {
        Dataset whole = new Noisy(9);
        Dataset broken = Spying.on(whole, index -> {
            if (index == 4) {
                throw new IllegalArgumentException("broken");
            }
        });
        List<Float> without = new ArrayList<>();
        List<Float> with = new ArrayList<>();
        collect(whole, 0, without);
        collect(broken, workers, with);
        without.remove(4);
        assertThat(with).isEqualTo(without);
    }

    private static void collect(Dataset dataset, int workers, List<Float> into) {
        DataLoader loader = new DataLoader(dataset, o -> {
            o.batchSize = 3;
            o.workers = workers;
            o.skipBroken = true;
            o.drawSeed = 3L;
            o.transforms = List.of(Noisy.SHIFT);
        });
        for (Batch batch : loader.epoch(1)) {
            for (float mean : batch.input().select(1, 0).toFloats()) {
                into.add(mean);
            }
        }
    }

    @Test
    void a_data_set_that_makes_batches_in_its_own_way_still_does() {
        Dataset whole = new Numbers(6);
        Dataset own = new Dataset() {
            @Override
            public int size() {
                return 6;
            }

            @Override
            public Sample get(int index) {
                if (index == 1) {
                    throw new IllegalArgumentException("broken");
                }
                return whole.get(index);
            }

            @Override
            public Batch batch(int[] indices, List<Draw> draws) {
                Batch batch = Dataset.super.batch(indices, draws);
                return Batch.of(batch.input().mul(10), batch.target());
            }
        };
        DataLoader loader = new DataLoader(own, o -> {
            o.batchSize = 3;
            o.skipBroken = true;
        });
        assertThat(Numbers.batches(loader, 0)).containsExactly(List.of(0, 20), List.of(30, 40, 50));
    }
}
