package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LrCurveTest {
    /** Make a curve with learning rates 1, 2, 3, … of which all count but 10 at the left and 5 at the right. */
    private static LrCurve curve(int points, IntToDoubleFunction loss) {
        double[] lrs = IntStream.rangeClosed(1, points + 15).asDoubleStream().toArray();
        double[] losses = IntStream.range(0, points + 15)
                .mapToDouble(i -> i < 10 || i >= points + 10 ? -1000 : loss.applyAsDouble(i - 10))
                .toArray();
        return new LrCurve(lrs, losses, 100);
    }

    @Test
    void the_first_tenth_that_was_planned_and_the_last_five_do_not_count() {
        assertThat(curve(20, i -> i == 0 ? -1 : i).minimum()).isEqualTo(1.1);
        assertThat(curve(20, i -> -i).minimum()).isEqualTo(3.0);
    }

    @Test
    void a_loss_that_is_not_finite_ends_what_counts() {
        for (double end : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            LrCurve curve = curve(20, i -> i == 8 ? end : -i);
            assertThat(curve.minimum()).isCloseTo(1.8, within(1e-12));
            assertThat(curve.suggestions()).containsOnlyKeys("valley", "minimum", "steepest");
        }
    }

    @Test
    void steepest_is_where_the_loss_falls_most_for_a_factor_of_the_learning_rate() {
        assertThat(curve(20, i -> i < 7 ? 1 : 0).steepest()).isEqualTo(17);
    }

    @Test
    void the_valley_may_have_bumps() {
        double[] losses = {9, 8, 7, 9, 6, 5, 8, 4, 3, 2, 9, 9};
        // nine fall, the last of them is point 9: 9 - 9 + 9 / 3 + 9 / 6 is point 4
        assertThat(curve(losses.length, i -> losses[i]).valley()).isEqualTo(15);
    }

    @Test
    void a_loss_that_never_falls_or_only_once_at_the_left_suggests_the_least_learning_rate() {
        assertThat(curve(20, i -> i).valley()).isEqualTo(11);
        assertThat(curve(20, i -> 0).valley()).isEqualTo(11);
        assertThat(curve(20, i -> i == 0 ? 2 : 1).valley()).isEqualTo(11);
    }

    @Test
    void slide_stops_where_both_ends_change_equally_or_at_the_left_end() {
        assertThat(curve(30, i -> i < 20 ? 0 : i * i).slide()).isEqualTo(15); // points 4 and 19 still differ
        assertThat(curve(30, i -> 0.5 * i * i).slide()).isEqualTo(11);
        assertThat(curve(30, i -> -i).slide()).isEqualTo(25);
    }

    @Test
    void too_few_points_are_an_error_that_says_how_many_are_wanted() {
        LrCurve short15 = curve(15, i -> -i);
        assertThatThrownBy(short15::slide)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "wanted at least 16 points of the curve for 'slide', but got: 15 of 30 iterations")
                .hasMessageEndingWith("plan more iterations or begin with a smaller learning rate");
        assertThat(curve(16, i -> -i).slide()).isEqualTo(11);
        LrCurve single = curve(1, i -> 3);
        assertThatThrownBy(single::steepest).hasMessageContaining("at least 2 points");
        assertThat(single.minimum()).isEqualTo(1.1);
    }

    @Test
    void a_run_that_ended_at_once_suggests_nothing_and_still_shows_itself() {
        for (int iterations : new int[] {0, 3, 12}) {
            LrCurve curve = new LrCurve(new double[iterations], new double[iterations], 100);
            assertThat(curve.suggestions()).isEmpty();
            assertThat(curve.toString()).startsWith(iterations + " iterations");
            assertThatThrownBy(curve::valley).hasMessageContaining("but got: 0 of " + iterations + " iterations");
        }
    }

    @Test
    void a_curve_shows_its_suggestions_line_by_line() {
        LrCurve curve = curve(20, i -> i == 12 ? -2 : -1);
        assertThat(curve.suggestions()).contains(entry("minimum", 2.3)).contains(entry("steepest", 22.0));
        assertThat(curve.toString().lines())
                .hasSize(5)
                .startsWith("35 iterations, lr 1.00e+00 to 3.50e+01")
                .endsWith("minimum  2.30e+00", "steepest 2.20e+01");
    }

    @Test
    void arrays_given_and_taken_are_copies() {
        double[] lrs = {1, 2};
        double[] losses = {3, 4};
        LrCurve curve = new LrCurve(lrs, losses, 2);
        lrs[0] = losses[0] = 9;
        curve.lrs()[1] = curve.losses()[1] = 9;
        assertThat(curve.lrs()).containsExactly(1, 2);
        assertThat(curve.losses()).containsExactly(3, 4);
    }

    @Test
    void a_curve_without_a_loss_for_each_learning_rate_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LrCurve(new double[3], new double[2], 3))
                .withMessageStartingWith(
                        "wanted one loss for each learning rate, but got: 3 learning rates and 2 losses; ");
    }

    @Test
    void the_file_has_a_line_for_each_iteration(@TempDir Path dir) throws IOException {
        LrCurve curve = new LrCurve(new double[] {1e-7, 0.5}, new double[] {2.25, Double.NaN}, 2);
        curve.writeCsv(dir.resolve("lr.csv"));
        assertThat(Files.readAllLines(dir.resolve("lr.csv"))).containsExactly("lr,loss", "1.0E-7,2.25", "0.5,NaN");
        assertThatThrownBy(() -> curve.writeCsv(dir))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageStartingWith("cannot write the learning rates and losses to " + dir);
    }
}
