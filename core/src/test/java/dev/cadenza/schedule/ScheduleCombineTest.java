package dev.cadenza.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules that are joined. */
class ScheduleCombineTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void within_its_share_each_piece_is_as_it_is_alone(long seed) {
        Random random = new Random(seed);
        double[] raw = random.doubles(1 + random.nextInt(6), 0.01, 1).toArray();
        double sum = Arrays.stream(raw).sum();
        double[] shares = Arrays.stream(raw).map(share -> share / sum).toArray();
        Schedule[] pieces = IntStream.range(0, shares.length)
                .mapToObj(i -> Schedule.cos(random.nextDouble(), random.nextDouble()))
                .toArray(Schedule[]::new);
        Schedule combined = Schedule.combine(shares, pieces);
        double border = 0;
        for (int i = 0; i < shares.length; i++) {
            for (double own : new double[] {1e-6, 0.25, random.nextDouble(), 1 - 1e-6}) {
                assertThat(combined.at(border + own * shares[i]))
                        .as("seed %d, piece %d at %s of %s", seed, i, own, combined)
                        .isCloseTo(pieces[i].at(own), within(1e-9));
            }
            border += shares[i];
        }
        assertThat(combined.at(1)).isCloseTo(pieces[shares.length - 1].at(1), within(1e-12));
    }

    @Test
    void joining_the_rest_first_is_the_same_as_combining_all() {
        Schedule up = Schedule.lin(0, 1);
        Schedule stay = Schedule.constant(1);
        Schedule down = Schedule.cos(1, 0);
        Schedule joined = up.until(0.2, stay.until(0.5, down));
        Schedule combined = Schedule.combine(new double[] {0.2, 0.4, 0.4}, up, stay, down);
        for (int i = 0; i <= 100; i++) {
            assertThat(joined.at(i / 100.0)).isCloseTo(combined.at(i / 100.0), within(1e-12));
        }
    }

    @Test
    void at_a_border_the_next_piece_has_begun_and_the_last_one_covers_the_end() {
        Schedule jump = Schedule.lin(0, 1).until(0.5, Schedule.lin(5, 6));
        assertThat(jump.at(Math.nextDown(0.5) - 1e-9)).isCloseTo(1, within(1e-6));
        assertThat(jump.at(0.5)).isEqualTo(5);
        assertThat(jump.at(1)).isEqualTo(6);
    }

    @Test
    void restarts_are_on_time_whatever_the_number_of_cycles() {
        Schedule cycle = Schedule.lin(1, 0);
        for (int cycles = 1; cycles <= 60; cycles++) {
            double[] shares = new double[cycles];
            Schedule[] pieces = new Schedule[cycles];
            Arrays.fill(shares, 1.0 / cycles);
            Arrays.fill(pieces, cycle);
            Schedule restarts = Schedule.combine(shares, pieces);
            for (int i = 0; i < cycles; i++) {
                assertThat(restarts.at((double) i / cycles))
                        .as("cycle %d of %d", i, cycles)
                        .isCloseTo(1, within(1e-9));
            }
        }
    }

    @Test
    void a_piece_with_share_zero_never_plays() {
        Schedule never = p -> Double.NaN;
        Schedule line = Schedule.lin(0, 1);
        for (double p : new double[] {0, 0.5, 1}) {
            assertThat(never.until(0, line).at(p)).isEqualTo(p);
            assertThat(line.until(1, never).at(p)).isEqualTo(p);
            assertThat(Schedule.combine(new double[] {0, 0.5, 0, 0.5, 0}, never, line, never, line, never)
                            .at(p))
                    .isEqualTo(p == 0.5 ? 0 : p);
        }
    }

    @Test
    void a_sum_that_misses_one_by_rounding_is_accepted() {
        Schedule[] three = {Schedule.lin(0, 1), Schedule.lin(0, 1), Schedule.lin(0, 1)};
        assertThat(Schedule.combine(new double[] {0.7, 0.2, 0.1}, three).at(1)).isEqualTo(1);
        assertThat(Schedule.combine(new double[] {0.6, 0.3, 0.1}, three).at(1)).isEqualTo(1);
        assertThat(Schedule.combine(new double[] {0.5, 0.3, 0.2 + 9e-10}, three).at(1))
                .isEqualTo(1);
    }

    @Test
    void later_changes_of_the_array_of_shares_change_nothing() {
        double[] shares = {0.3, 0.7};
        Schedule[] pieces = {Schedule.constant(1), Schedule.constant(2)};
        Schedule combined = Schedule.combine(shares, pieces);
        shares[0] = 0.9;
        pieces[1] = Schedule.constant(3);
        assertThat(combined.at(0.5)).isEqualTo(2);
    }
}
