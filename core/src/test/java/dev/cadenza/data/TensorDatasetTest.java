package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TensorDatasetTest {
    private final Tensor x = Tensor.of(new float[] {0, 1, 2, 3, 4, 5}, 3, 2);
    private final Tensor y = Tensor.of(new long[] {7, 8, 9});
    private final Dataset dataset = new TensorDataset(x, y);

    @Test
    void a_sample_is_a_row_of_each() {
        assertThat(dataset.size()).isEqualTo(3);
        Sample sample = dataset.get(1);
        assertThat(sample.inputs().get(0).toFloats()).containsExactly(2, 3);
        assertThat(sample.targets().get(0).itemLong()).isEqualTo(8);
    }

    @Test
    void gathering_a_batch_gives_what_collating_its_samples_gives() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            long[] shape = random.longs(1 + random.nextInt(3), 1, 6).toArray();
            Tensor input = Tensor.zeros(shape).normal_(0, 1, new Rng(seed));
            Tensor second = Tensor.arange(shape[0]);
            Dataset all = new TensorDataset(List.of(input, second), List.of(input.mul(2)));
            int[] indices = random.ints(1 + random.nextInt(9), 0, all.size()).toArray();
            Batch gathered = all.batch(indices);
            Batch collated =
                    Batch.collate(Arrays.stream(indices).mapToObj(all::get).toList());
            assertThat(all.size()).as("size, seed %d", seed).isEqualTo((int) shape[0]);
            assertSame(gathered.inputs(), collated.inputs(), seed);
            assertSame(gathered.targets(), collated.targets(), seed);
        }
    }

    private static void assertSame(List<Tensor> gathered, List<Tensor> collated, long seed) {
        assertThat(gathered).as("seed %d", seed).hasSameSizeAs(collated);
        for (int i = 0; i < gathered.size(); i++) {
            assertThat(gathered.get(i).describe())
                    .as("seed %d", seed)
                    .isEqualTo(collated.get(i).describe());
            assertThat(gathered.get(i).equal(collated.get(i)))
                    .as("tensor %d, seed %d", i, seed)
                    .isTrue();
        }
    }

    @Test
    void changing_a_batch_leaves_the_data_as_they_were() {
        dataset.batch(new int[] {0, 1, 2}).input().zero_();
        dataset.batch(new int[] {2}).target().zero_();
        assertThat(x.toFloats()).containsExactly(0, 1, 2, 3, 4, 5);
        assertThat(y.toLongs()).containsExactly(7, 8, 9);
    }

    @Test
    void the_data_outlive_the_scope_that_their_tensors_were_made_in() {
        Dataset made;
        try (Scope scope = Scope.open()) {
            made = new TensorDataset(Tensor.ones(4, 2), Tensor.arange(4));
        }
        assertThat(made.batch(new int[] {3, 1}).target().toLongs()).containsExactly(3, 1);
        assertThat(made.get(0).inputs().get(0).toFloats()).containsExactly(1, 1);
    }

    @Test
    void tensors_without_one_first_dimension_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TensorDataset(x, Tensor.zeros(4)))
                .withMessage("wanted tensors with one first dimension, N, but got [float32[3, 2], float32[4]]");
        assertThatIllegalArgumentException().isThrownBy(() -> new TensorDataset(x, Tensor.scalar(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> new TensorDataset(Tensor.scalar(1), y));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TensorDataset(List.of(), List.of(y)))
                .withMessageStartingWith("wanted at least one input");
    }

    @Test
    void an_index_out_of_range_is_refused() {
        assertThatThrownBy(() -> dataset.get(3)).isInstanceOf(TensorException.class);
        assertThatThrownBy(() -> dataset.batch(new int[] {0, 3})).isInstanceOf(TensorException.class);
        assertThatThrownBy(() -> dataset.batch(new int[] {-1})).isInstanceOf(TensorException.class);
    }

    @Test
    void no_indices_are_an_empty_batch() {
        assertThat(dataset.batch(new int[0]).input().shape()).containsExactly(0, 2);
    }
}
