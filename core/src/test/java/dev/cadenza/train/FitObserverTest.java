package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.optim.Hyper;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FitObserverTest {
    @Test
    void it_sees_how_the_fit_stands_at_the_events_it_wants() {
        List<Snapshot> seen = new ArrayList<>();
        Learner learn = TinyProblem.learner(Callback.observe(seen::add, Event.AFTER_BATCH, Event.AFTER_EPOCH));
        learn.fit(1, 0.5);
        assertThat(seen).hasSize(6);
        Snapshot third = seen.get(2);
        assertThat(third.iteration()).isEqualTo(3);
        assertThat(third.loss()).isEqualTo(learn.recorder().losses()[2]);
        assertThat(third.hypers().get(0)).containsEntry(Hyper.LR, 0.5);
        Snapshot last = seen.get(5);
        assertThat(last.event()).isEqualTo(Event.AFTER_EPOCH);
        assertThat(last.loss()).isNaN();
        assertThat(last.records()).isEqualTo(learn.recorder().epochs());
    }

    @Test
    void one_that_fails_or_cancels_is_reported_once_switched_off_and_the_fit_is_the_same() {
        Learner alone = TinyProblem.learner();
        alone.fit(2);
        int[] plays = {0};
        FitObserver failing = s -> {
            plays[0]++;
            throw Cancel.fit("not for you");
        };
        Learner learn = TinyProblem.learner(Callback.observe(failing, Event.BEFORE_BATCH));
        learn.fit(2);
        assertThat(plays[0]).isEqualTo(1);
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
        assertThat(learn.digest()).isEqualTo(alone.digest());
        learn.fit(1);
        assertThat(plays[0]).as("on again in the next fit").isEqualTo(2);
    }

    @Test
    void it_is_told_of_the_end_of_a_fit_that_failed() {
        boolean[] ended = {false};
        FitObserver observer = new FitObserver() {
            @Override
            public void observe(Snapshot snapshot) {
                throw new IllegalStateException("on purpose");
            }

            @Override
            public void fitEnded() {
                ended[0] = true;
            }
        };
        Learner learn = TinyProblem.learner(Callback.observe(observer, Event.BEFORE_EPOCH));
        assertThatThrownBy(() -> learn.fit(1, Callback.on(Event.AFTER_LOSS, l -> {
                    throw new IllegalStateException("the fit");
                })))
                .hasMessage("the fit")
                .hasNoSuppressedExceptions();
        assertThat(ended[0]).isTrue();
        assertThat(learn.timeline().toString()).contains("observer switched off");
    }

    @Test
    void aside_it_sees_everything_in_order_on_another_thread_that_ends_with_the_fit() {
        List<Integer> seen = new CopyOnWriteArrayList<>();
        List<Thread> threads = new CopyOnWriteArrayList<>();
        FitObserver observer = s -> {
            seen.add(s.iteration());
            threads.add(Thread.currentThread());
        };
        TinyProblem.learner(Callback.observe(observer.aside(100), Event.AFTER_STEP))
                .fit(3);
        assertThat(seen).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(threads).doesNotContain(Thread.currentThread());
        assertThat(threads.get(0).isAlive()).isFalse();
    }

    @Test
    void aside_one_that_is_too_slow_loses_snapshots_and_does_not_hold_the_training() {
        CountDownLatch trained = new CountDownLatch(1);
        List<Integer> seen = new CopyOnWriteArrayList<>();
        FitObserver slow = s -> {
            try {
                trained.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            seen.add(s.iteration());
        };
        Learner learn = TinyProblem.learner(
                Callback.observe(slow.aside(2), Event.AFTER_STEP),
                Callback.on(Event.AFTER_EPOCH, l -> trained.countDown()));
        learn.fit(1);
        assertThat(learn.iteration()).isEqualTo(3);
        assertThat(seen).startsWith(1).hasSizeBetween(2, 3);
    }

    @Test
    void aside_one_that_hangs_is_given_up_after_a_while() {
        List<Thread> threads = new CopyOnWriteArrayList<>();
        FitObserver hangs = s -> {
            threads.add(Thread.currentThread());
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new IllegalStateException("stopped", e);
            }
        };
        TinyProblem.learner(Callback.observe(new Aside(hangs, 1, 50), Event.AFTER_STEP))
                .fit(1);
        assertThat(threads).hasSize(1);
    }

    @Test
    void aside_one_that_fails_is_switched_off() {
        FitObserver failing = s -> {
            throw new IllegalStateException("on purpose");
        };
        Learner learn = TinyProblem.learner(Callback.observe(failing.aside(10), Event.AFTER_EPOCH));
        learn.fit(1);
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
        assertThat(learn.timeline().toString())
                .contains("observer switched off")
                .contains("on purpose");
    }

    @Test
    void what_makes_no_sense_is_refused() {
        FitObserver observer = s -> {};
        assertThatThrownBy(() -> observer.aside(0)).hasMessage("wanted room for 1 snapshot or more, but got: 0");
        assertThatThrownBy(() -> Callback.observe(observer))
                .hasMessage("wanted at least one event to observe, but got none");
    }
}
