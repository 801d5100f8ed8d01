package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DownloadBarTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final AtomicLong nanos = new AtomicLong();
    private final DownloadBar bar =
            new DownloadBar("data.tgz", new PrintStream(bytes, true, StandardCharsets.UTF_8), nanos::get);

    @Test
    void it_shows_share_size_speed_and_time_left() {
        bar.at(0, 200_000_000);
        after(2, 50_000_000, 200_000_000);
        after(8, 200_000_000, 200_000_000);
        bar.end();
        assertThat(drawn())
                .containsExactly(
                        "data.tgz [>                       ]   0%  0 bytes of 200.0 MB",
                        "data.tgz [======>                 ]  25%  50.0 MB of 200.0 MB  25.0 MB/s  6s left",
                        "data.tgz [========================] 100%  200.0 MB of 200.0 MB  25.0 MB/s",
                        "data.tgz [========================] 100%  200.0 MB of 200.0 MB  25.0 MB/s",
                        System.lineSeparator().strip());
    }

    @Test
    void without_a_total_it_shows_what_has_come() {
        bar.at(0, -1);
        after(1, 1_500, -1);
        assertThat(drawn()).containsExactly("data.tgz  0 bytes", "data.tgz  1.5 kB  1.5 kB/s");
    }

    @Test
    void it_is_drawn_ten_times_a_second_at_most_and_at_the_end() {
        for (int i = 0; i <= 1000; i++) {
            nanos.set(i * 1_000_000L);
            bar.at(i, 1000);
        }
        assertThat(drawn()).hasSize(11);
        bar.at(1000, 1000);
        bar.end();
        bar.end();
        assertThat(drawn()).hasSize(13);
    }

    @Test
    void the_speed_is_that_of_this_download_not_of_what_was_there() {
        bar.at(90, 100);
        after(1, 95, 100);
        assertThat(drawn().get(1)).endsWith("5 bytes/s  1s left");
        after(2, 10, 100); // afresh
        after(3, 40, 100);
        assertThat(drawn().get(3)).endsWith("30 bytes/s  2s left");
    }

    @Test
    void a_download_that_never_began_draws_nothing() {
        bar.end();
        assertThat(bytes.size()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 bytes",
        "999, 999 bytes",
        "1000, 1.0 kB",
        "999949, 999.9 kB",
        "999950, 1.0 MB",
        "135107811, 135.1 MB"
    })
    void sizes_are_in_powers_of_1000(long size, String text) {
        assertThat(DownloadBar.size(size)).isEqualTo(text);
    }

    private void after(long seconds, long done, long total) {
        nanos.set(seconds * 1_000_000_000L);
        bar.at(done, total);
    }

    /** What was drawn over each other, without the spaces that erase. */
    private java.util.List<String> drawn() {
        return java.util.Arrays.stream(bytes.toString(StandardCharsets.UTF_8).split("\r"))
                .map(String::stripTrailing)
                .toList();
    }
}
