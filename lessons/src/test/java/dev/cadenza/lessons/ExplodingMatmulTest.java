package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.lessons.ExplodingMatmul.Signal;
import dev.cadenza.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The numbers of fast.ai's course of 2019, lesson 9: lost at step 28, std 0.927, mean square 1.0055. */
class ExplodingMatmulTest {
    private static final double N = ExplodingMatmul.SIZE;

    private static Signal linear(double scale) {
        return ExplodingMatmul.deep(scale, x -> x);
    }

    @Test
    void unit_weights_explode_at_about_step_28() {
        Signal end = linear(1);
        assertThat(end.lost()).isBetween(27, 29); // the largest of 512 numbers is the first to be lost
        assertThat(end.std()).isNaN();
    }

    @Test
    void small_weights_leave_nothing() {
        assertThat(linear(0.01)).isEqualTo(new Signal(0, 0, -1));
    }

    @Test
    void one_by_root_n_keeps_the_deviation() {
        assertThat(linear(Math.sqrt(1 / N)).std()).isBetween(0.5, 2.0); // after 100 layers e^±0.3 is one deviation
    }

    @Test
    void with_relu_it_takes_root_two_by_n_to_keep_the_mean_square() {
        double kept = ExplodingMatmul.deep(Math.sqrt(2 / N), Tensor::relu).meanSquare();
        double halved = ExplodingMatmul.deep(Math.sqrt(1 / N), Tensor::relu).meanSquare();
        assertThat(kept).isBetween(0.15, 7.0); // e^±1 is one deviation
        assertThat(kept / halved / Math.pow(2, ExplodingMatmul.LAYERS)).isCloseTo(1, within(0.01));
    }

    @Test
    void in_one_layer_with_relu_the_mean_square_is_1() {
        assertThat(ExplodingMatmul.oneLayer(Math.sqrt(2 / N))).isCloseTo(1, within(0.04)); // three deviations
        assertThat(ExplodingMatmul.oneLayer(Math.sqrt(1 / N))).isCloseTo(0.5, within(0.02));
    }

    @Test
    void the_lesson_prints_its_seed_and_a_row_for_each_scale() {
        assertThat(Printed.by(ExplodingMatmul::main))
                .startsWith("seed 1, 100 layers of 512 x 512")
                .containsPattern("s = 1 .*NaN.*lost at i = 2[789]")
                .hasLineCount(8);
        assertThat(Printed.by(ExplodingMatmul::main)).isEqualTo(Printed.by(ExplodingMatmul::main));
    }
}
