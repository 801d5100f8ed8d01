package dev.cadenza.optim;

import static dev.cadenza.optim.Hyper.lr;
import static dev.cadenza.optim.Hyper.mom;
import static dev.cadenza.optim.Hyper.wd;
import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepsTest {
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void momentum_goes_where_plain_java_goes(boolean dampening) {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            double[] x = random.doubles(1 + random.nextInt(5), -1, 1).toArray();
            double[] average = new double[x.length];
            Parameter p = new Parameter(Tensor.of(x));
            Optimizer optimizer = Optimizer.of(
                    List.of(p), Steps.weightDecay(), Steps.l2Reg(), Steps.averageGrad(dampening), Steps.momentumStep());
            for (int t = 0; t < 20; t++) {
                double rate = random.nextDouble();
                double decay = random.nextDouble();
                double share = random.nextDouble();
                double[] g = random.doubles(x.length, -1, 1).toArray();
                p.setGrad(Tensor.of(g));
                optimizer.set(lr(rate), wd(decay), mom(share)).step();
                for (int i = 0; i < x.length; i++) {
                    x[i] *= 1 - rate * decay;
                    average[i] = share * average[i] + (dampening ? 1 - share : 1) * (g[i] + decay * x[i]);
                    x[i] -= rate * average[i];
                }
                assertClose("parameter, seed " + seed + ", step " + t, p.toDoubles(), x, 1e-12, 1e-13);
            }
            assertClose(
                    "average, seed " + seed, optimizer.state(p).get("grad_avg").toDoubles(), average, 1e-12, 1e-13);
        }
    }

    @Test
    void no_weight_decay_is_no_work() {
        Parameter p = new Parameter(Tensor.of(new double[] {Double.POSITIVE_INFINITY, 1}));
        p.setGrad(p.onesLike());
        // Without lr: to read it would be an error. To add 0 · ∞ to a gradient would make it NaN.
        Optimizer.of(List.of(p), Steps.weightDecay(), Steps.l2Reg()).step();
        assertThat(p.grad().toDoubles()).containsOnly(1);
    }

    @Test
    void no_momentum_is_plain_descent() {
        Parameter a = new Parameter(Tensor.of(new double[] {1, 2}));
        Parameter b = new Parameter(Tensor.of(new double[] {1, 2}));
        Optimizer plain = Optimizers.sgd(o -> o.lr = 0.3).create(List.of(a));
        Optimizer momentum = Optimizers.sgd(o -> {
                    o.lr = 0.3;
                    o.mom = 0.5;
                })
                .create(List.of(b))
                .set(mom(0));
        for (double g : new double[] {0.7, -0.2, 5}) {
            a.setGrad(Tensor.of(new double[] {g, -g}));
            b.setGrad(Tensor.of(new double[] {g, -g}));
            plain.step();
            momentum.step();
        }
        assertThat(a.equal(b)).isTrue();
        assertThat(plain.state(a)).isEmpty();
        assertThat(momentum.state(b)).containsOnlyKeys("grad_avg");
    }

    @Test
    void adam_first_goes_by_the_rate_whatever_the_scale_of_the_gradient() {
        double[] scales = {1e-3, 1, 1e6};
        Parameter p = new Parameter(Tensor.of(new double[3]));
        p.setGrad(Tensor.of(scales));
        Optimizers.adam(o -> o.eps = 0).create(List.of(p)).step();
        assertClose("after one step", p.toDoubles(), new double[] {-1e-3, -1e-3, -1e-3}, 1e-12, 0);
    }

    @Test
    void a_choice_out_of_range_is_refused_where_it_is_made() {
        DoubleStream.of(-1, Double.NaN).forEach(wrong -> {
            assertThatIllegalArgumentException().isThrownBy(() -> Optimizers.sgd(o -> o.lr = wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> Optimizers.sgd(o -> o.mom = wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> Optimizers.sgd(o -> o.wd = wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> Optimizers.adam(o -> o.sqrMom = wrong));
            assertThatIllegalArgumentException().isThrownBy(() -> Optimizers.adam(o -> o.eps = wrong));
        });
    }

    @Test
    void each_optimizer_of_a_factory_has_state_of_its_own() {
        Optimizer.Factory factory = Optimizers.sgd(o -> o.mom = 0.9);
        Parameter a = new Parameter(Tensor.of(new double[] {1}));
        Parameter b = new Parameter(Tensor.of(new double[] {1}));
        Optimizer first = factory.create(List.of(a)).set(lr(0.5));
        Optimizer second = factory.create(List.of(b));
        a.setGrad(a.onesLike());
        first.step();
        assertThat(second.state(b)).isEmpty();
        assertThat(second.get(Hyper.LR)).isEqualTo(1e-3);
    }
}
