package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.testing.InScope;
import org.assertj.core.api.AbstractDoubleArrayAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Each element-wise operation against a tiny example computed by hand. */
@ExtendWith(InScope.class)
class OperationsTest {
    private static final double E = Math.E;

    private static Tensor of(float... data) {
        return Tensor.of(data);
    }

    private static AbstractDoubleArrayAssert<?> assertValues(Tensor x) {
        return assertThat(x.toDoubles()).usingComparatorWithPrecision(1e-5);
    }

    @Test
    void arithmetic_between_tensors_broadcasts() {
        Tensor column = of(1, 2).view(2, 1);
        Tensor row = of(10, 20, 30);
        assertValues(column.add(row)).containsExactly(11, 21, 31, 12, 22, 32);
        assertThat(column.add(row).shape()).containsExactly(2, 3);
        assertValues(row.sub(column)).containsExactly(9, 19, 29, 8, 18, 28);
        assertValues(row.mul(column)).containsExactly(10, 20, 30, 20, 40, 60);
        assertValues(row.div(of(2, 4, 5))).containsExactly(5, 5, 6);
        assertValues(row.add(row, -0.5)).containsExactly(5, 10, 15);
        assertValues(row.maximum(of(15))).containsExactly(15, 20, 30);
        assertValues(row.minimum(of(15))).containsExactly(10, 15, 15);
    }

    @Test
    void arithmetic_with_numbers() {
        Tensor x = of(1, -2);
        assertValues(x.add(0.5)).containsExactly(1.5, -1.5);
        assertValues(x.sub(1)).containsExactly(0, -3);
        assertValues(x.mul(3)).containsExactly(3, -6);
        assertValues(x.div(4)).containsExactly(0.25, -0.5);
        assertValues(x.pow(2)).containsExactly(1, 4);
        assertValues(x.clamp(-1, 0.5)).containsExactly(0.5, -1);
    }

