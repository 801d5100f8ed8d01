package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {
    private final Sample sample = Sample.of(Tensor.zeros(1, 28, 28), Tensor.zeros(DType.INT64));

    @Test
    void samples_are_stacked_along_a_new_first_dimension() {
        Batch batch = Batch.collate(List.of(sample, sample, sample));
        assertThat(batch.input().describe()).isEqualTo("float32[3, 1, 28, 28]");
        assertThat(batch.target().describe()).isEqualTo("int64[3]");
        assertThat(batch.size()).isEqualTo(3);
    }

    @Test
    void several_inputs_and_no_target_are_possible() {
        Sample pair = new Sample(List.of(Tensor.zeros(3), Tensor.zeros(DType.UINT8, 2)), List.of());
        Batch batch = Batch.collate(List.of(pair, pair));
        assertThat(batch.inputs()).extracting(Tensor::describe).containsExactly("float32[2, 3]", "uint8[2, 2]");
        assertThat(batch.targets()).isEmpty();
        assertThatThrownBy(batch::target).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void samples_of_different_forms_are_refused_with_the_number_of_the_one_that_differs() {
        Tensor label = sample.targets().get(0);
        assertRefused(Sample.of(Tensor.zeros(1, 28, 27), label), "[float32[1, 28, 28]]", "[float32[1, 28, 27]]");
        assertRefused(Sample.of(sample.inputs().get(0), Tensor.scalar(1)), "[int64[]]", "[float32[]]");
        assertRefused(new Sample(sample.inputs(), List.of()), "[int64[]]", "[]");
        assertRefused(new Sample(sample.inputs(), List.of(label, label)), "[int64[]]", "[int64[], int64[]]");
    }

    private void assertRefused(Sample other, String first, String differing) {
        assertThatThrownBy(() -> Batch.collate(List.of(sample, sample, other)))
                .isInstanceOf(TensorException.class)
                .hasMessage(
                        "collate: sample 0 of the batch has %s, but sample 2 has %s;"
                                + " bring them to one form, or set the loader's collate",
                        first, differing);
    }

    @Test
    void a_batch_of_nothing_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Batch(List.of(), List.of(Tensor.zeros(3))))
                .withMessage("wanted a batch with at least one input, but got none");
        assertThatThrownBy(() -> Batch.collate(List.of()))
                .isInstanceOf(TensorException.class)
                .hasMessage("collate: wanted at least one sample, but got none");
    }

    @Test
    void lists_that_are_changed_later_change_no_sample_and_no_batch() {
        List<Tensor> tensors = new ArrayList<>(List.of(Tensor.zeros(3)));
        Batch batch = new Batch(tensors, tensors);
        Sample copied = new Sample(tensors, tensors);
        tensors.clear();
        assertThat(batch.inputs()).hasSize(1);
        assertThat(batch.targets()).hasSize(1);
        assertThat(copied.inputs()).hasSize(1);
        assertThat(copied.targets()).hasSize(1);
    }

    @Test
    void a_batch_that_lies_on_the_device_is_itself() {
        Batch batch = Batch.collate(List.of(sample));
        assertThat(batch.to(Device.CPU)).isSameAs(batch);
    }
}
