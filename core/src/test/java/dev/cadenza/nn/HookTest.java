package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.GradHook;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class HookTest {
    private final Linear inner = new Linear(2, 3);
    private final Module net = Sequential.of(inner, Tensor::relu, new Linear(3, 1));
    private final Tensor x = Tensor.of(new float[] {1, -2, 3, 4}, 2, 2);

    @Test
    void a_forward_hook_sees_inputs_and_output_of_a_module_inside_another() {
        List<String> seen = new ArrayList<>();
        try (Hook hook = inner.onForward((module, inputs, output) -> {
            seen.add(module.name() + " " + inputs.get(0).describe() + " " + output.describe());
            return output;
        })) {
            net.forward(x);
            net.forward(List.of(x));
        }
        net.forward(x);
        assertThat(seen).containsExactly("Linear float32[2, 2] float32[2, 3]", "Linear float32[2, 2] float32[2, 3]");
    }

    @Test
    void a_forward_hook_can_put_another_tensor_in_the_place_of_the_output() {
        inner.onForward((module, inputs, output) -> output.zerosLike());
        Hook second = inner.onForward((module, inputs, output) -> output.add(2));
        assertThat(inner.forward(x).toFloats()).containsOnly(2);
        second.close();
        second.close();
        assertThat(inner.forward(x).toFloats()).containsOnly(0);
    }

    @Test
    void a_hook_may_close_itself_while_it_plays() {
        Hook[] once = new Hook[1];
        int[] count = {0};
        once[0] = inner.onForward((module, inputs, output) -> {
            count[0]++;
            once[0].close();
            return output;
        });
        inner.forward(x);
        inner.forward(x);
        assertThat(count[0]).isEqualTo(1);
    }

    @Test
    void a_forward_hook_that_gives_null_is_an_error_that_says_so() {
        inner.onForward((module, inputs, output) -> null);
        assertThatThrownBy(() -> net.forward(x))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("a hook of Linear gave null; wanted the output, or a tensor in its place");
    }

    @Test
    void a_backward_hook_sees_the_gradient_at_the_output() {
        List<double[]> seen = new ArrayList<>();
        try (Hook hook = inner.onBackward((module, grad) -> {
            seen.add(grad.toDoubles());
            return grad;
        })) {
            inner.forward(x).mul(3).sum().backward();
        }
        inner.forward(x).sum().backward();
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0)).containsOnly(3);
    }

    @Test
    void a_backward_hook_can_put_another_gradient_in_its_place() {
        inner.onBackward((module, grad) -> grad.mul(10));
        inner.forward(x).sum().backward();
        assertClose("bias", inner.bias().grad().toDoubles(), new double[] {20, 20, 20}, 0, 0);
    }

    @Test
    void a_backward_hook_has_nothing_to_do_where_nothing_is_recorded() {
        inner.requiresGrad_(false);
        inner.onBackward((module, grad) -> {
            throw new AssertionError("no gradient comes here");
        });
        assertThat(inner.forward(x).requiresGrad()).isFalse();
    }

    @Test
    void what_a_backward_hook_throws_leaves_backward_as_it_was() {
        IllegalStateException failure = new IllegalStateException("mine");
        inner.onBackward((module, grad) -> {
            throw failure;
        });
        Tensor loss = inner.forward(x).sum();
        assertThatThrownBy(loss::backward).isSameAs(failure);
        inner.onBackward((module, grad) -> null);
        Tensor again = inner.forward(x).sum();
        assertThatThrownBy(again::backward).isSameAs(failure);
    }

    @Test
    void a_hook_on_what_was_not_recorded_is_refused() {
        assertThatThrownBy(() -> GradHook.on(x, g -> g))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("nothing was recorded");
    }

    @Test
    void a_gradient_of_another_shape_is_refused_in_words() {
        inner.onBackward((module, grad) -> grad.sum());
        Tensor loss = inner.forward(x).square().sum();
        assertThatThrownBy(loss::backward).isInstanceOf(TensorException.class).hasMessageContaining("backward");
    }

    @Test
    void two_thousand_hooked_batches_leave_nothing_behind() {
        long before = 0;
        try (Hook hook = inner.onBackward((module, grad) -> grad.mul(2))) {
            for (int i = 0; i < 2_000; i++) {
                if (i == 1_000) {
                    before = Engine.liveObjects();
                }
                try (Scope scope = Scope.open()) {
                    inner.forward(x).sum().backward();
                }
            }
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }
}