    @Test
    void whole_numbers_keep_integers_integer_and_others_make_floats() {
        Tensor n = Tensor.of(new long[] {2, -3});
        assertThat(n.add(1)).hasToString("tensor([ 3, -2])");
        assertThat(n.mul(2).sub(1).pow(2).dtype()).isEqualTo(DType.INT64);
        assertThat(n.clamp(0, 5)).hasToString("tensor([2, 0])");
        assertThat(n.add(0.5)).hasToString("tensor([ 2.5000, -2.5000])");
        assertThat(n.div(2)).hasToString("tensor([ 1.0000, -1.5000])");
        assertThat(n.add(Double.POSITIVE_INFINITY).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(n.add(of(1, 1)).dtype()).isEqualTo(DType.FLOAT32);
        assertThat(of(1).add(Tensor.zeros(DType.FLOAT64, 1)).dtype()).isEqualTo(DType.FLOAT64);
        assertThat(Tensor.of(new byte[] {1}).add(Tensor.of(new int[] {1})).dtype())
                .isEqualTo(DType.INT32);
        assertThat(n.add_(1)).hasToString("tensor([ 3, -2])");
    }

    @Test
    void integer_arithmetic_that_has_no_result_is_refused() {
        Tensor n = Tensor.of(new long[] {2, 0});
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> n.pow(-1));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> n.div_(2));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> n.add_(0.5));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> n.fill_(Double.NaN));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> n.addcdiv_(n, n, 1));
        assertValues(n.div(0)).containsExactly(Double.POSITIVE_INFINITY, Double.NaN);
    }

    @Test
    void functions_of_one_tensor() {
        assertValues(of(1, -2).neg()).containsExactly(-1, 2);
        assertValues(of(1, -2).abs()).containsExactly(1, 2);
        assertValues(of(5, -2, 0).sign()).containsExactly(1, -1, 0);
        assertValues(of(0, 1).exp()).containsExactly(1, E);
        assertValues(of(1, (float) E, 0, -1).log()).containsExactly(0, 1, Double.NEGATIVE_INFINITY, Double.NaN);
        assertValues(of(4, 9).sqrt()).containsExactly(2, 3);
        assertValues(of(-3).square()).containsExactly(9);
        assertValues(of(-3, 2).relu()).containsExactly(0, 2);
        assertValues(of(0, 100, -100).sigmoid()).containsExactly(0.5, 1, 0);
        assertValues(of(0, 100, -1).tanh()).containsExactly(0, 1, -0.761594);
    }

    @Test
    void changes_in_place_return_the_tensor_itself() {
        Tensor x = of(1, 4);
        assertThat(x.add_(of(1, 1))).isSameAs(x);
        assertValues(x).containsExactly(2, 5);
        assertValues(x.sub_(of(1, 1)).add_(1).sub_(2)).containsExactly(0, 3);
        assertValues(x.add_(1).mul_(of(2, 2)).mul_(2).div_(4).div_(of(1, 2))).containsExactly(1, 2);
        assertValues(x.add_(of(10, 10), 0.5)).containsExactly(6, 7);
        assertValues(x.addcmul_(of(1, 2), of(3, 4), 10)).containsExactly(36, 87);
        assertValues(x.addcdiv_(of(6, 7), of(1, 1), -1)).containsExactly(30, 80);
        assertValues(x.lerp_(of(40, 40), 0.25)).containsExactly(32.5, 70);
        assertValues(x.fill_(16).sqrt_()).containsExactly(4, 4);
        assertValues(x.sub_(of(5, 0)).relu_()).containsExactly(0, 4);
        assertValues(x.copy_(Tensor.of(new long[] {7}))).containsExactly(7, 7);
        assertValues(x.zero_()).containsExactly(0, 0);
    }

    @Test
    void comparisons_give_bools() {
        Tensor x = of(1, 2, 3);
        Tensor two = of(2);
        assertThat(x.eq(two).dtype()).isEqualTo(DType.BOOL);
        assertThat(x.eq(two).toBytes()).isEqualTo(x.eq(2).toBytes()).containsExactly(0, 1, 0);
        assertThat(x.ne(two).toBytes()).isEqualTo(x.ne(2).toBytes()).containsExactly(1, 0, 1);
        assertThat(x.gt(two).toBytes()).isEqualTo(x.gt(2).toBytes()).containsExactly(0, 0, 1);
        assertThat(x.ge(two).toBytes()).isEqualTo(x.ge(2).toBytes()).containsExactly(0, 1, 1);
        assertThat(x.lt(two).toBytes()).isEqualTo(x.lt(2).toBytes()).containsExactly(1, 0, 0);
        assertThat(x.le(two).toBytes()).isEqualTo(x.le(2).toBytes()).containsExactly(1, 1, 0);
        assertThat(of(1, Float.NaN, Float.NEGATIVE_INFINITY).isFinite().toBytes())
                .containsExactly(1, 0, 0);
        assertThat(Tensor.where(x.gt(1), x, of(9)).toFloats()).containsExactly(9, 2, 3);
        assertThat(x.maskedFill(x.gt(1), -1).toFloats()).containsExactly(1, -1, -1);
    }

    @Test
    void equal_and_allclose_compare_whole_tensors() {
        assertThat(of(1, 2).equal(of(1, 2))).isTrue();
        assertThat(of(1, 2).equal(of(1, 2, 3))).isFalse();
        assertThat(of(Float.NaN).equal(of(Float.NaN))).isFalse();
        assertThat(of(1).allclose(of(1.01f), 0.02, 0)).isTrue();
        assertThat(of(1).allclose(of(1.01f), 0.001, 0.001)).isFalse();
    }

    @Test
    void dtypes_convert() {
        assertThat(of(1.9f, -1.9f).to(DType.INT32)).hasToString("tensor([ 1, -1], dtype=torch.int32)");
        assertThat(of(0, 2).to(DType.BOOL)).hasToString("tensor([False,  True])");
        assertThat(of(1).to(Device.CPU).device()).isEqualTo(Device.CPU);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> of(1).to(Device.cuda(999)));
    }

    @Test
    void item_wants_exactly_one_element() {
        assertThat(of(2.5f).item()).isEqualTo(2.5);
        assertThat(Tensor.full(DType.INT64, 0).add_(1L << 52).mul(4).add(1).itemLong())
                .isEqualTo((1L << 54) + 1);
        assertThat(Tensor.scalar(0.1).item()).isCloseTo(0.1, within(1e-8));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> of(1, 2).item());
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.zeros(0).item());
    }

    @Test
    void an_error_is_one_line_with_operation_and_operands_and_has_libtorchs_as_cause() {
        Tensor x = Tensor.zeros(2, 3);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.matmul(x))
                .withMessage("matmul: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3); operands: float32[2, 3],"
                        + " float32[2, 3]")
                .satisfies(e -> assertThat(e.getCause()).hasMessageContaining("Exception raised from"));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.view(5))
                .withMessage("view: shape '[5]' is invalid for input of size 6; operands: float32[2, 3]");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.zeros(1L << 45))
                .satisfies(e -> assertThat(e.getMessage()).startsWith("full: ").doesNotContain("\n", "frame #"));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.zeros(-1))
                .withMessageContaining("[-1]");
    }
}
