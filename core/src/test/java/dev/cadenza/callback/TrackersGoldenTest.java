package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.optim.Hyper;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.TimelineEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What real fastai 2.0.2 decided for scripted values: when it stopped, lowered the learning rate, saved the model. */
class TrackersGoldenTest {
    static Stream<Arguments> trackers() {
        return Golden.maps(Golden.read("events.json").get("trackers")).stream()
                .map(t -> Arguments.of(t.get("id") + " " + t.get("args"), t));
    }

    @Test
    void all_of_them_are_compared() {
        assertThat(trackers()).hasSize(48);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("trackers")
    void decisions_are_those_of_fastai(String name, Map<String, Object> want) {
        String id = (String) want.get("id");
        double[] values = Golden.doubles(want.get("values"));
        switch (id.substring(0, id.indexOf('/'))) {
            case "early_stopping" -> stopsInTime(Scripted.learner(values), "valid_loss", values.length, want);
            case "early_stopping_metric" ->
                stopsInTime(
                        TinyProblem.learner(1, 1).metrics(Scripted.metric("scripted", values)),
                        "scripted",
                        values.length,
                        want);
            case "reduce_lr" -> lowersTheLearningRate(values, want);
            case "save_model" -> savesTheBest(values, want);
            case "save_model_every" -> savesEach(values, want);
            default -> throw new AssertionError(id);
        }
    }

    private static void set(Monitor.Options options, Map<String, Object> want) {
        Map<String, Object> args = Golden.map(want.get("args"));
        options.minDelta = Golden.number(args.getOrDefault("min_delta", 0));
        if (options instanceof Monitor.PatientOptions patient) {
            patient.patience = (int) args.get("patience");
        }
    }

    private static void stopsInTime(Learner learn, String monitor, int epochs, Map<String, Object> want) {
        learn.fit(epochs, new EarlyStopping(o -> {
            o.monitor = monitor;
            set(o, want);
        }));
        assertThat(learn.recorder().epochs()).hasSize((int) want.get("epochs_run"));
        if (want.get("message") instanceof List<?> message && message.isEmpty()) {
            assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
        } else if (want.get("message") instanceof List<?> message) {
            String epoch = ((String) message.get(0)).replaceAll("\\D", "");
            assertThat(learn.outcome().cancel().reason())
                    .isEqualTo("no improvement of " + monitor + " since epoch " + epoch);
        }
    }

    private static void lowersTheLearningRate(double[] values, Map<String, Object> want) {
        Map<String, Object> args = Golden.map(want.get("args"));
        List<Double> lrs = new ArrayList<>();
        Scripted.learner(values)
                .fit(
                        values.length,
                        Golden.number(want.get("start_lr")),
                        new ReduceLROnPlateau(o -> {
                            set(o, want);
                            o.factor = Golden.number(args.get("factor"));
                            o.minLr = Golden.number(args.get("min_lr"));
                        }),
                        Callback.on(
                                Event.BEFORE_EPOCH, l -> lrs.add(l.optimizer().get(Hyper.LR))));
        double[] wanted = Golden.doubles(want.get("lr_per_epoch"));
        assertThat(lrs).hasSize(wanted.length);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(lrs.get(i)).isCloseTo(wanted[i], within(1e-12 * wanted[i]));
        }
    }

    private static void savesTheBest(double[] values, Map<String, Object> want) {
        Learner learn = Scripted.learner(values);
        learn.fit(values.length, new SaveBest(o -> set(o, want)));
        assertThat(learn.timeline().entries().stream()
                        .filter(entry -> entry.what().equals("best"))
                        .map(TimelineEntry::epoch))
                .isEqualTo(want.get("saved_at_epochs"));
    }

    /** Saving each epoch needs no option: it is a callback at the end of each. */
    private static void savesEach(double[] values, Map<String, Object> want) {
        List<List<Object>> saved = new ArrayList<>();
        Scripted.learner(values)
                .fit(
                        values.length,
                        Callback.on(Event.AFTER_EPOCH, l -> saved.add(List.of(l.epoch(), "model_" + l.epoch()))));
        assertThat(saved).isEqualTo(want.get("saved"));
    }
}
