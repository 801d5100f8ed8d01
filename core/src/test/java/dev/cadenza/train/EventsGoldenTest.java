package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.EventLog.Entry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The event logs of real fastai 2.0.2 runs: two epochs of three training and two validation batches. */
class EventsGoldenTest {
    private static Map<String, Object> golden;

    @BeforeAll
    static void read() {
        golden = Golden.read("events.json");
    }

    private static List<Entry> log(Object json) {
        return ((List<?>) json).stream().map(e -> EventLog.parse((List<?>) e)).toList();
    }

    @Test
    void a_plain_fit_plays_the_events_of_fastai() {
        EventLog log = new EventLog();
        TinyProblem.learner().fit(2, log);
        assertThat(log.entries()).isEqualTo(log(golden.get("plain")));
    }

    @Test
    void counters_and_gradient_mode_are_those_of_fastai() {
        List<Map<String, Object>> want = Golden.maps(golden.get("plain_detail"));
        List<Integer> seen = new ArrayList<>();
        Callback[] checks = Stream.of(Event.values())
                .filter(event -> !EventLog.OURS_ONLY.contains(event))
                .map(event -> Callback.on(event, learn -> {
                    Map<String, Object> entry = want.get(seen.size());
                    String where = entry.toString();
                    seen.add(learn.iteration());
                    assertThat(event).as(where).isEqualTo(EventLog.event((String) entry.get("event")));
                    assertThat(learn.model().isTraining()).as(where).isEqualTo(entry.get("model_training"));
                    assertThat(NoGrad.gradIsEnabled()).as(where).isEqualTo(entry.get("grad_enabled"));
                    if (event != Event.AFTER_STEP) { // there our counters have this batch, fastai's only after it
                        assertThat(learn.iteration()).as(where).isEqualTo(entry.get("train_iter"));
                        assertThat(learn.progress())
                                .as(where)
                                .isCloseTo(Golden.number(entry.get("pct_train")), within(1e-12));
                    }
                }))
                .toArray(Callback[]::new);
        TinyProblem.learner().fit(2, checks);
        assertThat(seen).hasSameSizeAs(want);
    }

    static Stream<Arguments> entryPoints() {
        return Golden.maps(golden.get("entry_points")).stream().map(e -> Arguments.of(e.get("id"), e.get("log")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entryPoints")
    void validating_predicting_and_fitting_no_epoch_play_the_events_of_fastai(String id, Object want) {
        EventLog log = new EventLog();
        Learner learn = TinyProblem.learner();
        switch (id) {
            case "fit_0_epochs" -> learn.fit(0, log);
            case "get_preds" -> {
                try (Scope scope = Scope.open()) {
                    learn.add(log).getPreds();
                }
            }
            default -> learn.validate(log);
        }
        assertThat(log.entries()).isEqualTo(log(want));
    }

    static Stream<Arguments> cancels() {
        return Golden.maps(golden.get("cancel")).stream().map(c -> Arguments.of(c.get("id"), c));
    }

    private static Cancel cancel(String fastaiException) {
        return switch (fastaiException) {
            case "CancelBatchException" -> Cancel.batch("test");
            case "CancelTrainException" -> Cancel.train("test");
            case "CancelValidException" -> Cancel.validate("test");
            case "CancelEpochException" -> Cancel.epoch("test");
            case "CancelFitException" -> Cancel.fit("test");
            default -> throw new AssertionError(fastaiException);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cancels")
    void every_cancel_at_every_event_plays_the_events_of_fastai(String id, Map<String, Object> want) {
        EventLog log = new EventLog(new EventLog.Trigger(EventLog.parse(want), cancel((String) want.get("exception"))));
        Learner learn = TinyProblem.learner();
        if (want.get("escaped") == null) {
            learn.fit(2, log);
            assertThat(learn.outcome().kind()).isNotEqualTo(Outcome.Kind.FAILED);
        } else { // fastai lets its exception escape; here a Cancel for a span that is not open is an error that says so
            assertThatThrownBy(() -> learn.fit(2, log))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("that span is not open there")
                    .hasCauseInstanceOf(Cancel.class);
            assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.FAILED);
        }
        assertThat(log.entries()).isEqualTo(log(want.get("log")));
    }

    static Stream<Arguments> severalCallbacks() {
        return Golden.maps(golden.get("cancel_several_callbacks")).stream().map(c -> Arguments.of(c.get("id"), c));
    }

    /**
     * The callback before the one that cancels sees what fastai's does. The one after it does not at BEFORE_BATCH:
     * fastai plays after_cancel_batch and after_batch to callbacks that never saw before_batch; here a bracket that did not
     * open for a callback does not close for it either (DESIGN §2).
     */
    @ParameterizedTest(name = "{0}")
    @MethodSource("severalCallbacks")
    void a_cancel_reaches_the_callbacks_around_it(String id, Map<String, Object> want) {
        Event at = EventLog.event(id.replaceFirst("cancel_(batch|train|fit|epoch|valid)_at_", ""));
        EventLog before = new EventLog();
        EventLog after = new EventLog();
        boolean[] thrown = {false};
        Learner learn = TinyProblem.learner(2, 1)
                .add(before)
                .add(Callback.on(at, l -> {
                    if (!thrown[0] && l.training()) {
                        thrown[0] = true;
                        throw id.contains("cancel_batch") ? Cancel.batch("test") : Cancel.fit("test");
                    }
                }))
                .add(after);
        learn.fit(1);
        assertThat(before.entries()).isEqualTo(log(want.get("log_before_raiser")));
        List<Entry> wantAfter = new ArrayList<>(log(want.get("log_after_raiser")));
        if (at == Event.BEFORE_BATCH) {
            Entry first = new Entry(Event.AFTER_CANCEL_BATCH, 0, 0, true);
            wantAfter
                    .subList(wantAfter.indexOf(first), wantAfter.indexOf(first) + 2)
                    .clear();
        }
        assertThat(after.entries()).isEqualTo(wantAfter);
    }
}
