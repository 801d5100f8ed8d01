package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TensorListTest {
    private Scope scope;
    private TensorList list; // [3, 4] and [[12]]

    @BeforeEach
    void open() {
        scope = Scope.open();
        list = new TensorList(List.of(Tensor.of(new float[] {3, 4}), Tensor.full(12, 1, 1)));
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static void assertValues(TensorList list, double a, double b, double c) {
        assertThat(list.get(0).toDoubles()).usingComparatorWithPrecision(1e-5).containsExactly(a, b);
        assertThat(list.get(1).toDoubles()).usingComparatorWithPrecision(1e-5).containsExactly(c);
    }

    @Test
    void a_list_cannot_be_changed_but_its_tensors_can() {
        assertThat(list).hasSize(2);
        assertThat(list.add_(1)).isSameAs(list);
        assertValues(list, 4, 5, 13);
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> list.remove(0));
    }

    @Test
    void operations_pair_the_tensors() {
        TensorList other = list.map(x -> x.mul(2));
        assertValues(list.add_(other, -1), -3, -4, -12);
        assertValues(list.mul_(-1).addcmul_(other, other, 0.5), 21, 36, 300);
        assertValues(list.addcdiv_(other, other, -1), 20, 35, 299);
        assertValues(list.copy_(other).lerp_(list.map(Tensor::zerosLike), 0.5), 3, 4, 12);
        assertValues(list.mul_(-1).sign(), -1, -1, -1);
        assertValues(list.map(Tensor::square).sqrt(), 3, 4, 12);
    }

    @Test
    void lists_of_another_length_are_refused_before_anything_changes() {
        List<Tensor> one = List.of(Tensor.ones(2));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> list.add_(one, 1))
                .withMessage("add_: wanted a list of 2 tensors, but got 1");
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> list.addcmul_(list, one, 1));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> list.addcdiv_(one, list, 1));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> list.copy_(List.of()));
        assertValues(list, 3, 4, 12);
    }

    @Test
    void the_norm_is_that_of_all_elements_together() {
        assertThat(list.norm()).isCloseTo(13, within(1e-5));
        assertThat(new TensorList(List.of()).norm()).isZero();
    }

    @Test
    void clipping_scales_down_and_never_up() {
        assertThat(list.clipNorm_(26)).isCloseTo(13, within(1e-5));
        assertValues(list, 3, 4, 12);
        assertThat(list.clipNorm_(6.5)).isCloseTo(13, within(1e-5));
        assertValues(list, 1.5, 2, 6);
        list.clipNorm_(0);
        assertValues(list, 0, 0, 0);
        assertThatIllegalArgumentException().isThrownBy(() -> list.clipNorm_(Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> list.clipNorm_(-1))
                .withMessageContaining("-1");
    }
}
