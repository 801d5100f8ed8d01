package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Draw;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class CropDrawTest {
    private static Homography draw(Draw draw, Frame frame, Consumer<Augment.CropOptions> options) {
        return ((Augmentation.Places) Augment.randomResizedCrop(options)).draw(draw, frame);
    }

    @Test
    void a_crop_in_its_own_size_is_a_part_of_the_image() {
        for (boolean alignCorners : new boolean[] {true, false}) {
            try (Scope scope = Scope.open()) {
                Tensor x = Tensor.zeros(1, 3, 8, 10).uniform_(0, 1, new Rng(7));
                Augment.Options options = new Augment.Options();
                options.size = 4;
                options.width = 5;
                options.alignCorners = alignCorners;
                Homography crop = new Frame(8, 10, alignCorners).crop(2, 4, 4, 5);
                Tensor part = Resampling.of(x, List.of(crop), options);
                assertThat(part.toDoubles())
                        .containsExactly(x.narrow(2, 2, 4).narrow(3, 4, 5).toDoubles(), within(1e-5));
            }
        }
    }

    @Test
    void shares_ratios_and_places_are_those_asked_for() {
        Frame frame = new Frame(200, 300, false);
        for (long i = 0; i < 500; i++) {
            double[] m = draw(Draw.of(i), frame, o -> {
                        o.minScale = 0.2;
                        o.maxScale = 0.5;
                    })
                    .matrix();
            double width = m[0] * 300;
            double height = m[4] * 200;
            assertThat(width * height / 60000).isBetween(0.195, 0.505);
            assertThat(width / height).isBetween(0.74, 1.35);
            assertThat(Math.abs(m[2]) + m[0]).as("right of it").isLessThan(1 + 1e-9);
            assertThat(Math.abs(m[5]) + m[4]).as("below it").isLessThan(1 + 1e-9);
        }
    }

    @Test
    void what_does_not_fit_and_validation_get_the_middle() {
        Frame wide = new Frame(100, 300, false);
        Homography whole = draw(Draw.of(1), wide, o -> o.minScale = 1);
        assertThat(whole.matrix()).containsExactly(133.0 / 300, 0, -1.0 / 300, 0, 1, 0, 0, 0, 1);
        Homography half = draw(Draw.NONE, new Frame(100, 100, false), o -> o.validScale = 0.5);
        assertThat(half.matrix()).containsExactly(0.5, 0, 0, 0, 0.5, 0, 0, 0, 1);
        assertThat(draw(Draw.NONE, new Frame(100, 120, true), o -> {})).isEqualTo(Homography.identity());
    }
}
