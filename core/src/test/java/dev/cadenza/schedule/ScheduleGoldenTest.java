package dev.cadenza.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.testing.Close;
import dev.cadenza.testing.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Compares the schedules with what fastai 2.0.2 and the Runner of Lesson 9 computed. */
class ScheduleGoldenTest {
    private final Map<String, Object> golden = Golden.read("schedules.json");
    private final double[] positions = Golden.doubles(golden.get("positions"));

    @Test
    void each_shape_gives_the_numbers_of_fastai() {
        assertThat(cases("functions")).hasSize(21).allSatisfy(each -> {
            String shape = ((String) each.get("fn")).replace("sched_", "");
            Schedule schedule = schedule(shape, number(each, "start"), number(each, "end"), each.get("power"));
            assertClose(each, schedule, positions, each.get("value"));
        });
    }

    @Test
    void pieces_one_after_the_other_give_the_numbers_of_fastai() {
        assertThat(cases("combine_scheds")).hasSize(4).allSatisfy(each -> {
            Schedule[] pieces = ((List<?>) each.get("scheds"))
                    .stream()
                            .map(List.class::cast)
                            .map(piece -> schedule(
                                    (String) piece.get(0),
                                    Golden.number(piece.get(1)),
                                    Golden.number(piece.get(2)),
                                    null))
                            .toArray(Schedule[]::new);
            Schedule schedule = Schedule.combine(Golden.doubles(each.get("pcts")), pieces);
            assertClose(each, schedule, positions, each.get("exact"));
        });
    }

    @Test
    void shares_that_fastai_refuses_are_refused() {
        assertThat(cases("combine_scheds_errors")).hasSize(3).allSatisfy(each -> {
            double[] shares = Golden.doubles(each.get("pcts"));
            assertThatThrownBy(() -> Schedule.combine(shares, Schedule.lin(0, 1), Schedule.lin(1, 0)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("but got: " + Arrays.toString(shares));
        });
    }

    @Test
    void two_cosines_give_the_numbers_of_fastai() {
        assertThat(cases("combined_cos")).hasSize(3).allSatisfy(each -> {
            Schedule schedule = Schedule.combinedCos(
                    number(each, "pct"), number(each, "start"), number(each, "middle"), number(each, "end"));
            assertClose(each, schedule, positions, each.get("exact"));
        });
    }

    @Test
    void the_schedules_of_the_lesson_give_the_numbers_of_its_runner() {
        assertThat(cases("seed_runner_param_scheduler")).hasSize(2).allSatisfy(each -> {
            Schedule[] pieces = ((List<?>) each.get("cos"))
                    .stream()
                            .map(Golden::doubles)
                            .map(ends -> Schedule.cos(ends[0], ends[1]))
                            .toArray(Schedule[]::new);
            Schedule schedule = pieces[0].until(Golden.doubles(each.get("pcts"))[0], pieces[1]);
            assertClose(each, schedule, Golden.doubles(each.get("pos")), each.get("exact"));
        });
    }

    private static Schedule schedule(String shape, double start, double end, Object power) {
        return switch (shape) {
            case "lin" -> Schedule.lin(start, end);
            case "cos" -> Schedule.cos(start, end);
            case "exp" -> Schedule.exp(start, end);
            case "no" -> Schedule.constant(start);
            case "poly" -> Schedule.poly(start, end, Golden.number(power));
            default -> throw new AssertionError("no such shape: " + shape);
        };
    }

    private static void assertClose(Map<String, Object> each, Schedule schedule, double[] positions, Object want) {
        double[] got = Arrays.stream(positions).map(schedule::at).toArray();
        Close.assertClose(schedule + " of " + each.keySet(), got, Golden.doubles(want), 1e-9, 1e-12);
    }

    private Stream<Map<String, Object>> cases(String section) {
        return Golden.maps(golden.get(section)).stream();
    }

    private static double number(Map<String, Object> each, String key) {
        return Golden.number(each.get(key));
    }
}
