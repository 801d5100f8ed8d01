package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class RowStepTest {
    /** Repeats a number; notes down how it was asked. */
    private static final class Repeat implements RowStep<Integer> {
        final List<String> asked = Collections.synchronizedList(new ArrayList<>());
        int times = 3;

        @Override
        public Tensor apply(Integer x) {
            asked.add("made " + x);
            refuse(x);
            return Tensor.full(DType.INT32, x, times);
        }

        private static void refuse(int x) {
            if (x == 11) {
                throw new IllegalArgumentException("eleven");
            }
        }

        @Override
        public DType dtype() {
            return DType.INT32;
        }

        @Override
        public long[] shape(Integer x) {
            return new long[] {x == 13 ? times + 1 : times};
        }

        @Override
        public void write(Integer x, ByteBuffer row) {
            asked.add("written " + x);
            refuse(x);
            for (int i = 0; i < (x == 12 ? 1 : times); i++) {
                row.putInt(x);
            }
        }
    }

    private final Repeat repeat = new Repeat();

    private Dataset dataset(List<Integer> items) {
        return DataBlock.of(
                        () -> Pipeline.of("read", (Integer x) -> x).then("repeat", repeat), CategoryBlock.of(x -> "c"))
                .fit(items)
                .dataset(items);
    }

    private static List<Integer> numbers(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    @Test
    void a_batch_is_written_and_a_sample_is_made() {
        Dataset dataset = dataset(numbers(4));
        Batch batch = dataset.batch(new int[] {2, 0, 2});
        assertThat(batch.input().describe()).isEqualTo("int32[3, 3]");
        assertThat(batch.input().toInts()).containsExactly(2, 2, 2, 0, 0, 0, 2, 2, 2);
        assertThat(batch.target().describe()).isEqualTo("int64[3]");
        assertThat(repeat.asked).containsExactly("written 2", "written 0", "written 2");
        assertThat(dataset.get(3).inputs().get(0).toInts()).containsExactly(3, 3, 3);
        assertThat(repeat.asked).endsWith("made 3");
    }

    @Test
    void large_rows_are_made_one_by_one() {
        repeat.times = 1 << 12;
        dataset(numbers(1)).batch(new int[] {0});
        repeat.times++;
        Batch batch = dataset(numbers(3)).batch(new int[] {1, 2});
        assertThat(repeat.asked).containsExactly("written 0", "made 1", "made 2");
        assertThat(batch.input().describe()).isEqualTo("int32[2, 4097]");
        assertThat(batch.input().sum().item()).isEqualTo(3 * 4097);
    }

    @Test
    void rows_of_nothing_are_a_batch_too() {
        repeat.times = 0;
        assertThat(dataset(numbers(2)).batch(new int[] {0, 1}).input().describe())
                .isEqualTo("int32[2, 0]");
        assertThatThrownBy(() -> dataset(numbers(2)).batch(new int[0])).isInstanceOf(TensorException.class);
    }

    @Test
    void a_step_that_is_not_the_last_one_makes_tensors() {
        Block<Integer> doubled =
                () -> Pipeline.<Integer, Tensor>of("repeat", repeat).then("double", (Tensor x) -> x.mul(2));
        Dataset dataset = DataBlock.of(doubled, CategoryBlock.of(x -> "c"))
                .fit(numbers(3))
                .dataset(numbers(3));
        assertThat(dataset.batch(new int[] {1, 2}).input().toInts()).containsExactly(2, 2, 2, 4, 4, 4);
        assertThat(repeat.asked).containsExactly("made 1", "made 2");
    }

    @Test
    void a_failure_names_step_and_sample() {
        assertThatThrownBy(() -> dataset(List.of(1, 11)).batch(new int[] {0, 1}))
                .hasMessage("eleven")
                .satisfies(e -> assertThat(e.getSuppressed())
                        .extracting(Throwable::getMessage)
                        .containsExactly("at step repeat", "while making sample 1 of 2: 11"));
        assertThatThrownBy(() -> dataset(List.of(12)).batch(new int[] {0}))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("wanted all 12 bytes of int32[3] from the step repeat, but it wrote 4;"
                        + " write them relative to the position");
    }

    @Test
    void samples_of_different_forms_are_refused() {
        assertThatThrownBy(() -> dataset(List.of(1, 2, 13)).batch(new int[] {0, 1, 2}))
                .isInstanceOf(TensorException.class)
                .hasMessage("collate: sample 0 of the batch has [int32[3]], but sample 2 has [int32[4]];"
                        + " bring them to one form, or set the loader's collate");
    }

    @Test
    void rows_of_broken_samples_are_left_out() {
        DataLoader loader = new DataLoader(dataset(List.of(1, 11, 3)), o -> o.skipBroken = true);
        try (Epoch epoch = loader.epoch(0)) {
            assertThat(epoch.iterator().next().input().toInts()).containsExactly(1, 1, 1, 3, 3, 3);
        }
        assertThat(loader.skipped()).isEqualTo(1);
    }
}
