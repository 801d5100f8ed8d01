package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.metric.Metrics;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private static final int COLUMNS = 70;

    private long nanos;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private final Progress table = new Progress(o -> o.out = out);
    private final Progress bar = new Progress(
            o -> {
                o.out = out;
                o.bar = true;
                o.columns = COLUMNS;
            },
            () -> nanos);

    /** Lets more time pass than lies between two drawings. */
    private final Callback slow = Callback.on(Event.AFTER_LOSS, learn -> nanos += 110_000_000);

    @Test
    void prints_one_header_and_a_row_for_each_epoch() {
        TinyProblem.learner(table)
                .metrics(Metrics.average("mae", (p, t) -> p.sub(t).abs().mean()))
                .fit(3);
        assertThat(lines())
                .hasSize(4)
                .allMatch(line -> line.length() == lines().get(0).length());
        assertThat(lines().get(0)).matches("epoch  train_loss  valid_loss         mae      time");
        assertThat(lines().get(3)).matches("    2(    \\d\\.\\d{6}){3}      \\d\\.\\ds");
        assertThat(text()).doesNotContain("\r");
    }

    @Test
    void an_epoch_without_validation_has_a_row_too() {
        TinyProblem.learner(table, Callback.on(Event.BEFORE_VALIDATE, l -> {
                    throw Cancel.validate("no time");
                }))
                .fit(1);
        assertThat(lines().get(1)).matches("    0    \\d\\.\\d{6}           -      \\d\\.\\ds");
    }

    @Test
    void each_fit_has_a_table_of_its_own() {
        Learner learn = TinyProblem.learner(table);
        learn.fit(1);
        learn.fit(1);
        assertThat(lines()).hasSize(4);
        assertThat(lines().get(2)).isEqualTo(lines().get(0));
    }

    @Test
    void the_bar_shows_the_running_epoch_and_is_gone_at_its_end() {
        TinyProblem.learner(2, 1, bar, slow).fit(1);
        String[] drawings = lines().get(0).split("\r");
        assertThat(drawings[0])
                .matches("epoch 0 train \\[=+> +]  50%  1/2  loss \\S+  \\d+/s  0\\.1s left")
                .hasSizeLessThan(COLUMNS);
        assertThat(drawings[1]).contains("100%  2/2");
        assertThat(drawings[2])
                .startsWith("epoch 0 valid [")
                .contains("100%  1/1")
                .doesNotContain("loss");
        assertThat(drawings[3]).isBlank().hasSizeLessThan(COLUMNS);
        assertThat(drawings[4]).startsWith("epoch  train_loss");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void the_bar_is_not_drawn_more_often_than_ten_times_a_second() {
        Callback millisecond = Callback.on(Event.AFTER_LOSS, learn -> nanos += 1_000_000);
        TinyProblem.learner(500, 1, bar, millisecond).fit(1);
        long erased = 1;
        assertThat(text().chars().filter(c -> c == '\r').count()).isEqualTo(500 / 100 + erased);
    }

    @Test
    void a_cancelled_fit_says_why() {
        TinyProblem.learner(bar, slow, Callback.on(Event.AFTER_BATCH, l -> {
                    throw Cancel.fit("enough");
                }))
                .fit(2);
        assertThat(lines()).last().asString().endsWith("cancelled: enough");
    }

    @Test
    void a_failed_fit_says_why_on_a_clean_line() {
        Learner learn = TinyProblem.learner(bar, slow, Callback.on(Event.BEFORE_STEP, l -> {
            if (l.iteration() == 1) {
                throw new IllegalStateException("disk full");
            }
        }));
        assertThatThrownBy(() -> learn.fit(2)).hasMessage("disk full");
        assertThat(text()).endsWith(" \rfailed: java.lang.IllegalStateException: disk full" + System.lineSeparator());
    }

    @Test
    void validating_alone_prints_one_row() {
        Learner learn = TinyProblem.learner();
        learn.fit(1);
        learn.validate(bar, slow);
        assertThat(text()).contains("epoch 0 valid [", "epoch  train_loss  valid_loss");
        assertThat(lines()).hasSize(2);
    }

    @Test
    void a_terminal_without_columns_is_refused() {
        assertThatThrownBy(() -> new Progress(o -> o.columns = 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted 1 column or more, but got: 0");
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return List.of(text().split(System.lineSeparator()));
    }
}
