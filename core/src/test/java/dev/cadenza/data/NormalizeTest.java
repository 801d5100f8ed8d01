package dev.cadenza.data;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.LoaderThreads;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class NormalizeTest {
    private final Normalize three = Normalize.of(new double[] {1, 2, 3}, new double[] {0.5, 1, 2});
    private final Tensor x = Tensor.zeros(2, 3, 4, 5).uniform_(0, 1, new Rng(1));

    private static DataLoader loader(Tensor inputs, int batchSize) {
        return new DataLoader(new TensorDataset(inputs, inputs), o -> o.batchSize = batchSize);
    }

    @Test
    void decoding_undoes_it() {
        assertClose("decoded", three.decode(three.apply(x)), x, 0, 1e-6);
        assertThat(three.apply(Tensor.full(2, 1, 3, 1, 1)).toFloats()).containsExactly(2, 0, -0.5f);
    }

    @Test
    void only_the_first_input_of_a_batch_is_changed_and_what_was_given_stays() {
        Tensor before = x.add(0);
        Batch batch = new Batch(List.of(x, x), List.of(x));
        Batch after = three.apply(batch, List.of(Draw.NONE, Draw.NONE));
        assertThat(after.input().equal(three.apply(x))).isTrue();
        assertThat(after.inputs().get(1)).isSameAs(x);
        assertThat(after.target()).isSameAs(x);
        assertThat(x.equal(before)).isTrue();
    }

    @Test
    void one_number_is_for_all_channels_and_flat_inputs_have_channels_too() {
        Tensor flat = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(Normalize.of(new double[] {1}, new double[] {2}).apply(flat).toFloats())
                .containsExactly(0, 0.5f, 1, 1.5f, 2, 2.5f);
        assertThat(three.apply(flat).toFloats()).containsExactly(0, 0, 0, 6, 3, 1.5f);
    }

    @Test
    void the_dtype_stays_and_it_works_in_scope_after_scope() {
        for (DType dtype : List.of(DType.FLOAT64, DType.FLOAT32, DType.FLOAT64)) {
            try (Scope scope = Scope.open()) {
                assertThat(three.apply(x.to(dtype)).dtype()).isEqualTo(dtype);
            }
        }
    }

    @Test
    void wrong_inputs_are_refused_with_what_to_do() {
        assertThatThrownBy(() -> three.apply(x.to(DType.UINT8)))
                .isInstanceOf(TensorException.class)
                .hasMessage("Normalize: wanted a floating-point input, but got uint8[2, 3, 4, 5]; put a transform to"
                        + " fractions before it: input.to(DType.FLOAT32).div(255)");
        assertThatThrownBy(() -> three.apply(Tensor.zeros(2, 1, 4, 5)))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("of 3 channels, one for each mean, but got float32[2, 1, 4, 5]");
        assertThatThrownBy(() -> three.decode(Tensor.zeros(3))).isInstanceOf(TensorException.class);
    }

    @Test
    void wrong_numbers_are_refused_where_they_are_given() {
        assertThatIllegalArgumentException().isThrownBy(() -> Normalize.of(new double[] {}, new double[] {}));
        assertThatIllegalArgumentException().isThrownBy(() -> Normalize.of(new double[] {1}, new double[] {1, 1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Normalize.of(new double[] {1}, new double[] {0}))
                .withMessageEndingWith("[1.0] and [0.0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Normalize.of(new double[] {Double.NaN}, new double[] {1}));
    }

    @Test
    void what_was_measured_over_several_batches_brings_all_of_them_to_mean_0_and_deviation_1() {
        Tensor all = Tensor.zeros(50, 2, 3).uniform_(5, 9, new Rng(2));
        Normalize measured = Normalize.measure(loader(all, 7), 100);
        Tensor normal = measured.apply(all);
        for (int c = 0; c < 2; c++) {
            assertThat(normal.select(1, c).mean().item()).isBetween(-1e-5, 1e-5);
            assertThat(normal.select(1, c).std(true).item()).isBetween(1 - 1e-5, 1 + 1e-5);
        }
        Normalize first = Normalize.measure(loader(all, 7), 1);
        assertThat(first.mean()).isNotEqualTo(measured.mean());
        assertThat(first.mean())
                .isEqualTo(Normalize.measure(loader(all.narrow(0, 0, 7), 7), 9).mean());
    }

    @Test
    void measuring_some_of_the_batches_leaves_no_thread_behind() {
        TensorDataset data = new TensorDataset(Tensor.zeros(50, 2).uniform_(5, 9, new Rng(2)), Tensor.zeros(50));
        DataLoader loader = new DataLoader(data, o -> {
            o.batchSize = 2;
            o.workers = 2;
        });
        Normalize.measure(loader, 1);
        assertThat(LoaderThreads.alive()).isEmpty();
    }

    @Test
    void what_cannot_be_measured_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Normalize.measure(loader(x, 1), 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Normalize.measure(loader(Tensor.zeros(0, 3), 1), 1))
                .withMessageContaining("at least two numbers in each channel to measure, but got 0");
        assertThatThrownBy(() -> Normalize.measure(loader(x.to(DType.UINT8), 1), 1))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("uint8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Normalize.measure(loader(x.div(0), 1), 1))
                .withMessageContaining("[");
    }
}
