package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Draw;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HueTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor noise() {
        return Tensor.zeros(DType.FLOAT64, 1, 3, 4, 5).uniform_(0, 1, new Rng(7));
    }

    private static Tensor shift(Tensor x, double turn) {
        return Hue.shift(x, new double[] {turn});
    }

    @Test
    void a_full_turn_changes_nothing() {
        assertThat(shift(noise(), 1).allclose(noise(), 0, 1e-12)).isTrue();
        assertThat(shift(noise(), -1).allclose(noise(), 0, 1e-12)).isTrue();
        assertThat(shift(shift(noise(), 0.3), -0.3).allclose(noise(), 0, 1e-12)).isTrue();
    }

    @Test
    void a_third_of_a_turn_makes_red_green_and_green_blue() {
        Tensor x = noise();
        Tensor channels = Tensor.of(new long[] {2, 0, 1});
        assertThat(shift(x, 1.0 / 3).allclose(x.indexSelect(1, channels), 0, 1e-12))
                .isTrue();
    }

    @Test
    void greys_have_no_hue_and_no_turn_returns_the_images_themselves() {
        Tensor grey = Tensor.full(0.3, 1, 3, 2, 2);
        assertThat(shift(grey, 0.2).equal(grey)).isTrue();
        assertThat(shift(grey, 0)).isSameAs(grey);
    }

    @Test
    void what_has_no_hue_is_refused() {
        List<Draw> draws = List.of(Draw.of(1));
        assertThatThrownBy(() -> Augment.hue(0.1).apply(batch(Tensor.zeros(1, 1, 2, 2)), draws))
                .isInstanceOf(TensorException.class)
                .hasMessage(
                        "hue: wanted images [N, 3, H, W] in red, green and blue, but got float32[1, 1, 2, 2]; leave it"
                                + " out for images without colours");
        assertThatThrownBy(() -> Augment.hue(0.1).apply(batch(Tensor.full(1.5, 1, 3, 2, 2)), draws))
                .isInstanceOf(TensorException.class)
                .hasMessage(
                        "hue: wanted pixels from 0 to 1, but got 1.5 to 1.5; let it come after the division by 255 and"
                                + " before normalisation");
        assertThatThrownBy(() -> Augment.hue(1)).hasMessage("wanted a maximum of at least 0 and below 1, but got: 1.0");
    }

    private static Batch batch(Tensor images) {
        return new Batch(List.of(images), List.of());
    }
}
