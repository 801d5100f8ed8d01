package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Hyper;
import dev.cadenza.testing.TinyProblem;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

class TimelineTest {
    private static final class Lowers implements Callback {
        @Override
        public void afterEpoch(Learner learn) {
            learn.timeline().because("it is time");
            learn.optimizer().set(Hyper.lr(learn.optimizer().get(Hyper.LR) / 2));
        }
    }

    private static List<String> lines(Learner learn) {
        return learn.timeline().entries().stream().map(TimelineEntry::toString).toList();
    }

    @Test
    void changes_of_hyper_parameters_are_laid_to_the_callback_that_made_them_with_its_reason() {
        Learner learn = TinyProblem.learner(new Lowers());
        learn.fit(2, 0.4);
        assertThat(lines(learn))
                .containsExactly(
                        "iteration 0: fit: lr 0.1 → 0.4",
                        "epoch 0, iteration 3, AFTER_EPOCH: Lowers: lr 0.4 → 0.2 (it is time)",
                        "epoch 1, iteration 6, AFTER_EPOCH: Lowers: lr 0.2 → 0.1 (it is time)",
                        "epoch 1, iteration 6: fit: end completed");
        assertThat(learn.timeline()).hasToString(String.join("\n", lines(learn)));
    }

    @Test
    void what_single_batches_change_is_left_out_at_first_and_not_laid_to_others() {
        Learner learn = TinyProblem.learner(
                Callback.on(Event.BEFORE_BATCH, l -> {
                    l.timeline().because("of no interest");
                    l.optimizer().set(Hyper.lr(0.01 * (l.iteration() + 1)));
                    l.batch(Batch.of(l.batch().input().mul(1), l.batch().target()));
                    l.timeline().note("nothing", null, null);
                }),
                new Lowers());
        learn.fit(1);
        assertThat(lines(learn))
                .containsExactly(
                        "epoch 0, iteration 3, AFTER_EPOCH: Lowers: lr 0.04 → 0.02 (it is time)",
                        "epoch 0, iteration 3: fit: end completed");
    }

    @Test
    void on_demand_every_batch_is_written_down() {
        Learner learn = TinyProblem.learner(1, 0);
        learn.add(
                Callback.on(Event.BEFORE_BATCH, l -> {
                    l.optimizer().set(Hyper.lr(0.01));
                    l.batch(Batch.of(l.batch().input().mul(1), l.batch().target()));
                }),
                Callback.on(Event.AFTER_PRED, l -> l.pred(l.pred().mul(0))),
                Callback.on(Event.AFTER_LOSS, l -> l.loss(l.loss().mul(0))),
                Callback.on(Event.BEFORE_STEP, l -> {
                    throw Cancel.step("not now");
                }));
        learn.timeline().everyBatch(true);
        learn.fit(1);
        assertThat(lines(learn).get(3))
                .matches("epoch 0, iteration 0, AFTER_LOSS: on\\(AFTER_LOSS\\): loss [0-9.]+ → 0.0");
        assertThat(lines(learn))
                .hasSize(6)
                .startsWith(
                        "epoch 0, iteration 0, BEFORE_BATCH: on(BEFORE_BATCH): batch [float32[4, 1], float32[4, 1]] →"
                                + " [float32[4, 1], float32[4, 1]]",
                        "epoch 0, iteration 0, BEFORE_BATCH: on(BEFORE_BATCH): lr 0.1 → 0.01")
                .contains("epoch 0, iteration 0, BEFORE_STEP: on(BEFORE_STEP): cancel STEP (not now)");
    }

    @Test
    void spans_that_were_left_and_the_end_say_who_and_why() {
        Learner learn = TinyProblem.learner(Callback.on(Event.AFTER_BATCH, l -> {
            if (l.iteration() == 2) {
                throw Cancel.fit("enough");
            }
        }));
        learn.fit(3);
        assertThat(lines(learn))
                .containsExactly(
                        "epoch 0, iteration 2, AFTER_BATCH: on(AFTER_BATCH): cancel FIT (enough)",
                        "epoch 0, iteration 2: fit: end cancelled: enough");
        assertThatThrownBy(() -> learn.fit(1, Callback.on(Event.BEFORE_EPOCH, l -> {
            throw new IllegalStateException("broken");
        })));
        assertThat(lines(learn))
                .containsExactly("epoch 0, iteration 0: fit: end failed: java.lang.IllegalStateException: broken");
    }

    @Test
    void other_loaders_and_loss_functions_and_notes_are_written_down() {
        Learner learn = TinyProblem.learner();
        learn.fit(1, Callback.on(Event.BEFORE_EPOCH, l -> {
            l.lossFunction(Losses.l1());
            l.data(l.data());
            l.timeline().note("checkpoint", Path.of("best"), "it was good");
        }));
        assertThat(lines(learn))
                .hasSize(4)
                .anyMatch(line -> line.contains("loss function MSELoss() → L1Loss()"))
                .anyMatch(line -> line.contains("data DataLoaders["))
                .anyMatch(line -> line.contains("checkpoint best (it was good)"));
    }

    @Test
    void a_validation_is_no_history() {
        Learner learn = TinyProblem.learner(new Lowers());
        learn.fit(1);
        List<String> before = lines(learn);
        learn.validate();
        assertThat(lines(learn)).isEqualTo(before);
    }

    @Test
    void memory_is_bounded_and_what_is_rare_is_not_pushed_out_by_what_is_frequent() {
        Learner learn = TinyProblem.learner(1, 0);
        learn.timeline().everyBatch(true);
        learn.fit(
                1,
                Callback.on(Event.BEFORE_EPOCH, l -> l.timeline().note("rare", null, null)),
                Callback.on(Event.BEFORE_BATCH, l -> {
                    for (int i = 0; i < 25_000; i++) {
                        l.timeline().note("frequent", i, null);
                    }
                }));
        List<TimelineEntry> entries = learn.timeline().entries();
        assertThat(learn.timeline().dropped()).isEqualTo(15_000);
        assertThat(entries).hasSize(10_002);
        assertThat(entries.get(0).what()).isEqualTo("rare");
        assertThat(entries.get(1).to()).isEqualTo("15000");
    }

    @Test
    void it_is_written_as_lines_of_json(@TempDir Path dir) throws Exception {
        Learner learn = TinyProblem.learner();
        learn.fit(1, Callback.on(Event.AFTER_FIT, l -> l.timeline().note("said", "\"a\\b\"\n\u0001é", null)));
        Path file = dir.resolve("timeline.jsonl");
        learn.timeline().write(file);
        List<String> lines = Files.readAllLines(file);
        Map<String, Object> said = JSON.std.mapFrom(lines.get(0));
        assertThat(lines).hasSize(2);
        assertThat(said)
                .containsEntry("to", "\"a\\b\"\n\u0001é")
                .containsEntry("event", "AFTER_FIT")
                .containsEntry("iteration", 3)
                .doesNotContainKeys("from", "why");
        assertThatThrownBy(() -> learn.timeline().write(dir))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(dir.toString());
    }

    @Test
    void groups_are_told_apart() {
        assertThat(new TimelineEntry(-1, 0, null, "fit", "lr of group 1", "0.1", "0.2", null))
                .hasToString("iteration 0: fit: lr of group 1 0.1 → 0.2");
    }
}
