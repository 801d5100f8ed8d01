package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The golden file has what pools compute; here is what they refuse, print and leave alone. */
@ExtendWith(InScope.class)
class PoolsTest {
    private final Tensor x = Tensor.arange(9).to(DType.FLOAT32).view(1, 1, 3, 3);

    @Test
    void a_divisor_replaces_the_number_of_elements() {
        assertThat(F.avgPool2d(x, 2, o -> o.divisorOverride = 2).item()).isEqualTo((0 + 1 + 3 + 4) / 2.0);
    }

    @Test
    void sizes_that_cannot_be_are_refused_where_they_are_given() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AvgPool2d(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AvgPool2d(2, o -> o.stride = 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AvgPool2d(2, o -> o.divisorOverride = 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AvgPool2d(2, o -> o.padding = 2))
                .withMessageContaining("at most half a window, 1");
        assertThatIllegalArgumentException().isThrownBy(() -> new AdaptiveAvgPool2d(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AdaptiveMaxPool2d(1, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new AdaptiveConcatPool2d(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> Activation.celu(0));
    }

    @Test
    void an_image_smaller_than_the_window_or_of_no_pixels_is_an_error() {
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> new AvgPool2d(4).forward(x));
        Tensor none = Tensor.zeros(1, 1, 0, 3);
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> new AdaptiveMaxPool2d(1).forward(none));
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> PoolKernels.reflectionPad2d(x, 3));
    }

    @Test
    void adaptive_pools_take_any_size_to_theirs() {
        assertThat(F.adaptiveAvgPool2d(x, 1, 1).item()).isEqualTo(4);
        assertThat(F.adaptiveMaxPool2d(x, 1, 3).toDoubles()).containsExactly(6, 7, 8);
        assertThat(new AdaptiveConcatPool2d(1).forward(x).toDoubles()).containsExactly(8, 4);
        assertThat(new AdaptiveAvgPool2d(5).forward(x).shape()).containsExactly(1, 1, 5, 5);
    }

    @Test
    void reflection_repeats_what_is_inside_but_not_the_border() {
        assertThat(PoolKernels.reflectionPad2d(x, 1).select(2, 0).toDoubles()).containsExactly(4, 3, 4, 5, 4);
    }

    @Test
    void celu_is_smooth_at_0_and_relu_in_place_writes_over_its_input() {
        Tensor negative = Tensor.of(new double[] {-0.15, 0, 2});
        assertThat(Activation.celu(0.3).forward(negative).toDoubles())
                .containsExactly(0.3 * Math.expm1(-0.5), 0.0, 2.0);
        assertThat(Activation.reluInPlace().forward(negative).toDoubles()).containsExactly(0, 0, 2);
        assertThat(negative.toDoubles()).containsExactly(0, 0, 2);
    }

    @Test
    void they_print_as_in_PyTorch_and_hold_no_state() {
        assertThat(new AvgPool2d(3, o -> o.strideWidth = 2))
                .hasToString("AvgPool2d(kernel_size=3, stride=(3, 2), padding=0)");
        assertThat(new AdaptiveMaxPool2d(1, 1)).hasToString("AdaptiveMaxPool2d(output_size=(1, 1))");
        Module concat = new AdaptiveConcatPool2d(1);
        assertThat(concat).hasToString("""
                AdaptiveConcatPool2d(
                  (ap): AdaptiveAvgPool2d(output_size=1)
                  (mp): AdaptiveMaxPool2d(output_size=1)
                )""");
        assertThat(concat.stateDict()).isEmpty();
        assertThat(new Identity()).hasToString("Identity()");
        assertThat(new Identity().forward(x)).isSameAs(x);
    }

    @Test
    void a_subclass_of_Sequential_has_a_name_of_its_own_and_the_same_state() {
        final class Named extends Sequential {
            Named() {
                super(List.of(new Linear(2, 1)));
            }
        }

        assertThat(new Named().stateDict()).containsOnlyKeys("0.weight", "0.bias");
        assertThat(new Named().toString()).startsWith("Named(\n  (0): Linear");
    }
}
