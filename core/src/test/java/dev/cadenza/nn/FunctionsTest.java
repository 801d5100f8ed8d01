package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FunctionsTest {
    private static final int ROUNDS = 200;

    /** Log-softmax is x − logsumexp(x): libtorch's kernel against the formula, where overflow threatens. */
    @ParameterizedTest
    @EnumSource(
            value = DType.class,
            names = {"FLOAT32", "FLOAT64"})
    void logSoftmax_is_x_minus_logsumexp_up_to_1000(DType dtype) {
        long seed = 2024;
        Random random = new Random(seed);
        double eps = dtype == DType.FLOAT32 ? 1e-6 : 1e-14;
        for (int round = 0; round < ROUNDS; round++) {
            try (Scope scope = Scope.open()) {
                int dim = random.nextInt(3);
                Tensor x = scores(random, dtype);
                Tensor want = x.sub(x.logsumexp(dim).unsqueeze(dim));
                String what = "seed " + seed + ", round " + round + ", dim " + dim;
                // differences of numbers up to 2000 carry the rounding of those
                assertClose(what, F.logSoftmax(x, dim), want, eps, 2000 * eps);
                assertThat(F.softmax(x, dim).sum(dim).isFinite().all().item())
                        .as(what)
                        .isEqualTo(1);
            }
        }
    }

    /** Scores of a random scale up to 1000, some -inf, but finite ones in every row. */
    private static Tensor scores(Random random, DType dtype) {
        long[] shape = {1 + random.nextInt(4), 2 + random.nextInt(4), 1 + random.nextInt(5)};
        Rng rng = new Rng(random.nextLong());
        Tensor x = Tensor.zeros(dtype, shape).uniform_(-1, 1, rng).mul(Math.pow(10, random.nextInt(7) - 3));
        Tensor hidden = Tensor.zeros(shape).bernoulli_(0.2, rng).to(DType.BOOL);
        Tensor inf = x.maskedFill(hidden, Double.NEGATIVE_INFINITY);
        for (int dim = 0; dim < 3; dim++) {
            if (!inf.amax(false, dim)
                    .isFinite()
                    .all()
                    .equal(Tensor.of(new boolean[] {true}).squeeze(0))) {
                return x;
            }
        }
        return inf;
    }

    @Test
    void logSoftmax_of_nothing_but_minus_infinity_is_NaN_as_in_PyTorch() {
        Tensor x = Tensor.full(Double.NEGATIVE_INFINITY, 1, 3);
        assertThat(F.logSoftmax(x, 1).toFloats()).containsOnly(Float.NaN);
    }

    @Test
    void softmax_does_not_change_when_all_scores_move() {
        Tensor x = Tensor.randn(4, 6).to(DType.FLOAT64);
        assertClose("+ 1000", F.softmax(x.add(1000), 1), F.softmax(x, 1), 1e-12, 0);
        assertClose("sum", F.softmax(x, 1).sum(1), Tensor.ones(4).to(DType.FLOAT64), 1e-12, 0);
    }

    @Test
    void activations_have_the_gradients_of_their_differences() {
        Map<String, UnaryOperator<Tensor>> functions = Map.of(
                "gelu", F::gelu,
                "geluTanh", F::geluTanh,
                "silu", F::silu,
                "mish", F::mish,
                "softplus", F::softplus,
                "selu", F::selu,
                "elu", x -> F.elu(x, 0.7),
                "leakyRelu", x -> F.leakyRelu(x, 0.2),
                "sigmoidRange", x -> F.sigmoidRange(x, -1, 5.5));
        Tensor points = Tensor.arange(-3.05, 3, 0.5).to(DType.FLOAT64);
        double h = 1e-6;
        functions.forEach((name, f) -> {
            Tensor x = points.clone().requiresGrad_(true);
            f.apply(x).sum().backward();
            Tensor difference =
                    f.apply(points.add(h)).sub(f.apply(points.sub(h))).div(2 * h);
            assertClose(name, x.grad(), difference, 1e-6, 1e-8);
        });
    }

    @Test
    void activations_saturate_where_they_should() {
        Tensor far = Tensor.of(new double[] {-1000, 1000});
        assertClose("relu6", F.relu6(far).toDoubles(), new double[] {0, 6}, 0, 0);
        assertClose("softplus", F.softplus(far).toDoubles(), new double[] {0, 1000}, 0, 0);
        assertClose("hardswish", F.hardswish(far).toDoubles(), new double[] {0, 1000}, 0, 0);
        assertClose("sigmoidRange", F.sigmoidRange(far, 1, 5).toDoubles(), new double[] {1, 5}, 0, 0);
        assertClose("tanh", F.tanh(far).toDoubles(), new double[] {-1, 1}, 0, 0);
    }

    @Test
    void a_convolution_with_a_kernel_of_one_is_a_linear_layer_over_pixels() {
        Tensor x = Tensor.randn(2, 3, 4, 5).to(DType.FLOAT64);
        Tensor w = Tensor.randn(6, 3).to(DType.FLOAT64);
        Tensor b = Tensor.randn(6).to(DType.FLOAT64);
        Tensor byLinear = F.linear(x.permute(0, 2, 3, 1), w, b).permute(0, 3, 1, 2);
        assertClose("1x1", F.conv2d(x, w.reshape(6, 3, 1, 1), b), byLinear, 1e-12, 1e-12);
    }

    @Test
    void wrong_arguments_are_tensor_errors() {
        Tensor x = Tensor.randn(2, 3);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> F.logSoftmax(x, 5))
                .withMessageStartingWith("logSoftmax: ");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> F.linear(x, Tensor.ones(4, 2), null))
                .withMessageContaining("float32[2, 3], float32[4, 2]");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> F.conv2d(x, Tensor.ones(4, 2, 3, 3), null))
                .withMessageStartingWith("conv2d: ");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> F.dropout(x, 2, true))
                .withMessageContaining("p is out of range");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> F.gelu(Tensor.zeros(DType.INT64, 3)))
                .withMessageStartingWith("gelu: ");
    }
}
