package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Rates;
import dev.cadenza.optim.Slot;
import dev.cadenza.optim.Step;
import dev.cadenza.optim.Steps;
import dev.cadenza.schedule.Schedule;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An optimizer of the user's own, and what schedules and policies refuse. */
class OwnOptimizerTest {
    private static final Step SIGN = u -> u.params().add_(u.state(Slot.GRAD_AVG).sign(), -u.get(Hyper.LR));

    private static Learner learner() {
        return TinyProblem.learner()
                .optimizer(groups -> Optimizer.ofGroups(groups, Steps.averageGrad(true), SIGN)
                        .set(Hyper.lr(0.01), Hyper.mom(0.9)));
    }

    private static Map<String, Tensor> copies(Map<String, Tensor> state) {
        Map<String, Tensor> copies = new LinkedHashMap<>(state);
        copies.replaceAll((name, tensor) -> tensor.detach().clone());
        return copies;
    }

    @Test
    void a_step_from_a_paper_in_one_lambda_is_scheduled_saved_and_resumed_to_the_bit() {
        Learner whole = learner();
        whole.fitOneCycle(2, 0.05);
        assertThat(whole.recorder().lrs()).as("scheduled").isNotEmpty().doesNotContain(0.01);
        assertThat(whole.optimizer().get(Hyper.LR)).as("as before the fit").isEqualTo(0.01);
        Map<String, Tensor> model = copies(whole.model().stateDict());
        Map<String, Tensor> state =
                copies(whole.optimizer().stateDict(whole.model().namedParameters()));

        Learner resumed = learner();
        try (NoGrad off = NoGrad.open()) {
            resumed.model().loadStateDict(model);
        }
        resumed.optimizer().loadStateDict(resumed.model().namedParameters(), state);
        assertThat(resumed.digest()).isEqualTo(whole.digest());
        whole.fitFlatCos(2, 0.02);
        resumed.fitFlatCos(2, 0.02);
        assertThat(resumed.digest()).isEqualTo(whole.digest());
    }

    @Test
    void a_schedule_of_what_no_step_reads_is_refused_before_the_first_batch() {
        Learner learn = TinyProblem.learner();
        String digest = learn.digest();
        assertThatThrownBy(() -> learn.fit(1, new ParamScheduler(Hyper.MOM, Schedule.lin(0.9, 0.8))))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("schedules hyper-parameter 'mom', but no step of the optimizer reads it");
        assertThatThrownBy(() -> learn.fitOneCycle(1, Rates.of(0.1), o -> o.moms = new double[] {0.9, 0.8, 0.9}))
                .isInstanceOf(PlanException.class);
        assertThat(learn.digest()).isEqualTo(digest);
        learn.fitOneCycle(1, 0.1); // without saying so momentum is left alone where there is none
    }

    @Test
    void a_schedule_out_of_range_is_refused_with_value_and_place() {
        Learner learn = TinyProblem.learner();
        assertThatThrownBy(() -> learn.fit(1, new ParamScheduler(Hyper.LR, Schedule.lin(1, -1))))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("the schedule of 'lr' of group 0")
                .hasMessageContaining("is wrong at 0.51 of the fit")
                .hasMessageContaining("wanted a finite hyper-parameter 'lr' in [0.0, Infinity], but got: -0.02");
        Schedule constant = Schedule.constant(0.1);
        assertThatThrownBy(() -> learn.fit(1, new ParamScheduler(Hyper.LR, constant, constant)))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining(
                        "wanted one schedule of 'lr' for all groups of parameters or one for each of the 1,"
                                + " but got 2");
    }

    @Test
    void policies_refuse_values_out_of_range_and_change_nothing() {
        Learner learn = TinyProblem.learner();
        String digest = learn.digest();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fitOneCycle(1, -0.1))
                .withMessage("wanted a finite hyper-parameter 'lr' in [0.0, Infinity], but got: -0.1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fitOneCycle(1, Rates.of(0.1), o -> o.pctStart = 1.5))
                .withMessage("wanted a pctStart in [0, 1], but got: 1.5");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fitOneCycle(1, Rates.of(0.1), o -> o.div = 0))
                .withMessage("wanted a div above 0, but got: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fitOneCycle(1, Rates.of(0.1), o -> o.moms = new double[] {0.9}))
                .withMessageStartingWith("wanted three values of momentum");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fitSgdr(0, 0.1))
                .withMessage("wanted 1 or more cycles, cycleLength and cycleMult, but got: 0, 1 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fineTune(1, 0, o -> {}))
                .withMessage("wanted a baseLr above 0, but got: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fit(1, Rates.each(0.1, 0.2)))
                .withMessageStartingWith("wanted 1 values, one for each group of parameters, but got 2");
        assertThat(learn.digest()).isEqualTo(digest);
    }

    @Test
    void cycles_of_one_length_are_possible() {
        Learner learn = TinyProblem.learner();
        learn.fitSgdr(3, Rates.of(0.1), o -> o.cycleMult = 1);
        double[] lrs = learn.recorder().lrs();
        assertThat(lrs).hasSize(9);
        assertThat(lrs[0]).isEqualTo(lrs[3]).isEqualTo(lrs[6]);
    }

    @Test
    void frozen_groups_do_not_move_and_the_biases_of_a_learner_do_not_decay() {
        Learner learn = TinyProblem.learner().optimizer(Optimizers.adam(o -> {}));
        assertThat(learn.optimizer().noDecay())
                .containsExactlyElementsOf(learn.model().parameters().subList(1, 2));
        learn.freezeTo(-1);
        assertThat(learn.model().parameters()).allMatch(Tensor::requiresGrad); // there is one group
    }
}
