package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.train.EpochRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinesTest {
    private static final List<String> NAMES = List.of("train_loss", "valid_loss", "a_long_metric_name");

    @Test
    void a_row_lies_under_its_header() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("train_loss", 0.5);
        values.put("valid_loss", 1.25);
        values.put("a_long_metric_name", 0.97);
        assertThat(Lines.header(NAMES)).isEqualTo("epoch  train_loss  valid_loss  a_long_metric_name      time");
        assertThat(Lines.row(new EpochRecord(12, values, 3.21), NAMES))
                .isEqualTo("   12    0.500000    1.250000            0.970000      3.2s");
    }

    @Test
    void what_an_epoch_does_not_have_is_a_dash() {
        assertThat(Lines.row(new EpochRecord(0, Map.of("train_loss", 0.5), 0), NAMES))
                .isEqualTo("    0    0.500000           -                   -      0.0s");
    }

    @Test
    void a_row_says_that_the_data_was_too_slow_only_where_it_matters() {
        assertThat(row(100, 31)).endsWith("      1:40  (31% waiting for data)");
        assertThat(row(1.5, 1.2)).endsWith("      1.5s  (80% waiting for data)");
        assertThat(row(100, 9.9)).as("a tenth").endsWith("      1:40");
        assertThat(row(1.5, 0.9)).as("not a second").endsWith("      1.5s");
        assertThat(row(0, 0)).endsWith("      0.0s");
    }

    private static String row(double seconds, double secondsWaiting) {
        return Lines.row(new EpochRecord(0, Map.of(), seconds, secondsWaiting), NAMES);
    }

    @Test
    void numbers_that_would_break_the_column_get_an_exponent() {
        assertThat(Lines.number(0, 6)).isEqualTo("0.000000");
        assertThat(Lines.number(-999.5, 6)).isEqualTo("-999.500000");
        assertThat(Lines.number(1234567.8, 6)).isEqualTo("1.235e+06");
        assertThat(Lines.number(2.5e-8, 6)).isEqualTo("2.500e-08");
        assertThat(Lines.number(0.12345, 4)).isEqualTo("0.1235");
        assertThat(Lines.number(Double.NaN, 6)).isEqualTo("NaN");
        assertThat(Lines.number(Double.NEGATIVE_INFINITY, 6)).isEqualTo("-Infinity");
    }

    @Test
    void times_are_read_at_a_glance() {
        assertThat(Lines.time(0.04)).isEqualTo("0.0s");
        assertThat(Lines.time(59.94)).isEqualTo("59.9s");
        assertThat(Lines.time(125)).isEqualTo("2:05");
        assertThat(Lines.time(3725)).isEqualTo("1:02:05");
    }

    @Test
    void a_bar_shows_share_and_counts() {
        assertThat(Lines.bar("epoch 0 train", 50, 200, "  loss 0.5", 62))
                .isEqualTo("epoch 0 train [=====>                ]  25%  50/200  loss 0.5")
                .hasSize(61);
        assertThat(Lines.bar("epoch 0 train", 200, 200, "", 50)).contains("===] 100%  200/200");
    }

    @Test
    void a_bar_is_narrower_than_the_terminal_whatever_its_width() {
        String tail = "  loss 0.1423  22,311/s  0.8s left";
        for (int columns = 1; columns < 200; columns++) {
            int limit = columns;
            assertThat(IntStream.rangeClosed(1, 469).mapToObj(i -> Lines.bar("epoch 10 train", i, 469, tail, limit)))
                    .allMatch(line -> line.length() < limit);
        }
        assertThat(Lines.bar("epoch 10 train", 1, 469, tail, 40)).isEqualTo("epoch 10 train   0%  1/469  loss 0.1423");
    }

    @Test
    void pace_tells_speed_and_remaining_time() {
        assertThat(Lines.pace(12800, 2, 3)).isEqualTo("6,400/s  6.0s left");
    }
}
