package dev.cadenza.optim;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Optimizers without golden numbers, beside their papers' formulas in plain Java. */
class PaperStepsTest {
    private static final double LR = 0.01;
    private static final double WD = 0.1;

    private interface Rule {
        double next(double x, double g);
    }

    private static void goesWhere(Optimizer.Factory factory, Rule rule) {
        Random random = new Random(1);
        Parameter p = new Parameter(Tensor.of(new double[] {0.7}));
        Optimizer optimizer = factory.create(List.of(p));
        double x = 0.7;
        for (int t = 0; t < 20; t++) {
            double g = random.nextGaussian();
            p.setGrad(Tensor.of(new double[] {g}));
            optimizer.step();
            x = rule.next(x, g);
            assertClose("step " + t, p.toDoubles(), new double[] {x}, 1e-12, 1e-14);
        }
    }

    @Test
    void lion_goes_by_the_sign_of_the_mix() {
        double[] average = {0};
        goesWhere(
                Optimizers.lion(o -> {
                    o.lr = LR;
                    o.wd = WD;
                }),
                (x, g) -> {
                    double sign = Math.signum(0.9 * average[0] + 0.1 * g);
                    average[0] = 0.99 * average[0] + 0.01 * g;
                    return x * (1 - LR * WD) - LR * sign;
                });
    }

    @Test
    void adagrad_divides_by_the_root_of_the_sum() {
        double[] sum = {0};
        goesWhere(Optimizers.adagrad(o -> o.lr = LR), (x, g) -> {
            sum[0] += g * g;
            return x - LR * g / (Math.sqrt(sum[0]) + 1e-10);
        });
    }

    @Test
    void adan_averages_gradients_their_changes_and_the_squares_of_both() {
        double[] s = new double[5]; // average, change, square, gradient before, count
        goesWhere(Optimizers.adan(o -> o.lr = LR), (x, g) -> {
            double change = s[4] == 0 ? 0 : g - s[3];
            s[4]++;
            s[3] = g;
            s[0] = 0.98 * s[0] + 0.02 * g;
            s[1] = 0.92 * s[1] + 0.08 * change;
            s[2] = 0.99 * s[2] + 0.01 * Math.pow(g + 0.92 * change, 2);
            double root = Math.sqrt(s[2] / (1 - Math.pow(0.99, s[4]))) + 1e-8;
            return x - LR * (s[0] / (1 - Math.pow(0.98, s[4])) + 0.92 * s[1] / (1 - Math.pow(0.92, s[4]))) / root;
        });
    }

    @Test
    void each_option_of_each_optimizer_can_be_observed_and_is_checked_where_it_is_given() {
        Parameter p = new Parameter(Tensor.of(new double[] {1}));
        Optimizer rmsProp = Optimizers.rmsProp(o -> o.eps = 0.25).create(List.of(p));
        assertThat(rmsProp.get(Hyper.EPS)).isEqualTo(0.25);
        Optimizer ranger = Optimizers.ranger(o -> o.k = 3).create(List.of(p));
        assertThat(ranger.get(Hyper.K)).isEqualTo(3);
        assertThat(ranger.get(Hyper.MOM)).isEqualTo(0.95);
        assertThat(Optimizers.qHAdam(o -> o.nu1 = 0.5).create(List.of(p)).get(Hyper.NU_1))
                .isEqualTo(0.5);
        Stream.<Runnable>of(
                        () -> Optimizers.rmsProp(o -> o.eps = -1),
                        () -> Optimizers.adagrad(o -> o.lr = Double.NaN),
                        () -> Optimizers.ranger(o -> o.k = 0),
                        () -> Optimizers.ranger(o -> o.alpha = 2),
                        () -> Optimizers.qHAdam(o -> o.nu2 = 1.5),
                        () -> Optimizers.larc(o -> o.trust = -1),
                        () -> Optimizers.lion(o -> o.mom = 1),
                        () -> Optimizers.adan(o -> o.diffMom = 1),
                        () -> Optimizers.sgd(o -> o.nesterov = true))
                .forEach(wrong -> assertThatIllegalArgumentException().isThrownBy(wrong::run));
    }

    @Test
    void parameters_that_are_spared_do_not_decay_whatever_the_decay_is() {
        for (boolean decoupled : new boolean[] {true, false}) {
            Parameter weight = new Parameter(Tensor.of(new double[] {1}));
            Parameter bias = new Parameter(Tensor.of(new double[] {1}));
            Optimizer sgd = Optimizers.sgd(o -> {
                        o.wd = 0.5;
                        o.lr = 0.1;
                        o.decoupled = decoupled;
                    })
                    .create(List.of(weight, bias))
                    .noDecay(List.of(bias));
            weight.setGrad(weight.zerosLike());
            bias.setGrad(bias.zerosLike());
            sgd.step();
            assertThat(weight.item()).isEqualTo(0.95);
            assertThat(bias.item()).isEqualTo(1);
        }
    }

    @Test
    void freezing_trains_the_last_groups_and_forgets_the_state() {
        Parameter body = new Parameter(Tensor.of(new double[] {1}));
        Parameter head = new Parameter(Tensor.of(new double[] {1}));
        Optimizer adam = Optimizers.adam(o -> {}).ofGroups(List.of(List.of(body), List.of(head)));
        body.setGrad(body.onesLike());
        adam.step();
        adam.freezeTo(-1);
        assertThat(body.requiresGrad()).isFalse();
        assertThat(head.requiresGrad()).isTrue();
        assertThat(body.hasGrad()).isFalse();
        assertThat(adam.steps(body)).isZero();
        adam.freezeTo(0);
        assertThat(body.requiresGrad()).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> adam.freezeTo(2))
                .withMessage("wanted a group from -2 to 1 to train from, but got: 2; this optimizer has 2");
    }

    @Test
    void rates_can_only_be_between_numbers_above_0() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Rates.between(0, 1))
                .withMessage("wanted two rates above 0 to go between by multiplying, but got: 0.0 and 1.0;"
                        + " Rates.each(…) takes a 0");
        assertThat(Rates.between(1e-5, 1e-3).times(2).over(3)).isSorted().hasSize(3);
    }
}
