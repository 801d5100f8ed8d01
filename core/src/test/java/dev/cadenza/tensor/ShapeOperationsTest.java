package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import java.util.Arrays;
import java.util.List;
import org.assertj.core.api.AbstractDoubleArrayAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Making, reducing and reshaping against tiny examples computed by hand. */
class ShapeOperationsTest {
    private Scope scope;
    private Tensor x; // [[1, 2, 3], [4, 5, 6]]

    @BeforeEach
    void open() {
        scope = Scope.open();
        x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static AbstractDoubleArrayAssert<?> assertValues(Tensor x) {
        return assertThat(x.toDoubles()).usingComparatorWithPrecision(1e-5);
    }

    @Test
    void tensors_are_made_from_nothing() {
        assertThat(Tensor.zeros(2).toFloats()).containsExactly(0, 0);
        assertThat(Tensor.ones(2).toFloats()).containsExactly(1, 1);
        assertThat(Tensor.full(2.5, 1, 2).describe()).isEqualTo("float32[1, 2]");
        assertThat(Tensor.zeros(DType.INT64, 2).describe()).isEqualTo("int64[2]");
        assertThat(Tensor.full(DType.BOOL, 5, 2).toBytes()).containsExactly(1, 1);
        assertThat(Tensor.scalar(7).shape()).isEmpty();
        assertThat(Tensor.arange(3).toLongs()).containsExactly(0, 1, 2);
        assertValues(Tensor.arange(1, 2, 0.4)).containsExactly(1, 1.4, 1.8);
        assertThat(Tensor.eye(2).toFloats()).containsExactly(1, 0, 0, 1);
        assertThat(x.zerosLike().describe()).isEqualTo("float32[2, 3]");
        assertThat(Tensor.arange(2).onesLike()).hasToString("tensor([1, 1])");
        assertThat(Tensor.randn(0, 2).shape()).containsExactly(0, 2);
    }

    @Test
    void facts_are_told() {
        assertThat(x.shape()).containsExactly(2, 3);
        assertThat(x.size(0)).isEqualTo(2);
        assertThat(x.size(-1)).isEqualTo(3);
        assertThat(x.dim()).isEqualTo(2);
        assertThat(x.numel()).isEqualTo(6);
        assertThat(x.isContiguous()).isTrue();
        assertThat(x.t().isContiguous()).isFalse();
        assertThat(x.device()).isEqualTo(Device.CPU);
        assertThat(x.unsafeHandle()).isNotNull();
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.size(2));
    }

