package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class RegressionMetricsTest {
    private final Tensor target = Tensor.of(new double[] {1, 2, 3, 4});

    @Test
    void the_root_is_taken_at_the_end() {
        Metric rmse = RegressionMetrics.rmse();
        rmse.accumulate(Tensor.of(new float[] {0, 0, 0}), Tensor.of(new float[] {0, 0, 0}));
        rmse.accumulate(Tensor.of(new float[] {4}), Tensor.of(new float[] {0}));
        assertThat(rmse.value()).isEqualTo(2);
    }

    @Test
    void an_error_that_is_the_same_everywhere_is_no_variance() {
        assertThat(of(RegressionMetrics.explainedVariance(), target.add(10), target))
                .isOne();
        assertThat(of(RegressionMetrics.r2(), target.add(1), target)).isCloseTo(0.2, within(1e-12));
    }

    @Test
    void numbers_far_from_0_lose_no_digits() {
        Tensor far = target.add(1e9);
        assertThat(of(RegressionMetrics.r2(), far.add(1), far)).isCloseTo(0.2, within(1e-7));
        assertThat(of(RegressionMetrics.pearson(), far, target)).isCloseTo(1, within(1e-7));
    }

    @Test
    void constant_targets_are_met_or_not_and_correlate_with_nothing() {
        Tensor constant = Tensor.full(DType.FLOAT64, 3, 4);
        for (Metric metric : new Metric[] {RegressionMetrics.r2(), RegressionMetrics.explainedVariance()}) {
            assertThat(of(metric, constant, constant)).isOne();
            assertThat(of(metric, target, constant)).isZero();
        }
        assertThat(of(RegressionMetrics.pearson(), target, constant)).isNaN();
        assertThat(of(RegressionMetrics.spearman(), constant, target)).isNaN();
    }

    @Test
    void one_number_alone_has_no_variance_and_no_correlation() {
        Tensor one = Tensor.of(new double[] {1});
        assertThat(of(RegressionMetrics.r2(), one, one)).isNaN();
        assertThat(of(RegressionMetrics.explainedVariance(), one, one)).isNaN();
        assertThat(of(RegressionMetrics.pearson(), one, one)).isNaN();
        assertThat(of(RegressionMetrics.spearman(), one, one)).isNaN();
    }

    @Test
    void spearman_sees_the_order_only() {
        assertThat(of(RegressionMetrics.spearman(), target.exp(), target)).isCloseTo(1, within(1e-12));
        assertThat(of(RegressionMetrics.spearman(), target.neg().exp(), target)).isCloseTo(-1, within(1e-12));
    }

    @Test
    void a_column_is_compared_number_for_number_and_never_broadcast() {
        assertThat(of(RegressionMetrics.mse(), target.unsqueeze(1), target)).isZero();
        assertThat(of(RegressionMetrics.pearson(), target, target.unsqueeze(1))).isCloseTo(1, within(1e-12));
        assertThatThrownBy(() -> of(RegressionMetrics.mae(), target.reshape(2, 2), target))
                .isInstanceOf(TensorException.class)
                .hasMessage("mae: wanted numbers and targets of one shape [N, *], but got float64[2, 2] and float64[4];"
                        + " bring one to the shape of the other");
    }

    @Test
    void integer_targets_are_numbers_too() {
        assertThat(of(RegressionMetrics.mae(), target, Tensor.of(new long[] {0, 1, 2, 3})))
                .isOne();
    }

    @Test
    void logarithms_need_numbers_above_minus_1() {
        assertThatThrownBy(() -> of(RegressionMetrics.msle(), target.sub(2), target))
                .isInstanceOf(TensorException.class)
                .hasMessage("msle: wanted numbers above -1, but float64[4] goes down to -1.0; use mse, or a model that"
                        + " cannot give such numbers");
    }

    @Test
    void a_target_that_is_no_number_is_refused() {
        assertThatThrownBy(() -> of(
                        RegressionMetrics.mse(),
                        target,
                        target.log().sub(Double.POSITIVE_INFINITY).add(Double.POSITIVE_INFINITY)))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith("mse (targets): wanted ");
    }

    private static double of(Metric metric, Tensor pred, Tensor target) {
        metric.reset();
        metric.accumulate(pred, target);
        return metric.value();
    }
}
