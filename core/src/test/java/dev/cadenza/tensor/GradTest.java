package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class GradTest {
    private static final List<UnaryOperator<Tensor>> SMOOTH = List.of(
            x -> x.mul(x).add(3),
            x -> x.exp().div(x.square().add(1)),
            x -> x.sigmoid().sub(x.tanh()),
            x -> x.square().add(0.5).log().mul(2),
            x -> x.softmax(1).pow(2),
            x -> x.logsumexp(0),
            x -> x.matmul(x.t()),
            x -> x.square().add(1).sqrt().neg(),
            x -> x.mean(true, 1).mul(x),
            x -> x.var(true, true, 0).mul(x.permute(0, 1)),
            x -> Tensor.cat(List.of(x, x.narrow(1, 0, 2)), 1).square(),
            x -> x.select(0, 1).expand(3, 4).mul(x),
            x -> Kernels.gelu(x, true).add(Kernels.logSoftmax(x, 1)));

    private static Tensor leaf(float... data) {
        return Tensor.of(data).requiresGrad_(true);
    }

    @Test
    void gradients_agree_with_finite_differences() {
        long seed = 17;
        Rng rng = new Rng(seed);
        for (int i = 0; i < SMOOTH.size(); i++) {
            Tensor x = Tensor.zeros(DType.FLOAT64, 3, 4).normal_(0, 1, rng).requiresGrad_(true);
            SMOOTH.get(i).apply(x).sum().backward();
            double[] gradient = x.grad().toDoubles();
            double[] at = x.toDoubles();
            for (int k = 0; k < at.length; k++) {
                double slope = (value(i, at, k, 1e-5) - value(i, at, k, -1e-5)) / 2e-5;
                assertThat(gradient[k])
                        .as("function %d, element %d, seed %d", i, k, seed)
                        .isCloseTo(slope, within(1e-6));
            }
        }
    }

    private static double value(int function, double[] at, int k, double step) {
        double[] moved = at.clone();
        moved[k] += step;
        return SMOOTH.get(function).apply(Tensor.of(moved, 3, 4)).sum().item();
    }

    @Test
    void gradients_add_up_until_they_are_forgotten() {
        Tensor x = leaf(1, 2);
        x.square().sum().backward();
        x.square().sum().backward();
        assertThat(x.grad().toFloats()).containsExactly(4, 8);
        x.zeroGrad();
        assertThat(x.hasGrad()).isFalse();
        x.mul(3).sum().backward();
        assertThat(x.grad().toFloats()).containsExactly(3, 3);
    }

    @Test
    void grad_is_the_slot_itself() {
        Tensor x = leaf(1);
        x.mul(4).backward();
        x.grad().mul_(0.5);
        assertThat(x.grad().item()).isEqualTo(2);
    }

    @Test
    void a_missing_gradient_is_refused_with_the_cure() {
        assertThat(leaf(1).hasGrad()).isFalse();
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> leaf(1).grad())
                .withMessage("grad: there is none; call backward() on a loss that depends on this float32[1],"
                        + " which must be a leaf, or ask hasGrad()");
    }

    @Test
    void setGrad_wants_the_same_shape_and_dtype_and_another_tensor() {
        Tensor x = leaf(1, 2);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.setGrad(Tensor.ones(3)))
                .withMessage("setGrad: wanted float32[2] on cpu, but got float32[3] on cpu");
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.setGrad(Tensor.zeros(DType.FLOAT64, 2)));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> x.setGrad(x));
        assertThat(x.hasGrad()).isFalse();
        x.setGrad(Tensor.full(7, 2));
        assertThat(x.grad().toFloats()).containsExactly(7, 7);
    }

    @Test
    void backward_is_refused_twice_and_where_it_has_no_meaning() {
        Tensor x = leaf(1, 2);
        Tensor loss = x.square().sum();
        loss.backward();
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(loss::backward)
                .withMessageContaining("second time");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.square().backward())
                .withMessageContaining("scalar");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.ones(1).backward())
                .withMessageContaining("nothing was recorded: all parameters are frozen, NoGrad was open, or it came");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.mul(1).backward(Tensor.ones(3)));
    }

    @Test
    void backward_from_a_given_gradient_weighs_the_elements() {
        Tensor x = leaf(1, 2);
        x.square().backward(Tensor.of(new float[] {1, 10}));
        assertThat(x.grad().toFloats()).containsExactly(2, 40);
    }

    @Test
    void only_floating_point_leaves_can_ask_for_gradients() {
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> Tensor.arange(3).requiresGrad_(true));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> new Parameter(Tensor.arange(3)));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> leaf(1).mul(2).requiresGrad_(false))
                .withMessageContaining("detach() it first");
        assertThat(leaf(1).requiresGrad_(false).requiresGrad()).isFalse();
    }

    @Test
    void a_leaf_that_requires_a_gradient_cannot_be_changed_in_place() {
        Tensor x = leaf(1);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> x.add_(1))
                .withMessageContaining("leaf")
                .withMessageStartingWith("add_: ");
        try (NoGrad off = NoGrad.open()) {
            x.add_(1);
        }
        assertThat(x.item()).isEqualTo(2);
    }

    @Test
    void detach_and_setData_leave_the_record() {
        Tensor x = leaf(1, 2);
        Tensor y = x.mul(2);
        assertThat(y.isLeaf()).isFalse();
        assertThat(y.detach().requiresGrad()).isFalse();
        x.sum().backward();
        x.setData(Tensor.ones(3));
        assertThat(x.shape()).containsExactly(3);
        assertThat(x.hasGrad()).isFalse();
        assertThat(x.requiresGrad()).isTrue();
    }
}
