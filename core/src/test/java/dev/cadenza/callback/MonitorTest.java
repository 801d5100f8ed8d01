package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.metric.Metrics;
import dev.cadenza.optim.Hyper;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the callbacks that watch a value have in common, shown with those where it is seen best. */
class MonitorTest {
    private static final double NAN = Double.NaN;

    private static SaveBest watch(double[] validLoss, Consumer<SaveBest.Options> options, Callback... others) {
        SaveBest best = new SaveBest(options);
        Learner learn = Scripted.learner(validLoss).add(best).add(others);
        learn.fit(validLoss.length);
        return best;
    }

    @Test
    void less_is_better_where_the_name_speaks_of_loss_or_error_and_else_more_is() {
        double[] values = {0.3, 0.1, 0.2};
        for (String name : List.of("my_loss", "error_rate", "accuracy")) {
            SaveBest best = new SaveBest(o -> o.monitor = name);
            TinyProblem.learner(1, 1).metrics(Scripted.metric(name, values)).fit(values.length, best);
            assertThat(best.bestEpoch()).as(name).hasValue(name.equals("accuracy") ? 0 : 1);
        }
    }

    @Test
    void which_way_is_better_can_be_said() {
        assertThat(watch(new double[] {0.3, 0.5, 0.4}, o -> o.greater = true).best())
                .hasValue(0.5);
    }

    @Test
    void nan_is_never_better_not_even_than_nothing() {
        assertThat(watch(new double[] {NAN, 0.5, NAN, 0.4}, o -> {}).bestEpoch())
                .hasValue(3);
        assertThat(watch(new double[] {NAN, NAN}, o -> {}).bestEpoch()).isEmpty();
    }

    @Test
    void nan_uses_up_patience() {
        Learner learn = Scripted.learner(NAN, NAN, NAN);
        learn.fit(3, new EarlyStopping(o -> o.patience = 2));
        assertThat(learn.outcome()).hasToString("cancelled: no improvement of valid_loss since the fit began");
        assertThat(learn.epoch()).isEqualTo(1);
    }

    @Test
    void an_epoch_without_the_value_is_not_counted() {
        Callback everySecond = Callback.on(Event.BEFORE_VALIDATE, l -> {
            if (l.epoch() % 2 == 1) {
                throw Cancel.validate("not in this epoch");
            }
        });
        Learner learn = Scripted.learner(1, 2, 1, 2, 1);
        learn.fit(5, everySecond, new EarlyStopping(o -> o.patience = 2));
        assertThat(learn.epoch()).isEqualTo(4);
        assertThat(learn.outcome()).hasToString("cancelled: no improvement of valid_loss since epoch 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train_loss", "valid_loss"})
    void an_epoch_that_was_left_early_is_not_compared(String monitor) {
        Event event = monitor.equals("train_loss") ? Event.AFTER_LOSS : Event.BEFORE_BATCH;
        SaveBest best = new SaveBest(o -> {
            o.monitor = monitor;
            o.loadAtEnd = false;
        });
        Learner learn = TinyProblem.learner(2, 2, best);
        learn.fit(3, Callback.on(event, l -> {
            boolean phase = l.training() == monitor.equals("train_loss");
            if (phase && l.epoch() > 0 && l.batchIndex() == 1) {
                throw l.epoch() == 1 ? Cancel.epoch("enough of it") : Cancel.fit("enough of all");
            }
        }));
        assertThat(learn.recorder().lastEpoch().get(monitor))
                .isLessThan(best.best().getAsDouble());
        assertThat(best.bestEpoch()).hasValue(0);
    }

    @Test
    void an_epoch_that_was_shortened_on_purpose_is_compared() {
        SaveBest best = new SaveBest();
        TinyProblem.learner().fit(2, best, ShortEpoch.batches(1));
        assertThat(best.bestEpoch()).hasValue(1);
    }

    @Test
    void an_epoch_after_which_another_callback_ends_the_fit_is_compared() {
        SaveBest best = new SaveBest();
        TinyProblem.learner().fit(5, best, Callback.on(Event.AFTER_EPOCH, l -> {
            if (l.epoch() == 2) {
                throw Cancel.fit("good enough");
            }
        }));
        assertThat(best.bestEpoch()).hasValue(2);
    }

    @Test
    void each_fit_starts_from_nothing() {
        SaveBest best = new SaveBest();
        Learner learn = TinyProblem.learner(1, 1, best);
        learn.fit(1, Scripted.validLoss(0.1));
        learn.fit(2, Scripted.validLoss(0.3, 0.2));
        assertThat(best.best()).hasValue(0.2);
        assertThat(best.bestEpoch()).hasValue(1);
    }

