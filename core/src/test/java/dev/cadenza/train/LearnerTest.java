package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.metric.Metric;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a learner is told, and what it refuses. */
class LearnerTest {
    private static Metric metric(String name) {
        return Metrics.average(name, (pred, target) -> pred.mean());
    }

    @Test
    void configuration_is_sealed_while_a_fit_goes_on() {
        Learner learn = TinyProblem.learner();
        List<Runnable> changes = List.of(
                () -> learn.metrics(metric("m")),
                () -> learn.optimizer(Optimizers.sgd(o -> {})),
                () -> learn.add(new Spy()),
                () -> learn.remove(learn.recorder()));
        List<Throwable> refused = new ArrayList<>();
        learn.fit(1, Callback.on(Event.BEFORE_TRAIN, l -> changes.forEach(c -> refused.add(catchThrowable(c::run)))));
        assertThat(refused)
                .hasSize(4)
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageEndingWith(
                                " cannot be changed while a fit is going on, at BEFORE_TRAIN; do it before fit, or"
                                        + " throw Cancel.fit first"));
        learn.metrics(metric("m")).add(new Spy());
    }

    @Test
    void a_fit_within_a_fit_is_refused_and_changes_nothing() {
        Learner learn = TinyProblem.learner();
        List<Throwable> refused = new ArrayList<>();
        learn.fit(1, 0.25, Callback.on(Event.AFTER_FIT, l -> {
            refused.add(catchThrowable(() -> l.fit(1, 0.5)));
            refused.add(catchThrowable(l::validate));
        }));
        assertThat(refused)
                .hasSize(2)
                .allSatisfy(e -> assertThat(e)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("a fit of this learner is going on already, at AFTER_FIT; wait for its end, or use"
                                + " another learner"));
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(0.25);
        assertThat(learn.recorder().epochs()).hasSize(1);
        learn.fit(1);
    }

    @Test
    void a_fit_from_another_thread_is_refused_meanwhile() throws InterruptedException {
        Learner learn = TinyProblem.learner();
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch tried = new CountDownLatch(1);
        Thread other = new Thread(() -> learn.fit(1, Callback.on(Event.BEFORE_TRAIN, l -> {
            inside.countDown();
            awaitQuietly(tried);
        })));
        other.start();
        inside.await();
        Throwable refused = catchThrowable(() -> learn.fit(1));
        tried.countDown();
        other.join();
        assertThat(refused).isInstanceOf(IllegalStateException.class).hasMessageContaining("going on already");
        assertThat(learn.recorder().epochs()).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, Double.NaN})
    void a_learning_rate_out_of_range_is_refused_and_changes_nothing(double lr) {
        Learner learn = TinyProblem.learner();
        learn.fit(1);
        assertThatThrownBy(() -> learn.fit(1, lr))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("but got: " + lr);
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(0.1);
        assertThat(learn.recorder().epochs()).hasSize(1);
    }

    @Test
    void no_epochs_only_begin_and_end_the_fit() {
        Learner learn = TinyProblem.learner(0, 0);
        Spy spy = new Spy();
        learn.fit(0, 0.5, spy);
        assertThat(spy.events()).containsExactly(Event.BEFORE_FIT, Event.AFTER_FIT);
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(0.5);
        assertThatThrownBy(learn.recorder()::lastEpoch).hasMessageContaining("no epoch has ended yet");
    }

    @Test
    void callbacks_of_a_fit_play_in_that_fit_only_and_added_ones_until_removed() {
        Spy temporary = new Spy();
        Spy added = new Spy();
        Learner learn = TinyProblem.learner().add(added);
        learn.fit(0, temporary);
        learn.fit(0);
        learn.remove(added).fit(0);
        assertThat(temporary.events()).hasSize(2);
        assertThat(added.events()).hasSize(4);
        assertThatThrownBy(() -> learn.remove(added)).hasMessage("Spy was not added; there is []");
    }

    @Test
    void a_callback_is_found_by_its_class() {
        Spy spy = new Spy();
        Learner learn = TinyProblem.learner().add(spy, new Spy());
        assertThat(learn.callback(Spy.class)).isSameAs(spy);
        assertThat(learn.callback(Recorder.class)).isSameAs(learn.recorder());
        assertThatThrownBy(() -> learn.callback(EventLog.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no EventLog was added; there is [Recorder, Spy, Spy]");
    }

    @Test
    void the_optimizer_stays_the_same_over_fits_until_another_is_chosen() {
        Learner learn = TinyProblem.learner();
        Optimizer optimizer = learn.optimizer();
        learn.fit(2);
        assertThat(learn.optimizer()).isSameAs(optimizer);
        learn.optimizer(Optimizers.adam(o -> {}));
        assertThat(learn.optimizer()).isNotSameAs(optimizer);
    }

    @Test
    void metrics_that_would_hide_each_other_are_refused() {
        Learner learn = TinyProblem.learner();
        assertThatThrownBy(() -> learn.metrics(metric("a"), metric("a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted each name in the record once, but got [train_loss, valid_loss, a, a]");
        assertThatThrownBy(() -> learn.metrics(metric("valid_loss"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothing_may_be_null() {
        Learner learn = TinyProblem.learner();
        assertThatNullPointerException()
                .isThrownBy(() -> new Learner(null, learn.model(), Losses.mse()))
                .withMessage("data");
        assertThatNullPointerException().isThrownBy(() -> learn.lossFunction(null));
        assertThatNullPointerException().isThrownBy(() -> learn.data(null));
    }
}
