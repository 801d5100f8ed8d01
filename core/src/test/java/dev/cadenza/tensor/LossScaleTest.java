package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class LossScaleTest {
    @Test
    void gradients_are_divided_and_found_finite() {
        LossScale scale = new LossScale(o -> o.init = 1024);
        Tensor flat = Tensor.full(2048, 3);
        Tensor image =
                Layout.CHANNELS_LAST.apply(Tensor.arange(24).to(DType.FLOAT32).reshape(1, 2, 3, 4));
        Tensor half = Tensor.full(512, 2).to(DType.FLOAT16);
        assertThat(scale.unscale_(new TensorList(List.of(flat, image, half)))).isTrue();
        assertThat(flat.toFloats()).containsOnly(2);
        assertThat(image.mul(1024).toFloats())
                .isEqualTo(Tensor.arange(24).to(DType.FLOAT32).toFloats());
        assertThat(half.to(DType.FLOAT32).toFloats()).containsOnly(0.5f);
    }

    @Test
    void one_element_that_is_not_finite_is_found_wherever_it_is() {
        LossScale scale = new LossScale(o -> o.init = 1);
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            Tensor last = Tensor.ones(33);
            last.narrow(0, 32, 1).fill_(bad);
            assertThat(scale.unscale_(new TensorList(List.of(Tensor.ones(5), last))))
                    .isFalse();
            assertThat(scale.unscale_(new TensorList(List.of(last, Tensor.ones(5)))))
                    .isFalse();
        }
    }

    @Test
    void no_gradients_are_finite_ones() {
        assertThat(new LossScale(o -> {}).unscale_(new TensorList(List.of()))).isTrue();
    }

    @Test
    void it_grows_after_an_interval_of_finite_steps_in_a_row_and_shrinks_at_once() {
        LossScale scale = new LossScale(o -> o.interval = 3);
        assertThat(scale.value()).isEqualTo(65536);
        scale.update(true);
        scale.update(true);
        scale.update(false);
        assertThat(scale.value()).isEqualTo(32768);
        scale.update(true);
        scale.update(true);
        assertThat(scale.value()).isEqualTo(32768);
        scale.update(true);
        assertThat(scale.value()).isEqualTo(65536);
    }

    @Test
    void it_stays_a_number_that_one_can_divide_by() {
        LossScale scale = new LossScale(o -> {
            o.interval = 1;
            o.growth = 1e30;
            o.backoff = 1e-30;
        });
        for (int i = 0; i < 4; i++) {
            scale.update(true);
        }
        assertThat(scale.value()).isEqualTo(Float.MAX_VALUE);
        for (int i = 0; i < 4; i++) {
            scale.update(false);
        }
        assertThat(scale.value()).isEqualTo(Float.MIN_NORMAL);
        Tensor gradient = Tensor.zeros(2);
        assertThat(scale.unscale_(new TensorList(List.of(gradient)))).isTrue();
    }

    @Test
    void options_out_of_range_are_refused() {
        List<Consumer<LossScale.Options>> wrong = List.of(
                o -> o.init = 0,
                o -> o.init = -1,
                o -> o.init = Double.NaN,
                o -> o.init = Double.POSITIVE_INFINITY,
                o -> o.growth = 1,
                o -> o.growth = Double.NaN,
                o -> o.backoff = 0,
                o -> o.backoff = 1,
                o -> o.backoff = Double.NaN,
                o -> o.interval = 0);
        wrong.forEach(options -> assertThatIllegalArgumentException()
                .isThrownBy(() -> new LossScale(options))
                .withMessageStartingWith("wanted "));
    }
}