    @Test
    void unless_it_is_to_go_on_from_the_best_of_the_fits_before() {
        EarlyStopping stop = new EarlyStopping(o -> {
            o.resetOnFit = false;
            o.patience = 2;
        });
        Learner learn = TinyProblem.learner(1, 1, stop);
        learn.fit(2, Scripted.validLoss(0.1, 0.2));
        learn.fit(3, Scripted.validLoss(0.15, 0.15, 0.15));
        assertThat(learn.epoch()).as("patience starts anew").isEqualTo(1);
        assertThat(learn.outcome()).hasToString("cancelled: no improvement of valid_loss since the fit began");
    }

    @Test
    void validating_is_none_of_their_business() {
        SaveBest best = new SaveBest(o -> o.resetOnFit = false);
        ReduceLROnPlateau reduce = new ReduceLROnPlateau();
        EarlyStopping stop = new EarlyStopping(o -> o.patience = 2);
        Learner learn = TinyProblem.learner(1, 1, best, reduce, stop);
        learn.validate(Scripted.validLoss(0.1));
        assertThat(best.bestEpoch()).isEqualTo(OptionalInt.empty());
        learn.fit(4, 0.1, Scripted.validLoss(0.5, 0.4, 0.6, 0.7));
        String ended = learn.outcome().toString();
        assertThat(ended).contains("since epoch 1");
        learn.model().parameters().forEach(p -> p.detach().add_(1));
        String digest = learn.digest();
        double lr = learn.optimizer().get(Hyper.LR);
        for (double value : new double[] {0.1, 0.9, 0.9, 0.9}) {
            assertThat(learn.validate(Scripted.validLoss(value)).get("valid_loss"))
                    .isEqualTo(value);
        }
        assertThat(learn.digest()).isEqualTo(digest);
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(lr);
        assertThat(best.best()).isEqualTo(OptionalDouble.of(0.4));
    }

    @Test
    void a_validation_that_was_left_does_not_tell_on_the_next_fit() {
        SaveBest best = new SaveBest(o -> o.monitor = "train_loss");
        Learner learn = TinyProblem.learner(best);
        learn.validate(Callback.on(Event.AFTER_LOSS, l -> {
            throw Cancel.fit("no time");
        }));
        learn.fit(1, Callback.on(Event.BEFORE_VALIDATE, l -> {
            throw Cancel.validate("not needed");
        }));
        assertThat(best.bestEpoch()).hasValue(0);
    }

    @Test
    void an_unknown_name_is_refused_with_the_known_ones() {
        Learner learn = TinyProblem.learner().metrics(Metrics.accuracy());
        assertThatThrownBy(() -> learn.fit(
                        1,
                        new EarlyStopping(o -> o.monitor = "acuracy"),
                        new SaveBest(o -> o.monitor = "f1"),
                        new ReduceLROnPlateau(o -> o.monitor = "")))
                .isInstanceOfSatisfying(
                        PlanException.class,
                        e -> assertThat(e.problems())
                                .containsExactly(
                                        "EarlyStopping monitors 'acuracy', but what is recorded is"
                                                + " [train_loss, valid_loss, accuracy]; monitor one of these",
                                        "SaveBest monitors 'f1', but what is recorded is"
                                                + " [train_loss, valid_loss, accuracy]; monitor one of these",
                                        "ReduceLROnPlateau monitors '', but what is recorded is"
                                                + " [train_loss, valid_loss, accuracy]; monitor one of these"));
    }

    @Test
    void without_validation_data_only_the_training_loss_can_be_watched() {
        Learner learn = TinyProblem.learner(1, 0);
        assertThatThrownBy(() -> learn.fit(1, new EarlyStopping()))
                .hasMessageContaining("monitors 'valid_loss', but what is recorded is [train_loss]");
        SaveBest best = new SaveBest(o -> o.monitor = "train_loss");
        learn.fit(2, best);
        assertThat(best.bestEpoch()).hasValue(1);
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatThrownBy(() -> new EarlyStopping(o -> o.patience = 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted a patience of 1 epoch or more, but got: 0");
        assertThatThrownBy(() -> new SaveBest(o -> o.minDelta = -0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted a minDelta of 0 or more, but got: -0.1");
        assertThatThrownBy(() -> new SaveBest(o -> o.minDelta = NAN)).hasMessageContaining("got: NaN");
        assertThatThrownBy(() -> new SaveBest(o -> o.monitor = null)).hasMessage("monitor");
        assertThatThrownBy(() -> new ReduceLROnPlateau(o -> o.patience = -1)).hasMessageContaining("got: -1");
        assertThatThrownBy(() -> new ReduceLROnPlateau(o -> o.factor = 1))
                .hasMessage("wanted a factor above 1, but got: 1.0");
        assertThatThrownBy(() -> new ReduceLROnPlateau(o -> o.minLr = -1))
                .hasMessage("wanted a minLr of 0 or more, but got: -1.0");
    }
}
