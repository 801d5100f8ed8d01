package dev.cadenza.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What schedules say of themselves and of wrong values. */
class ScheduleWordsTest {
    private static final Schedule LINE = Schedule.lin(0, 1);

    @Test
    void a_schedule_shows_itself_in_words() {
        assertThat(LINE).hasToString("lin(0 → 1)");
        assertThat(Schedule.cos(0.3, 4e-5)).hasToString("cos(0.3 → 4E-5)");
        assertThat(Schedule.exp(1e-7, 10)).hasToString("exp(1E-7 → 10)");
        assertThat(Schedule.constant(0.95)).hasToString("constant(0.95)");
        assertThat(Schedule.poly(1, 0, 2)).hasToString("poly(1 → 0, power 2)");
    }

    @Test
    void a_combination_names_its_pieces_and_borders() {
        assertThat(Schedule.cos(0.3, 0.6).until(0.3, Schedule.cos(0.6, 0.2)))
                .hasToString("cos(0.3 → 0.6) until 0.3, then cos(0.6 → 0.2)");
        assertThat(Schedule.combine(new double[] {0.1, 0.2, 0.7}, LINE, Schedule.constant(1), Schedule.cos(1, 0)))
                .hasToString("lin(0 → 1) until 0.1, then constant(1) until 0.3, then cos(1 → 0)");
        assertThat(Schedule.combine(new double[] {1}, LINE)).hasToString("lin(0 → 1)");
    }

    @Test
    void a_combination_inside_another_stands_in_brackets_and_a_lambda_has_no_address() {
        assertThat(LINE.until(0.5, LINE.until(0.5, p -> 7)))
                .hasToString("lin(0 → 1) until 0.5, then (lin(0 → 1) until 0.5, then a lambda)");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1e-9, 1.000001, Double.NaN, Double.POSITIVE_INFINITY})
    void a_position_outside_of_the_training_is_refused(double position) {
        String message = "wanted a position in [0, 1], which is the share of the training that is done, but got: "
                + position + "; divide the iterations done by the iterations planned";
        for (Schedule each : new Schedule[] {LINE, Schedule.constant(1), LINE.until(0.3, LINE)}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> each.at(position))
                    .withMessage(message);
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
    void a_share_outside_of_the_training_is_refused(double share) {
        refused(() -> LINE.until(share, LINE), "wanted a share in [0, 1] of the positions, but got: " + share);
        refused(() -> Schedule.combinedCos(share, 0, 1, 0), "but got: " + share + "; give the part of the training");
    }

    @Test
    void shares_that_do_not_fit_are_refused() {
        refused(() -> combine(0.5, 0.4), "wanted shares that sum to 1, but got: [0.5, 0.4] with sum 0.9; divide each");
        refused(() -> combine(0.5, 0.5 + 2e-9), "wanted shares that sum to 1");
        refused(() -> combine(-0.2, 1.2), "wanted shares of 0 or more, but got: [-0.2, 1.2]; ");
        refused(() -> combine(Double.NaN, 1), "wanted shares of 0 or more, but got: [NaN, 1.0]; ");
        refused(() -> combine(Double.POSITIVE_INFINITY, 1), "with sum Infinity");
        refused(() -> combine(1), "wanted one share for each schedule, but got: 1 shares and 2 schedules; ");
        refused(() -> Schedule.combine(new double[0]), "wanted shares that sum to 1, but got: [] with sum 0.0");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void a_value_that_is_not_finite_is_refused(double value) {
        refused(() -> Schedule.lin(value, 1), "wanted finite values for lin, but got: [" + value + ", 1.0]; look");
        refused(() -> Schedule.cos(1, value), "wanted finite values for cos");
        refused(() -> Schedule.exp(1, value), "wanted finite values for exp");
        refused(() -> Schedule.constant(value), "wanted finite values for constant, but got: [" + value + "]; look");
        refused(() -> Schedule.poly(value, 1, 2), "wanted finite values for poly");
        refused(() -> Schedule.poly(0, 1, value), "wanted a finite power above 0, but got: " + value + "; take 1");
    }

    @Test
    void equal_factors_from_or_to_zero_or_to_the_other_sign_are_refused() {
        refused(
                () -> Schedule.exp(0, 1),
                "wanted a start and an end of the same sign, neither zero, for exp, but got: ");
        refused(() -> Schedule.exp(1, 0), "[1.0, 0.0]; take a small number in place of zero");
        refused(() -> Schedule.exp(0, 0), "[0.0, 0.0]");
        refused(() -> Schedule.exp(-1, 1), "[-1.0, 1.0]");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1})
    void a_power_that_would_jump_is_refused(double power) {
        refused(() -> Schedule.poly(0, 1, power), "wanted a finite power above 0, but got: " + power);
    }

    private static Schedule combine(double... shares) {
        return Schedule.combine(shares, LINE, LINE);
    }

    private static void refused(Supplier<Schedule> wrong, String words) {
        assertThatIllegalArgumentException().isThrownBy(wrong::get).withMessageContaining(words);
    }
}
