package dev.cadenza.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class HyperTest {
    private final Parameter p = new Parameter(Tensor.of(new double[] {1, 2}));

    @ParameterizedTest
    @MethodSource("outOfRange")
    void a_value_out_of_range_is_refused_with_name_range_and_value(Hyper hyper, double value, String range) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> hyper.is(value))
                .withMessage("wanted a finite hyper-parameter '%s' in %s, but got: %s", hyper, range, value);
    }

    static Stream<Arguments> outOfRange() {
        Map<Hyper, String> ranges = Map.of(
                Hyper.LR,
                "[0.0, Infinity]",
                Hyper.WD,
                "[0.0, Infinity]",
                Hyper.MOM,
                "[0.0, 0.9999999999999999]",
                Hyper.SQR_MOM,
                "[0.0, 0.9999999999999999]",
                Hyper.EPS,
                "[0.0, Infinity]",
                new Hyper("nu_1", -1, 1),
                "[-1.0, 1.0]");
        return ranges.entrySet().stream()
                .flatMap(each -> Stream.of(
                                Math.nextDown(each.getKey().min()),
                                Math.nextUp(each.getKey().max()),
                                Double.NaN,
                                Double.NEGATIVE_INFINITY,
                                Double.POSITIVE_INFINITY)
                        .map(value -> Arguments.of(each.getKey(), value, each.getValue())));
    }

    @Test
    void both_ends_of_the_range_are_allowed() {
        assertThat(Hyper.mom(0).value()).isZero();
        assertThat(Hyper.MOM.is(Hyper.MOM.max()).value()).isLessThan(1);
        assertThat(Hyper.lr(0).value()).isZero();
        assertThat(Hyper.lr(Double.MAX_VALUE).value()).isEqualTo(Double.MAX_VALUE);
    }

    @Test
    void a_refused_value_leaves_the_old_one() {
        Optimizer optimizer = Optimizer.of(List.of(p), Steps.sgdStep()).set(Hyper.lr(0.1));
        assertThatIllegalArgumentException().isThrownBy(() -> optimizer.set(Hyper.lr(Double.NaN)));
        assertThat(optimizer.get(Hyper.LR)).isEqualTo(0.1);
    }

    @Test
    void a_hyper_parameter_that_is_not_set_is_an_error_that_lists_those_that_are() {
        Optimizer optimizer =
                Optimizer.of(List.of(p), Steps.weightDecay(), Steps.averageGrad(false), Steps.momentumStep());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> optimizer.get(Hyper.LR))
                .withMessage("hyper-parameter 'lr' is not set; this group has [wd, mom]; set it with optimizer.set(…)");
    }

    @Test
    void steps_bring_their_defaults() {
        Optimizer adam = Optimizer.of(
                List.of(p), Steps.weightDecay(), Steps.averageGrad(true), Steps.averageSqrGrad(), Steps.adamStep());
        assertThat(adam.groups().get(0).hypers())
                .isEqualTo(Map.of(Hyper.WD, 0.0, Hyper.MOM, 0.9, Hyper.SQR_MOM, 0.99, Hyper.EPS, 1e-5));
        assertThat(Optimizer.of(List.of(p), Steps.l2Reg(), Steps.sgdStep())
                        .groups()
                        .get(0)
                        .hypers())
                .isEqualTo(Map.of(Hyper.WD, 0.0));
    }

    @Test
    void a_step_can_be_given_defaults_and_the_user_overrides_them() {
        Hyper trust = new Hyper("trust", 0, 1);
        Step step = u -> u.params().mul_(u.get(trust));
        Optimizer optimizer = Optimizer.of(List.of(p), step.with(trust.is(0.5)));
        assertThat(optimizer.get(trust)).isEqualTo(0.5);
        assertThat(optimizer.set(trust.is(0.25)).get(trust)).isEqualTo(0.25);
        p.setGrad(p.onesLike());
        optimizer.step();
        assertThat(p.toDoubles()).containsExactly(0.25, 0.5);
    }

    @Test
    void groups_have_values_of_their_own_and_get_asks_the_last() {
        Parameter head = new Parameter(Tensor.of(new double[] {1, 2}));
        Optimizer optimizer = Optimizer.ofGroups(List.of(List.of(p), List.of(head)), Steps.sgdStep());
        optimizer.set(Hyper.lr(0.5));
        optimizer.groups().get(0).set(Hyper.lr(0.125));
        assertThat(optimizer.get(Hyper.LR)).isEqualTo(0.5);
        p.setGrad(p.onesLike());
        head.setGrad(head.onesLike());
        optimizer.step();
        assertThat(p.toDoubles()).containsExactly(0.875, 1.875);
        assertThat(head.toDoubles()).containsExactly(0.5, 1.5);
    }
}
