package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomographyTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    /** Pixels 0, 1, 2, … */
    private static Tensor image(long height, long width) {
        return Tensor.arange(height * width).to(DType.FLOAT32).view(1, 1, height, width);
    }

    private static Tensor noise(long... shape) {
        return Tensor.zeros(shape).uniform_(0, 1, new Rng(7));
    }

    private static void assertClose(Tensor actual, Tensor expected) {
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.toDoubles()).containsExactly(expected.toDoubles(), within(1e-5));
    }

    @Test
    void a_flip_exchanges_left_and_right_exactly() {
        assertThat(Homography.flip().apply(image(2, 3)).toDoubles()).containsExactly(2, 1, 0, 5, 4, 3);
    }

    @Test
    void the_eight_cases_are_those_of_the_square() {
        double[][] expected = {
            {0, 1, 2, 3},
            {1, 0, 3, 2},
            {2, 3, 0, 1},
            {1, 3, 0, 2},
            {3, 2, 1, 0},
            {2, 0, 3, 1},
            {0, 2, 1, 3},
            {3, 1, 2, 0}
        };
        for (int k = 0; k < 8; k++) {
            assertThat(Homography.dihedral(k, 1).apply(image(2, 2)).toDoubles())
                    .as("case " + k)
                    .containsExactly(expected[k]);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void copying_pixels_gives_what_interpolating_gives(int k) {
        Tensor x = noise(2, 3, 9, 9);
        Homography exact = Homography.dihedral(k, 1);
        Homography nearly = exact.then(Homography.rotate(1e-7, 1)); // no pixel is copied for this one
        assertThat(nearly.dihedral()).isEqualTo(-1);
        assertClose(nearly.apply(x), exact.apply(x));
    }

    @Test
    void flips_copy_what_is_no_square_too_and_quarter_turns_of_it_keep_right_angles() {
        assertThat(Homography.dihedral(4, 0.5).apply(image(2, 3)).toDoubles()).containsExactly(5, 4, 3, 2, 1, 0);
        Tensor x = noise(1, 1, 3, 5);
        Homography turn = Homography.dihedral(5, 2.0 / 4);
        Tensor middle = x.narrow(3, 1, 3);
        assertClose(turn.apply(x).narrow(3, 1, 3), Homography.dihedral(5, 1).apply(middle));
        assertClose(Homography.rotate(90, 2.0 / 4).apply(x), turn.apply(x));
    }

    @Test
    void a_rotation_by_ninety_degrees_is_a_quarter_turn_clockwise() {
        assertClose(Homography.rotate(90, 1).apply(image(2, 2)), Tensor.of(new float[] {2, 0, 3, 1}, 1, 1, 2, 2));
        Tensor x = noise(1, 3, 8, 8);
        assertClose(Homography.rotate(90, 1).apply(x), Homography.dihedral(5, 1).apply(x));
    }

    @Test
    void there_and_back_is_one_map_that_loses_nothing() {
        Tensor x = noise(1, 3, 16, 16);
        Homography there = Homography.rotate(20, 1);
        Homography back = Homography.rotate(-20, 1);
        assertClose(there.then(back).apply(x), x);
        Tensor twice = back.apply(there.apply(x));
        assertThat(twice.sub(x).abs().max().item()).isGreaterThan(0.1);
    }

    @Test
    void a_zoom_by_two_shows_the_middle_half() {
        double[] zoomed = Homography.zoom(2, 0, 0).apply(image(3, 3)).toDoubles();
        assertThat(zoomed).containsExactly(new double[] {2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6}, within(1e-6));
        double[] corner = Homography.zoom(2, -1, 1).apply(image(3, 3)).toDoubles();
        assertThat(corner[6]).as("the place that stays").isCloseTo(6, within(1e-6));
        assertThat(corner[2]).as("the opposite corner").isCloseTo(4, within(1e-6));
    }

    @Test
    void a_warp_moves_the_corners_as_it_says() {
        double x = 0.2;
        double y = -0.1;
        Homography warp = Homography.warp(x, y);
        for (int a : new int[] {-1, 1}) {
            for (int b : new int[] {-1, 1}) {
                double[] corner = warp.place(a * (1 - y * b), b * (1 - x * a));
                assertThat(corner).containsExactly(new double[] {a, b}, within(1e-12));
            }
        }
        assertThat(Homography.warp(0, 0)).isEqualTo(Homography.identity());
    }

    @Test
    void a_steep_view_beyond_the_horizon_gives_finite_pixels_of_the_image() {
        Homography steep =
                Homography.zoom(0.2, 0, 0).then(Homography.warp(0.5, 0.5)).then(Homography.zoom(0.2, 1, 1));
        Tensor seen = steep.apply(noise(1, 3, 16, 16));
        assertThat(seen.min().item()).isBetween(0.0, 1.0);
        assertThat(seen.max().item()).isBetween(0.0, 1.0);
    }

    @Test
    void a_chain_shows_the_place_that_its_parts_show_one_after_the_other() {
        List<Homography> parts = List.of(
                Homography.warp(0.1, 0.2),
                Homography.flip(),
                Homography.rotate(30, 0.7),
                Homography.zoom(1.2, 0.3, -1));
        Homography chain = parts.stream().reduce(Homography.identity(), Homography::then);
        double[] place = {0.25, -0.5};
        for (int i = parts.size() - 1; i >= 0; i--) {
            place = parts.get(i).place(place[0], place[1]);
        }
        assertThat(chain.place(0.25, -0.5)).containsExactly(place, within(1e-12));
    }

    @Test
    void the_identity_returns_the_images_themselves() {
        Tensor x = image(2, 2);
        assertThat(Homography.identity().apply(x)).isSameAs(x);
        assertThat(Homography.flip().then(Homography.flip()).apply(x)).isSameAs(x);
        Tensor none = Tensor.zeros(0, 3, 2, 2);
        assertThat(Homography.flip().apply(none)).isSameAs(none);
    }

    @Test
    void images_of_one_pixel_stay_what_they_are() {
        Tensor x = Tensor.full(0.25, 2, 3, 1, 1);
        assertClose(Homography.rotate(30, 1).then(Homography.zoom(2, 1, 1)).apply(x), x);
    }

    @Test
    void equality_is_by_value() {
        assertThat(Homography.dihedral(4, 1)).isEqualTo(Homography.flip().then(Homography.dihedral(2, 1)));
        assertThat(Homography.dihedral(4, 1))
                .hasSameHashCodeAs(Homography.flip().then(Homography.dihedral(2, 1)));
        assertThat(Homography.flip())
                .isNotEqualTo(Homography.identity())
                .hasToString("Homography[-1.0, 0.0, 0.0, 0.0, 1.0," + " 0.0, 0.0, 0.0, 1.0]");
    }

    @Test
    void what_is_out_of_range_is_refused() {
        assertThatThrownBy(() -> Homography.dihedral(8, 1))
                .hasMessage("wanted one of the 8 cases, from 0 to 7, but got: 8");
        assertThatThrownBy(() -> Homography.zoom(0, 0, 0)).hasMessage("wanted a factor above 0, but got: 0.0");
        assertThatThrownBy(() -> Homography.warp(0.6, 0)).hasMessage("wanted x from -0.5 to 0.5, but got: 0.6");
        assertThatThrownBy(() -> Homography.warp(0, Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Homography.flip().apply(Tensor.ones(3, 2, 2)))
                .isInstanceOf(TensorException.class)
                .hasMessage("Homography: wanted images [N, C, H, W] of float32 or float64, but got float32[3, 2, 2];"
                        + " bytes become such by to(DType.FLOAT32).div(255)");
    }
}
