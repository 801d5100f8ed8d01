package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LightingTest {
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
        return Tensor.zeros(DType.FLOAT64, 2, 3, 4, 5).uniform_(0, 1, new Rng(7));
    }

    private static void assertEach(Lighting light, DoubleUnaryOperator formula) {
        Tensor x = noise();
        double[] expected = DoubleStream.of(x.toDoubles()).map(formula).toArray();
        assertThat(light.apply(x).toDoubles()).containsExactly(expected, within(1e-12));
    }

    private static double logit(double x) {
        return Math.log(x / (1 - x));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Test
    void brightness_and_contrast_follow_the_formula() {
        assertEach(Lighting.brightness(0.6), x -> sigmoid(logit(x) + logit(0.6)));
        assertEach(Lighting.contrast(0.8), x -> sigmoid(0.8 * logit(x)));
        assertEach(Lighting.brightness(0.4).then(Lighting.contrast(1.2)), x -> sigmoid(1.2 * (logit(x) + logit(0.4))));
        assertEach(Lighting.contrast(1.2).then(Lighting.brightness(0.4)), x -> sigmoid(1.2 * logit(x) + logit(0.4)));
    }

    @Test
    void without_saturation_colours_are_greys_and_greys_stay_what_they_are() {
        Tensor grey = Lighting.saturation(0).apply(noise());
        Tensor red = grey.narrow(1, 0, 1);
        assertThat(grey.allclose(red.expand(2, 3, 4, 5), 0, 1e-12)).isTrue();
        assertThat(grey.sub(noise()).abs().max().item()).isGreaterThan(0.1);
        assertThat(Lighting.saturation(1.7).apply(grey).allclose(grey, 0, 1e-12))
                .isTrue();
    }

    @Test
    void a_chain_does_what_its_parts_do_one_after_the_other() {
        Lighting[] parts = {
            Lighting.saturation(0.7), Lighting.brightness(0.55), Lighting.contrast(0.9), Lighting.saturation(1.3)
        };
        Lighting chain = Lighting.none();
        Tensor x = noise();
        for (Lighting part : parts) {
            chain = chain.then(part);
            x = part.apply(x);
        }
        assertThat(chain.apply(noise()).allclose(x, 0, 1e-9)).isTrue();
    }

    @Test
    void black_and_white_stay_within_the_range() {
        Tensor x = Tensor.of(new float[] {0, 1}, 1, 1, 1, 2);
        double[] bright =
                Lighting.brightness(0.9).then(Lighting.contrast(1.25)).apply(x).toDoubles();
        assertThat(bright[0]).isBetween(0.0, 1e-5);
        assertThat(bright[1]).isBetween(1 - 1e-5, 1.0);
    }

    @Test
    void neutral_light_returns_the_images_themselves() {
        Tensor x = noise();
        assertThat(Lighting.none().apply(x)).isSameAs(x);
        assertThat(Lighting.contrast(1).then(Lighting.saturation(1)).apply(x)).isSameAs(x);
    }

    @Test
    void one_channel_has_light_but_no_saturation() {
        Tensor x = noise().narrow(1, 0, 1);
        assertThat(Lighting.brightness(0.6).apply(x).shape()).containsExactly(2, 1, 4, 5);
        assertThatThrownBy(() -> Lighting.saturation(0.5).apply(x))
                .isInstanceOf(TensorException.class)
                .hasMessage(
                        "saturation: wanted images [N, 3, H, W] in red, green and blue, but got float64[2, 1, 4, 5];"
                                + " leave it out for images without colours");
    }

    @Test
    void what_is_out_of_range_is_refused() {
        for (double change : new double[] {0, 1, -1, Double.NaN}) {
            assertThatThrownBy(() -> Lighting.brightness(change))
                    .hasMessage("wanted a change above 0 and below 1, but got: " + change);
        }
        for (double scale : new double[] {-0.1, Double.POSITIVE_INFINITY, Double.NaN}) {
            assertThatThrownBy(() -> Lighting.contrast(scale))
                    .hasMessage("wanted a scale of 0 or more, but got: " + scale);
            assertThatThrownBy(() -> Lighting.saturation(scale)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
