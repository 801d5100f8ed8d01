package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.callback.ShortEpoch;
import dev.cadenza.callback.TerminateOnNaN;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real fastai 2.0.2 runs with short epochs, with losses that are not finite, and with run flags. */
class CallbacksGoldenTest {
    private static Stream<Arguments> entries(String section, String prefix) {
        return Golden.maps(Golden.read("events.json").get(section)).stream()
                .filter(entry -> ((String) entry.get("id")).startsWith(prefix))
                .map(entry -> Arguments.of(entry.get("id"), entry));
    }

    static Stream<Arguments> shortEpochs() {
        return entries("callbacks_misc", "short_epoch_");
    }

    static Stream<Arguments> badLosses() {
        return entries("callbacks_misc", "terminate_on_nan_");
    }

    static Stream<Arguments> runFlags() {
        return entries("run_flags", "");
    }

    @Test
    void all_of_them_are_compared() {
        assertThat(Stream.concat(shortEpochs(), badLosses()))
                .hasSameSizeAs(entries("callbacks_misc", "").toList())
                .hasSize(5);
        assertThat(runFlags()).hasSize(4);
    }

    private static Learner learner(Map<String, Object> want) {
        return TinyProblem.learner((int) want.get("n_train"), (int) want.get("n_valid"));
    }

    private static List<EventLog.Entry> log(Map<String, Object> want) {
        return ((List<?>) want.get("log"))
                .stream().map(entry -> EventLog.parse((List<?>) entry)).toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("shortEpochs")
    void a_short_epoch_has_the_batches_of_fastai(String id, Map<String, Object> want) {
        double share = Double.parseDouble(id.replaceAll("short_epoch_pct|_short_valid.*", ""));
        EventLog log = new EventLog();
        learner(want).fit(1, log, ShortEpoch.share(share, o -> o.validation = id.endsWith("True")));
        List<Boolean> batches = log.entries().stream()
                .filter(entry -> entry.event() == Event.AFTER_BATCH)
                .map(EventLog.Entry::training)
                .toList();
        assertThat(Collections.frequency(batches, true)).isEqualTo(want.get("train_batches_run"));
        assertThat(Collections.frequency(batches, false)).isEqualTo(want.get("valid_batches_run"));
        assertThat(Collections.frequency(log.events(), Event.AFTER_CANCEL_TRAIN))
                .isEqualTo(want.get("after_cancel_train"));
        assertThat(Collections.frequency(log.events(), Event.AFTER_CANCEL_VALIDATE))
                .isEqualTo(want.get("after_cancel_validate"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badLosses")
    void a_loss_that_is_not_finite_ends_the_fit_as_in_fastai(String id, Map<String, Object> want) {
        int bad = (int) want.get("bad_loss_at_training_iteration");
        double factor = id.endsWith("nan") ? Double.NaN : Double.POSITIVE_INFINITY;
        EventLog log = new EventLog();
        Learner learn = learner(want);
        Callback breaks = Callback.on(Event.AFTER_LOSS, l -> {
            if (l.training() && l.iteration() == bad) {
                l.loss(l.loss().mul(factor));
            }
        });
        learn.fit((int) want.get("epochs"), breaks, log, new TerminateOnNaN());
        assertThat(log.entries()).isEqualTo(log(want));
        assertThat(learn.recorder().losses()).hasSize((int) want.get("recorder_n_losses"));
    }

    /** There are no run flags: a callback that is for one phase only asks which one it is. */
    private static final class OnePhase extends EveryEvent {
        final EventLog log = new EventLog();
        private final boolean run;
        private final boolean train;
        private final boolean valid;

        OnePhase(String id) {
            run = !id.equals("run=False");
            train = run && !id.equals("run_train=False") && !id.equals("both False");
            valid = run && !id.equals("run_valid=False") && !id.equals("both False");
        }

        @Override
        void play(Event event, Learner learn) {
            boolean wanted = learn.training() ? train : valid;
            if (event.inBatch() ? wanted : run) {
                log.play(event, learn);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("runFlags")
    void asking_for_the_phase_does_what_the_run_flags_of_fastai_do(String id, Map<String, Object> want) {
        OnePhase callback = new OnePhase(id);
        TinyProblem.learner().fit(1, callback);
        assertThat(callback.log.entries()).isEqualTo(log(want));
    }
}
