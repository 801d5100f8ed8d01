package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadenza.testing.InScope;
import org.assertj.core.api.AbstractDoubleArrayAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(InScope.class)
class KernelsTest {
    private static final long[] ONE = {1, 1};
    private static final long[] ZERO = {0, 0};
    private static final int MEAN = 1;

    private static Tensor of(float... data) {
        return Tensor.of(data);
    }

    private static AbstractDoubleArrayAssert<?> assertValues(Tensor x) {
        return assertThat(x.toDoubles()).usingComparatorWithPrecision(1e-4);
    }

    @Test
    void linear_multiplies_by_the_transposed_weight() {
        Tensor x = of(1, 2).view(1, 2);
        Tensor weight = of(1, 0, 0, 1, 1, 1).view(3, 2);
        assertValues(Kernels.linear(x, weight, null)).containsExactly(1, 2, 3);
        assertValues(Kernels.linear(x, weight, of(10, 20, 30))).containsExactly(11, 22, 33);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> Kernels.linear(x, weight.t(), null));
    }

    @Test
    void conv2d_sums_over_windows() {
        Tensor x = Tensor.arange(9).to(DType.FLOAT32).view(1, 1, 3, 3);
        Tensor weight = Tensor.ones(1, 1, 2, 2);
        assertValues(Kernels.conv2d(x, weight, null, ONE, ZERO, ONE, 1)).containsExactly(8, 12, 20, 24);
        assertValues(Kernels.conv2d(x, weight, of(1), new long[] {2, 2}, ONE, ONE, 1))
                .containsExactly(1, 4, 10, 25);
        assertValues(Kernels.conv2d(x, weight, null, ONE, ZERO, new long[] {2, 2}, 1))
                .containsExactly(16);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 0, 1L << 32, 1L << 40, 1L << 62, Long.MAX_VALUE, Long.MIN_VALUE})
    void strides_and_the_like_that_would_crash_are_refused(long n) {
        Tensor x = Tensor.ones(1, 2, 5, 5);
        Tensor weight = Tensor.ones(2, 2, 2, 2);
        long[] bad = {1, n};
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Kernels.conv2d(x, weight, null, bad, ZERO, ONE, 1))
                .withMessage("conv2d: stride is out of range: [1, " + n + "]");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Kernels.conv2d(x, weight, null, ONE, ZERO, bad, 1));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Kernels.conv2d(x, weight, null, ONE, ZERO, ONE, n));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> PoolKernels.maxPool2d(x, bad, ONE, ZERO, ONE, false));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> PoolKernels.maxPool2d(x, ONE, ONE, ZERO, bad, true));
        if (n != 0) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> Kernels.conv2d(x, weight, null, ONE, bad, ONE, 1));
        }
    }

    @Test
    void maxPool2d_takes_the_largest_of_each_window() {
        Tensor x = Tensor.arange(9).to(DType.FLOAT32).view(1, 1, 3, 3);
        long[] two = {2, 2};
        assertValues(PoolKernels.maxPool2d(x, two, two, ZERO, ONE, false)).containsExactly(4);
        assertValues(PoolKernels.maxPool2d(x, two, two, ZERO, ONE, true)).containsExactly(4, 5, 7, 8);
        assertValues(PoolKernels.maxPool2d(x, two, ONE, ZERO, ONE, false)).containsExactly(4, 5, 7, 8);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> PoolKernels.maxPool2d(x, new long[] {2}, two, ZERO, ONE, false));
    }

    @Test
    void batchNorm_normalises_by_the_batch_and_moves_the_running_statistics() {
        Tensor x = of(1, 3).view(2, 1);
        Tensor mean = Tensor.zeros(1);
        Tensor var = Tensor.ones(1);
        assertValues(Kernels.batchNorm(x, of(2), of(5), mean, var, true, 0.1, 0))
                .containsExactly(3, 7);
        assertValues(mean).containsExactly(0.2); // 0.9 · 0 + 0.1 · 2
        assertValues(var).containsExactly(1.1); // 0.9 · 1 + 0.1 · 2, unbiased
        assertValues(Kernels.batchNorm(x, null, null, of(1), of(4), false, 0.1, 0))
                .containsExactly(0, 1);
        assertValues(Kernels.batchNorm(x, null, null, null, null, true, 0.1, 0)).containsExactly(-1, 1);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Kernels.batchNorm(x, null, null, null, null, false, 0.1, 0));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Kernels.batchNorm(Tensor.scalar(1), null, null, null, null, true, 0.1, 0));
    }

    @Test
    void dropout_scales_what_it_leaves_and_does_nothing_outside_training() {
        Rng.global().seed(1);
        Tensor x = Tensor.ones(1000);
        Tensor dropped = Kernels.dropout(x, 0.5, true);
        assertThat(dropped.toFloats()).as("seed 1").containsOnly(0, 2);
        assertThat(dropped.mean().item()).as("seed 1").isBetween(0.8, 1.2);
        assertThat(Kernels.dropout(x, 0.5, false).equal(x)).isTrue();
        assertThat(Kernels.dropout(x, 1, true).toFloats()).containsOnly(0);
        for (double p : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatExceptionOfType(TensorException.class).isThrownBy(() -> Kernels.dropout(x, p, true));
        }
    }

    @Test
    void embedding_looks_rows_up() {
        Tensor weight = of(1, 2, 3, 4).view(2, 2).requiresGrad_(true);
        Tensor rows = Kernels.embedding(weight, Tensor.of(new long[] {1, 0, 1}), 0);
        assertValues(rows).containsExactly(3, 4, 1, 2, 3, 4);
        rows.sum().backward();
        assertValues(weight.grad()).containsExactly(0, 0, 2, 2);
        for (long wrong : new long[] {-1, 2, Long.MAX_VALUE}) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> Kernels.embedding(weight, Tensor.of(new long[] {wrong}), -1));
        }
    }

    @Test
    void activations() {
        Tensor x = of(-1, 0, 2);
        assertValues(Kernels.leakyRelu(x, 0.1)).containsExactly(-0.1, 0, 2);
        assertValues(Kernels.elu(x, 2)).containsExactly(-1.264241, 0, 2);
        assertValues(Kernels.gelu(x, true)).containsExactly(-0.158655, 0, 1.954500);
        assertValues(Kernels.gelu(x, false)).containsExactly(-0.158808, 0, 1.954598);
        assertValues(Kernels.silu(x)).containsExactly(-0.268941, 0, 1.761594);
        assertValues(Kernels.mish(x)).containsExactly(-0.303401, 0, 1.943959);
        assertValues(Kernels.softplus(x)).containsExactly(0.313262, 0.693147, 2.126928);
        assertValues(Kernels.hardswish(x)).containsExactly(-1.0 / 3, 0, 5.0 / 3);
        assertValues(Kernels.selu(x)).containsExactly(-1.111331, 0, 2.101402);
        assertValues(Kernels.relu6(of(-1, 3, 9))).containsExactly(0, 3, 6);
        assertValues(Kernels.logSoftmax(of(0, 0), -1)).containsExactly(-0.693147, -0.693147);
    }

    @Test
    void losses() {
        Tensor scores = of(0, 0, 1000, -1000).view(2, 2);
        Tensor labels = Tensor.of(new long[] {1, 0});
        assertValues(Kernels.crossEntropy(scores, labels, null, 0, -100, 0)).containsExactly(0.693147, 0);
        assertValues(Kernels.crossEntropy(scores, labels, null, MEAN, 0, 0)).containsExactly(0.693147);
        assertValues(Kernels.nllLoss(of(-1, -2).view(1, 2), Tensor.of(new long[] {1}), null, MEAN, -100))
                .containsExactly(2);
        assertValues(Kernels.mseLoss(of(1, 2), of(1, 4), MEAN)).containsExactly(2);
        assertValues(Kernels.l1Loss(of(1, 2), of(1, 4), 2)).containsExactly(2);
        assertValues(Kernels.huberLoss(of(0, 0), of(0.5f, 3), 0, 1)).containsExactly(0.125, 2.5);
        assertValues(Kernels.smoothL1Loss(of(0, 0), of(0.25f, 3), 0, 0.5)).containsExactly(0.0625, 2.75);
        assertValues(Kernels.bce(of(0.5f, 0, 1), of(1, 1, 1), of(1, 2, 1), 0)).containsExactly(0.693147, 200, 0);
        assertValues(Kernels.bceWithLogits(of(0, 1000), of(1, 1), null, null, 0))
                .containsExactly(0.693147, 0);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Kernels.crossEntropy(scores, Tensor.of(new long[] {2, 0}), null, MEAN, -100, 0))
                .withMessageStartingWith("crossEntropy: Target 2 is out of bounds.");
    }
}
