package dev.cadenza.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
    private static final Schedule WARM = Schedule.cos(0.3, 0.6).until(0.3, Schedule.cos(0.6, 0.2));

    @Test
    void every_shape_begins_at_its_start_and_ends_at_its_end() {
        for (Schedule each : new Schedule[] {
            Schedule.lin(2, 8), Schedule.cos(2, 8), Schedule.exp(2, 8), Schedule.poly(2, 8, 3), Schedule.poly(2, 8, 0.5)
        }) {
            assertThat(each.at(0)).as("%s", each).isEqualTo(2);
            assertThat(each.at(1)).as("%s", each).isCloseTo(8, within(1e-12));
            assertThat(each.at(0.5)).as("%s", each).isStrictlyBetween(2.0, 8.0);
        }
        assertThat(Schedule.constant(3).at(0.5)).isEqualTo(3);
    }

    @Test
    void the_middle_of_each_shape_is_the_mean_it_is_named_after() {
        assertThat(Schedule.lin(2, 8).at(0.5)).isEqualTo(5);
        assertThat(Schedule.cos(2, 8).at(0.5)).isCloseTo(5, within(1e-12));
        assertThat(Schedule.exp(2, 8).at(0.5)).isCloseTo(4, within(1e-12));
        assertThat(Schedule.exp(-2, -8).at(0.5)).isCloseTo(-4, within(1e-12));
        assertThat(Schedule.poly(2, 8, 2).at(0.5)).isEqualTo(3.5);
    }

    @Test
    void equal_factors_over_the_whole_range_of_doubles_stay_finite() {
        Schedule wide = Schedule.exp(1e-300, 1e300);
        assertThat(wide.at(0)).isEqualTo(1e-300);
        assertThat(wide.at(0.5)).isCloseTo(1, within(1e-9));
        assertThat(wide.at(1)).isEqualTo(1e300);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void a_position_found_back_from_its_value_is_the_same(long seed) {
        Random random = new Random(seed);
        double start = random.nextDouble();
        double end = 1 + random.nextDouble();
        double p = random.nextDouble();
        double onLine = (Schedule.lin(start, end).at(p) - start) / (end - start);
        double byFactors = Math.log(Schedule.exp(start, end).at(p) / start) / Math.log(end / start);
        double onWave = Math.acos(1 - 2 * (Schedule.cos(start, end).at(p) - start) / (end - start)) / Math.PI;
        assertThat(new double[] {onLine, byFactors, onWave}).containsExactly(new double[] {p, p, p}, within(1e-9));
    }

    @Test
    void a_lambda_is_a_schedule_and_may_be_a_piece() {
        Schedule steps = p -> p < 0.5 ? 0.1 : 0.01;
        assertThat(steps.until(0.5, Schedule.constant(0)).at(0.3)).isEqualTo(0.01);
    }

    @Test
    void one_cycle_is_up_and_down_by_two_cosines() {
        Schedule cycle = Schedule.combinedCos(0.25, 0.1, 1, 0.01);
        assertThat(cycle.at(0)).isEqualTo(0.1);
        assertThat(cycle.at(0.25)).isEqualTo(1);
        assertThat(cycle.at(1)).isCloseTo(0.01, within(1e-12));
        assertThat(WARM.at(0.3)).isEqualTo(0.6);
    }
}