    @Test
    void tensors_are_joined() {
        assertThat(Tensor.cat(List.of(x, x), 0).shape()).containsExactly(4, 3);
        assertThat(Tensor.cat(List.of(x, x), -1).toFloats()).containsExactly(1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6);
        assertThat(Tensor.stack(List.of(x, x, x), 1).shape()).containsExactly(2, 3, 3);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.cat(List.of(), 0))
                .withMessage("cat: wanted at least one tensor, but got none");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.stack(List.of(x, Tensor.ones(1)), 0))
                .withMessageEndingWith("operands: float32[2, 3], float32[1]");
        assertThatNullPointerException().isThrownBy(() -> Tensor.cat(Arrays.asList(x, null), 0));
    }

    @Test
    void sums_and_averages() {
        assertValues(x.sum()).containsExactly(21);
        assertValues(x.sum(0)).containsExactly(5, 7, 9);
        assertValues(x.sum(-1)).containsExactly(6, 15);
        assertThat(x.sum(true, 0, 1).shape()).containsExactly(1, 1);
        assertThat(Tensor.of(new boolean[] {true, true}).sum().itemLong()).isEqualTo(2);
        assertValues(x.mean()).containsExactly(3.5);
        assertValues(x.mean(1)).containsExactly(2, 5);
        assertThat(x.mean(true, -1).shape()).containsExactly(2, 1);
        assertValues(x.std(true)).containsExactly(1.870829);
        assertValues(x.std(false)).containsExactly(1.707825);
        assertValues(x.var(true, false, 1)).containsExactly(1, 1);
        assertValues(x.var(false, true, 0)).containsExactly(2.25, 2.25, 2.25);
        assertValues(x.norm()).containsExactly(9.539392);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.arange(3).mean());
    }

    @Test
    void largest_and_smallest() {
        assertValues(x.max()).containsExactly(6);
        assertValues(x.min()).containsExactly(1);
        assertValues(x.amax(false, 0)).containsExactly(4, 5, 6);
        assertThat(x.amax(true, 0, 1).shape()).containsExactly(1, 1);
        assertThat(x.argmax(1).toLongs()).containsExactly(2, 2);
        assertThat(x.argmax(-2).toLongs()).containsExactly(1, 1, 1);
        assertThat(x.gt(0).all().toBytes()).containsExactly(1);
        assertThat(x.gt(1).all().toBytes()).containsExactly(0);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.zeros(0).max());
    }

    @Test
    void softmax_and_logsumexp_do_not_overflow() {
        Tensor far = Tensor.of(new float[] {1000, 1000, -1000, -1000}, 2, 2);
        assertValues(far.logsumexp(1).sub(Tensor.of(new float[] {1000, -1000})).div(100))
                .containsExactly(0.00693, 0.00693);
        assertValues(far.softmax(1)).containsExactly(0.5, 0.5, 0.5, 0.5);
        assertValues(far.softmax(0)).containsExactly(1, 1, 0, 0);
        assertValues(Kernels.logSoftmax(far, 0)).containsExactly(0, 0, -2000, -2000);
    }

    @Test
    void shapes_change() {
        assertThat(x.view(3, -1).shape()).containsExactly(3, 2);
        assertThat(x.t().reshape(6).toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThat(Tensor.zeros(2, 3, 4).flatten(1).shape()).containsExactly(2, 12);
        assertThat(Tensor.zeros(2, 3, 4).permute(2, 0, -2).shape()).containsExactly(4, 2, 3);
        assertThat(Tensor.zeros(2, 3, 4).transpose(0, -1).shape()).containsExactly(4, 3, 2);
        assertThat(x.unsqueeze(-1).shape()).containsExactly(2, 3, 1);
        assertThat(x.unsqueeze(0).squeeze(0).shape()).containsExactly(2, 3);
        assertThat(x.squeeze(0).shape()).containsExactly(2, 3);
        assertThat(x.select(0, 0).expand(2, -1).toFloats()).containsExactly(1, 2, 3, 1, 2, 3);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.t().view(6));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.view(-1, -1));
    }

    @Test
    void parts_are_taken() {
        assertThat(x.select(-1, -1).toFloats()).containsExactly(3, 6);
        assertThat(x.narrow(1, 1, 2).toFloats()).containsExactly(2, 3, 5, 6);
        assertThat(x.indexSelect(1, Tensor.of(new long[] {2, 0})).toFloats()).containsExactly(3, 1, 6, 4);
        assertThat(x.gather(1, Tensor.of(new long[] {2, 0}, 2, 1)).toFloats()).containsExactly(3, 4);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.select(0, 2));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.narrow(0, 1, Long.MAX_VALUE));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.indexSelect(0, Tensor.of(new long[] {2})));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.gather(1, Tensor.of(new long[] {-1}, 1, 1)));
    }

    @Test
    void matrices_are_multiplied() {
        assertValues(x.matmul(x.t())).containsExactly(14, 32, 32, 77);
        assertValues(x.matmul(Tensor.of(new float[] {1, 0, -1}))).containsExactly(-2, -2);
        assertThat(Tensor.zeros(5, 2, 3).matmul(Tensor.zeros(3, 4)).shape()).containsExactly(5, 2, 4);
    }

    @Test
    void views_share_memory_and_copies_do_not() {
        Tensor copy = x.clone();
        x.view(6).select(0, 0).fill_(9);
        assertThat(x.toFloats()).startsWith(9);
        assertThat(x.contiguous().add_(0).toFloats()).startsWith(9);
        assertThat(copy.toFloats()).startsWith(1);
        Parameter p = new Parameter(x);
        x.zero_();
        assertThat(p.toFloats()).containsOnly(0);
    }
}
