package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.lr;
import static dev.cadenza.optim.Hyper.mom;
import static dev.cadenza.optim.Hyper.wd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class OptimizerTest {
    private final Parameter p = parameter(1, -2, 3);
    private final Parameter q = parameter(4);

    @Test
    void a_lambda_is_a_step() {
        Step signStep = u -> u.params().add_(u.state(Slot.GRAD_AVG).sign(), -u.get(Hyper.LR));
        Optimizer optimizer =
                Optimizer.of(List.of(p), Steps.averageGrad(false), signStep).set(lr(0.25));
        p.setGrad(Tensor.of(new double[] {5, -0.1, 0}));
        optimizer.step();
        assertThat(p.toDoubles()).containsExactly(0.75, -1.75, 3);
    }

    @Test
    void no_group_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.ofGroups(List.of(), Steps.sgdStep()))
                .withMessage("wanted at least one group of parameters, but got none");
    }

    @Test
    void a_parameter_given_twice_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.of(List.of(p, q, p), Steps.sgdStep()))
                .withMessage("wanted each parameter once, but one is given twice: float64[3]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Optimizer.ofGroups(List.of(List.of(p), List.of(q, p)), Steps.sgdStep()))
                .withMessageContaining("given twice");
    }

    @Test
    void a_parameter_without_gradient_is_left_alone_and_not_counted() {
        Optimizer optimizer = Optimizer.of(List.of(p, q), Steps.weightDecay(), Steps.averageGrad(false))
                .set(lr(0.1), wd(0.5));
        p.setGrad(p.onesLike());
        optimizer.step();
        assertThat(q.toDoubles()).containsExactly(4);
        assertThat(optimizer.state(q)).isEmpty();
        assertThat(optimizer.steps(q)).isZero();
        assertThat(optimizer.steps(p)).isOne();
        assertThat(optimizer.params()).containsExactly(p);
    }

    @Test
    void a_parameter_that_joins_later_is_corrected_by_its_own_count() {
        Parameter alone = parameter(4);
        Optimizer together = Optimizers.adam(o -> {}).create(List.of(p, q));
        Optimizer fresh = Optimizers.adam(o -> {}).create(List.of(alone));
        for (int t = 0; t < 6; t++) {
            p.setGrad(Tensor.of(new double[] {t, 1, -t}));
            if (t >= 3) {
                q.setGrad(Tensor.of(new double[] {t}));
                alone.setGrad(Tensor.of(new double[] {t}));
            }
            together.step();
            fresh.step();
        }
        assertThat(together.steps(p)).isEqualTo(6);
        assertThat(together.steps(q)).isEqualTo(3);
        assertThat(q.equal(alone)).isTrue();
        assertThat(together.state(q).get("sqr_avg").equal(fresh.state(alone).get("sqr_avg")))
                .isTrue();
    }

    @Test
    void all_gradients_are_clipped_as_one() {
        Optimizer optimizer = Optimizer.ofGroups(List.of(List.of(p), List.of(q)), Steps.sgdStep());
        p.setGrad(Tensor.of(new double[] {0, 3, 0}));
        q.setGrad(Tensor.of(new double[] {4}));
        assertThat(optimizer.grads().clipNorm_(1)).isEqualTo(5);
        assertThat(p.grad().toDoubles()[1]).isCloseTo(0.6, within(1e-6));
        assertThat(q.grad().item()).isCloseTo(0.8, within(1e-6));
    }

    @Test
    void zero_grad_forgets_the_gradients_of_its_own_parameters_only() {
        Optimizer optimizer = Optimizer.of(List.of(p), Steps.sgdStep());
        p.setGrad(p.onesLike());
        q.setGrad(q.onesLike());
        optimizer.zeroGrad();
        assertThat(p.hasGrad()).isFalse();
        assertThat(q.hasGrad()).isTrue();
        assertThat(optimizer.grads()).isEmpty();
    }

    @Test
    void state_is_told_by_name_in_order() {
        Optimizer adam = Optimizers.adam(o -> {}).create(List.of(p));
        assertThat(adam.state(p)).isEmpty();
        p.setGrad(p.onesLike());
        adam.step();
        assertThat(adam.state(p).keySet()).containsExactly("grad_avg", "sqr_avg");
    }

    @Test
    void state_outlives_the_scope_that_the_step_was_done_in() {
        Optimizer optimizer = Optimizer.of(List.of(p), Steps.averageGrad(false), Steps.momentumStep())
                .set(lr(0.1), mom(0.5));
        for (int t = 0; t < 2; t++) {
            try (Scope scope = Scope.open()) {
                p.setGrad(p.onesLike());
                optimizer.step();
                optimizer.zeroGrad();
            }
        }
        assertThat(optimizer.state(p).get("grad_avg").toDoubles()).containsExactly(1.5, 1.5, 1.5);
    }

    @Test
    void a_step_is_not_recorded_and_leaves_recording_as_it_was() {
        Optimizer optimizer = Optimizer.of(List.of(p), Steps.sgdStep()).set(lr(1));
        p.setGrad(p.onesLike());
        optimizer.step();
        assertThat(p.isLeaf()).isTrue();
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void many_steps_leave_no_native_object_behind() {
        Optimizer optimizer = Optimizers.adam(o -> {}).create(List.of(p, q));
        long before = 0;
        for (int t = 0; t < 203; t++) {
            try (Scope scope = Scope.open()) {
                p.mul(p).sum().add(q.mul(q).sum()).backward();
                optimizer.grads().clipNorm_(1);
                optimizer.step();
                optimizer.zeroGrad();
            }
            before = t == 2 ? Engine.liveObjects() : before;
        }
        // The garbage collector may free what other tests left, so that there may be fewer.
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    private static Parameter parameter(double... values) {
        return new Parameter(Tensor.of(values));
    }
}
