package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
    @Test
    void batches_are_those_of_fastai_and_pytorch() {
        Map<String, Object> golden = Golden.read("data.json");
        Golden.maps(golden.get("dataloader")).forEach(each -> assertBatches(each, Sampler.sequential()));
        for (Map<String, Object> each : Golden.maps(golden.get("dataloader_shuffled"))) {
            int[] permutation = Arrays.stream(Golden.longs(each.get("permutation")))
                    .mapToInt(Math::toIntExact)
                    .toArray();
            assertBatches(each, (size, epoch) -> permutation);
        }
    }

    private static void assertBatches(Map<String, Object> golden, Sampler sampler) {
        DataLoader loader = new DataLoader(new Numbers((Integer) golden.get("n")), o -> {
            o.batchSize = (Integer) golden.get("bs");
            o.dropLast = (Boolean) golden.get("drop_last");
            o.sampler = sampler;
        });
        List<List<Integer>> batches = Numbers.batches(loader, 0);
        assertThat(batches).as("%s", golden).isEqualTo(golden.get("batches"));
        assertThat(loader.size()).as("%s", golden).isEqualTo(batches.size());
    }

    @Test
    void a_pair_of_loaders_is_that_of_fastai_but_keeps_the_last_batch() {
        Map<String, Object> golden = Golden.map(Golden.read("data.json").get("dataloaders_defaults"));
        Datasets sets = new Datasets(
                new Numbers((Integer) golden.get("n_train")), new Numbers((Integer) golden.get("n_valid")), List.of());
        DataLoaders dropping = sets.loaders(o -> {
            o.batchSize = (Integer) golden.get("bs");
            o.dropLast = true;
        });
        assertThat(dropping.train().size()).isEqualTo(golden.get("train_batches"));
        assertThat(Numbers.batches(dropping.valid(), 0)).isEqualTo(golden.get("valid_order"));
        assertThat(sets.loaders(o -> o.batchSize = 8).train().size()).isEqualTo(7);
    }

    @Test
    void training_is_shuffled_by_the_seed_and_validation_stands() {
        DataLoaders data = DataLoaders.of(new Numbers(20), new Numbers(5), o -> o.seed = 3);
        List<List<Integer>> first = Numbers.batches(data.train(), 0);
        assertThat(Numbers.batches(data.train(), 0)).isEqualTo(first);
        assertThat(Numbers.batches(data.train(), 1)).isNotEqualTo(first);
        assertThat(Numbers.batches(data.valid(), 0)).containsExactly(List.of(0, 1, 2, 3, 4));
        DataLoaders other = DataLoaders.of(new Numbers(20), new Numbers(5), o -> o.seed = 4);
        assertThat(Numbers.batches(other.train(), 0)).isNotEqualTo(first);
    }

    @Test
    void an_empty_data_set_has_no_batches() {
        DataLoader loader = new DataLoader(new Numbers(0), o -> {});
        assertThat(loader.size()).isZero();
        assertThat(loader.epoch(0)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void a_batch_size_below_one_is_refused(int batchSize) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataLoader(new Numbers(3), o -> o.batchSize = batchSize))
                .withMessage("wanted a batch size of 1 or more, but got: " + batchSize);
    }

    @Test
    void a_sampler_of_another_length_is_refused() {
        DataLoader loader = new DataLoader(new Numbers(3), o -> o.sampler = (size, epoch) -> new int[] {0, 1});
        assertThatThrownBy(() -> loader.epoch(0))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("wanted 3 indices from the sampler, as many as its samples(3) says, but got 2");
    }

    @Test
    void asking_beyond_the_end_is_an_error_and_each_pass_starts_anew() {
        DataLoader loader = new DataLoader(new Numbers(3), o -> o.batchSize = 2);
        Iterable<Batch> epoch = loader.epoch(0);
        Iterator<Batch> batches = epoch.iterator();
        batches.next();
        batches.next();
        assertThat(batches.hasNext()).isFalse();
        assertThatThrownBy(batches::next)
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("the epoch has 2 batches, all were taken");
        assertThat(epoch).hasSize(2);
    }

    @Test
    void the_user_can_say_how_samples_become_a_batch() {
        DataLoader loader = new DataLoader(new Numbers(3), o -> {
            o.batchSize = 2;
            o.collate = samples -> Batch.of(Tensor.scalar(samples.size()), Tensor.scalar(0));
        });
        assertThat(Numbers.batches(loader, 0)).containsExactly(List.of(2), List.of(1));
    }

    @Test
    void a_batch_belongs_to_the_scope_that_is_open_where_it_is_asked_for() {
        Iterator<Batch> batches =
                new DataLoader(new Numbers(4), o -> o.batchSize = 2).epoch(0).iterator();
        Batch batch;
        try (Scope scope = Scope.open()) {
            batch = batches.next();
        }
        assertThat(batch.input().isClosed()).isTrue();
        assertThat(batches.next().input().toLongs()).containsExactly(2, 3);
    }

    @Test
    void epochs_leave_no_native_object_behind() {
        DataLoader loader = new DataLoader(new Numbers(10), o -> o.batchSize = 3);
        long before = 0;
        for (int epoch = 0; epoch < 20; epoch++) {
            try (Scope scope = Scope.open()) {
                loader.epoch(epoch).forEach(Batch::size);
            }
            before = epoch == 1 ? Engine.liveObjects() : before;
        }
        // The garbage collector may free what other tests left, so that there may be fewer.
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void a_sample_that_fails_says_which_one_it_was() {
        Dataset broken = new Dataset() {
            @Override
            public int size() {
                return 5;
            }

            @Override
            public Sample get(int index) {
                if (index == 2) {
                    throw new IllegalArgumentException("unreadable");
                }
                return Sample.of(Tensor.scalar(index), Tensor.scalar(index));
            }
        };
        assertThatThrownBy(() ->
                        new DataLoader(broken, o -> {}).epoch(0).iterator().next())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unreadable")
                .hasSuppressedException(new IllegalStateException("while making sample 2 of 5"));
    }
}
