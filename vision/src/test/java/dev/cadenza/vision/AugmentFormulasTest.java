package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.GridKernels.Padding;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.jr.ob.JSON;

/**
 * Numbers of {@code augment.json}, made in Python with PyTorch's {@code affine_grid} and {@code grid_sample} by fastai's
 * formulas: grid first, perspective by solving eight equations, light one after the other, hue by {@code colorsys}.
 */
class AugmentFormulasTest {
    private static Map<String, Object> file;

    @BeforeAll
    static void read() throws IOException {
        try (InputStream in = AugmentFormulasTest.class.getResourceAsStream("augment.json")) {
            file = JSON.std.mapFrom(in);
        }
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> maps(Object json) {
        return (List<Map<String, Object>>) json;
    }

    private static double[] doubles(Object json) {
        return ((List<?>) json)
                .stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
    }

    /** The image in {@code [1, C, H, W]}. */
    private static Tensor image(Map<String, Object> json) {
        long[] shape = ((List<?>) json.get("shape"))
                .stream().mapToLong(x -> ((Number) x).longValue()).toArray();
        return Tensor.of(doubles(json.get("image")), shape).unsqueeze(0);
    }

    private static void assertGives(Tensor actual, Map<String, Object> json) {
        assertThat(actual.toDoubles())
                .as(String.valueOf(json.get("name")))
                .containsExactly(doubles(json.get("expected")), within(2e-6));
    }

    @Test
    void places_are_those_of_a_grid_and_a_perspective_after_it() {
        for (Map<String, Object> json : maps(file.get("places"))) {
            try (Scope scope = Scope.open()) {
                assertGives(Resampling.of(image(json), List.of(chain(json)), options(json)), json);
            }
        }
    }

    private static Augment.Options options(Map<String, Object> json) {
        Augment.Options options = new Augment.Options();
        double[] size = doubles(json.get("size"));
        options.size = (int) size[0];
        options.width = (int) size[1];
        options.padding = Padding.valueOf((String) json.get("padding"));
        options.alignCorners = (Boolean) json.get("alignCorners");
        return options;
    }

    private static Homography chain(Map<String, Object> json) {
        double[] shape = doubles(json.get("shape"));
        Homography chain = Homography.identity();
        for (Object step : (List<?>) json.get("steps")) {
            List<?> words = (List<?>) step;
            double[] v = doubles(words.subList(1, words.size()));
            chain = chain.then(
                    switch ((String) words.get(0)) {
                        case "warp" -> Homography.warp(v[0], v[1]);
                        case "flip" -> Homography.flip();
                        case "rotate" -> Homography.rotate(v[0], shape[1] / shape[2]);
                        case "zoom" -> Homography.zoom(v[0], v[1], v[2]);
                        default -> throw new AssertionError(words);
                    });
        }
        return chain;
    }

    @Test
    void light_is_that_of_steps_in_logit_space() {
        Map<String, Object> rgb = rgb();
        for (Map<String, Object> json : maps(file.get("lights"))) {
            try (Scope scope = Scope.open()) {
                Lighting chain = Lighting.none();
                for (Object step : (List<?>) json.get("steps")) {
                    double v = ((Number) ((List<?>) step).get(1)).doubleValue();
                    chain = chain.then(
                            switch ((String) ((List<?>) step).get(0)) {
                                case "brightness" -> Lighting.brightness(v);
                                case "contrast" -> Lighting.contrast(v);
                                default -> Lighting.saturation(v);
                            });
                }
                assertGives(chain.apply(image(rgb)), json);
            }
        }
    }

    @Test
    void hue_is_that_of_hsv() {
        for (Map<String, Object> json : maps(file.get("hues"))) {
            try (Scope scope = Scope.open()) {
                double turn = ((Number) json.get("turn")).doubleValue();
                assertGives(Hue.shift(image(rgb()), new double[] {turn}), json);
            }
        }
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> rgb() {
        return (Map<String, Object>) file.get("rgb");
    }
}
