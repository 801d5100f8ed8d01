package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class InitTest {
    @Test
    void all_ways_fill_a_parameter_in_place_and_leave_it_a_trained_leaf() {
        List<Consumer<Tensor>> ways = List.of(
                Init::kaimingUniform_,
                Init::kaimingNormal_,
                Init::xavierUniform_,
                Init::xavierNormal_,
                Init::ones_,
                t -> Init.uniform_(t, 1, 2),
                t -> Init.normal_(t, 0, 1),
                t -> Init.constant_(t, 3));
        for (Consumer<Tensor> way : ways) {
            Parameter weight = new Parameter(Tensor.zeros(4, 3));
            way.accept(weight);
            assertThat(weight.abs().sum().item()).isPositive();
            assertThat(weight.isLeaf() && weight.requiresGrad()).isTrue();
        }
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void a_vector_has_no_fan_and_is_refused_with_the_cure() {
        List<Consumer<Tensor>> ways =
                List.of(Init::kaimingUniform_, Init::kaimingNormal_, Init::xavierUniform_, Init::xavierNormal_);
        for (Consumer<Tensor> way : ways) {
            assertThatExceptionOfType(TensorException.class)
                    .isThrownBy(() -> way.accept(Tensor.zeros(3)))
                    .withMessageContaining("two dimensions or more")
                    .withMessageContaining("zeros_");
        }
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void gain_replaces_that_of_the_leaky_relu() {
        Rng.global().seed(1);
        Tensor relu = Init.kaimingNormal_(Tensor.zeros(50, 50)).clone();
        Rng.global().seed(1);
        Tensor linear = Init.kaimingNormal_(Tensor.zeros(50, 50), o -> o.gain = 1.0);
        assertThat(relu.std(true).item() / linear.std(true).item()).isCloseTo(Math.sqrt(2), within(1e-5));
    }

    @Test
    void layers_start_as_kaiming_uniform_of_sqrt_5_with_the_weight_drawn_before_the_bias() {
        Rng.global().seed(3);
        Conv2d conv = new Conv2d(4, 6, 3, o -> o.groups = 2);
        Rng.global().seed(3);
        Tensor weight = Init.kaimingUniform_(Tensor.zeros(6, 2, 3, 3), o -> o.a = Math.sqrt(5));
        Tensor bias = Init.uniform_(Tensor.zeros(6), -1 / Math.sqrt(18), 1 / Math.sqrt(18));
        assertThat(conv.weight().equal(weight)).isTrue();
        assertThat(conv.bias().equal(bias)).isTrue();
    }
}
