package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Step;
import dev.cadenza.optim.Steps;
import dev.cadenza.testing.TinyProblem;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is wrong with the callbacks of a fit is told before it begins, all at once. */
class PlanOfCallbacksTest {
    /** Swaps the loss function, as only one can. */
    private static final class SwapsLoss implements Callback {
        @Override
        public Set<Class<? extends Callback>> excludes() {
            return Set.of(SwapsLoss.class);
        }
    }

    private static final class NeedsSwap implements Callback {
        @Override
        public Set<Class<? extends Callback>> needs() {
            return Set.of(SwapsLoss.class);
        }

        @Override
        public Set<Class<? extends Callback>> runAfter() {
            return Set.of(Recorder.class);
        }

        @Override
        public Set<Class<? extends Callback>> runBefore() {
            return Set.of(Recorder.class);
        }
    }

    private record Schedules(Hyper hyper) implements Callback {
        @Override
        public Set<Hyper> schedules() {
            return Set.of(hyper);
        }
    }

    private static List<String> problems(Learner learn, Callback... callbacks) {
        PlanException e = catchThrowableOfType(PlanException.class, () -> learn.fit(1, callbacks));
        return e.problems();
    }

    @Test
    void all_problems_are_told_at_once_and_nothing_was_played() {
        Callback twice = Callback.on(Event.BEFORE_FIT, l -> {
            throw new AssertionError("a refused fit plays nothing");
        });
        Learner learn = TinyProblem.learner(twice, twice, new NeedsSwap(), new Schedules(Hyper.MOM));
        PlanException e = catchThrowableOfType(PlanException.class, () -> learn.fit(1, 0.5));
        assertThat(e.problems())
                .containsExactly(
                        "wanted each callback once, but this one is added twice: on(BEFORE_FIT)",
                        "NeedsSwap needs a SwapsLoss; add one",
                        "Schedules schedules hyper-parameter 'mom', but no step of the optimizer reads it: those read"
                                + " [wd, lr]; choose an optimizer that does, or schedule one of these",
                        "the callbacks cannot be ordered: Recorder waits for NeedsSwap waits for Recorder; change their"
                                + " runAfter() or runBefore()");
        assertThat(e).hasMessageStartingWith("this fit cannot begin, for 4 reasons:\n- wanted each callback once");
        assertThat(learn.optimizer().get(Hyper.LR)).as("the rate before").isEqualTo(0.1);
        assertThat(learn.timeline().entries()).isEmpty();
        assertThat(learn.iteration()).isZero();
    }

    @Test
    void two_that_exclude_each_other_are_refused() {
        assertThat(problems(TinyProblem.learner(new SwapsLoss()), new SwapsLoss()))
                .containsExactly("SwapsLoss and SwapsLoss cannot play in the same fit; remove one of them");
    }

    @Test
    void a_second_recorder_is_refused() {
        assertThat(problems(TinyProblem.learner(), new Recorder()))
                .containsExactly("Recorder and Recorder cannot play in the same fit; remove one of them");
    }

    @Test
    void two_schedules_of_one_hyper_parameter_are_refused() {
        assertThat(problems(TinyProblem.learner(), new Schedules(Hyper.LR), new Schedules(Hyper.LR)))
                .containsExactly("Schedules and Schedules both schedule hyper-parameter 'lr'; remove one of them");
    }

    @Test
    void a_schedule_of_what_a_step_reads_is_accepted() {
        Learner learn = TinyProblem.learner().optimizer(Optimizers.sgd(o -> o.mom = 0.9));
        learn.fit(1, new Schedules(Hyper.MOM), new Schedules(Hyper.LR), new Schedules(Hyper.WD));
        assertThat(learn.iteration()).isEqualTo(3);
    }

    @Test
    void the_steps_of_a_user_are_asked_too_and_one_that_cannot_answer_counts_as_reading_all() {
        Hyper trust = new Hyper("trust", 0, 1);
        Step reads = u -> u.params().mul_(1 - u.get(trust));
        Learner learn = TinyProblem.learner()
                .optimizer(p -> Optimizer.ofGroups(p, Steps.sgdStep(), reads).set(Hyper.lr(0.1), trust.is(0)));
        learn.fit(1, new Schedules(trust));
        Step cannot = u -> u.params().get(0).mul_(1);
        Learner silent = TinyProblem.learner()
                .optimizer(p -> Optimizer.ofGroups(p, Steps.sgdStep(), cannot).set(Hyper.lr(0.1), Hyper.mom(0)));
        silent.fit(1, new Schedules(Hyper.MOM));
        assertThat(problems(silent, new Schedules(trust))).hasSize(1);
    }

    @Test
    void an_order_that_is_no_number_is_refused() {
        Callback callback = new Callback() {
            @Override
            public double order() {
                return Double.NaN;
            }

            @Override
            public String toString() {
                return "mine";
            }
        };
        assertThat(problems(TinyProblem.learner(), callback))
                .containsExactly("wanted a number for the order of mine, but got NaN");
    }

    @Test
    void what_a_callback_itself_finds_wrong_is_told() {
        Callback callback = new Callback() {
            @Override
            public List<String> problems(Learner learn) {
                return List.of(learn.metrics().isEmpty() ? "wants a metric; add one with learn.metrics(…)" : "");
            }
        };
        assertThat(problems(TinyProblem.learner(), callback))
                .containsExactly("wants a metric; add one with learn.metrics(…)");
        assertThatThrownBy(() -> TinyProblem.learner(callback).validate()).isInstanceOf(PlanException.class);
    }

    @Test
    void the_loop_can_be_read_with_those_who_play_in_it() {
        Learner learn = TinyProblem.learner(
                Callback.on(Event.AFTER_STEP, l -> {}), Callback.on(Event.AFTER_CANCEL_FIT, l -> {}));
        assertThat(learn.describe().lines().map(String::strip))
                .startsWith("fit", "BEFORE_FIT", "for each epoch", "BEFORE_EPOCH: Recorder")
                .containsSubsequence("optimizer.step()", "AFTER_STEP: on(AFTER_STEP)", "AFTER_BATCH: Recorder")
                .endsWith("AFTER_EPOCH: Recorder", "AFTER_CANCEL_FIT: on(AFTER_CANCEL_FIT)", "AFTER_FIT");
        assertThatThrownBy(() -> learn.add(new Recorder()).describe()).isInstanceOf(PlanException.class);
    }
}
