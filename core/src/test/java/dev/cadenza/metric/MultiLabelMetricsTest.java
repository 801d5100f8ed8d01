package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Metrics of several labels where the golden file has no case; the numbers are scikit-learn's. */
@ExtendWith(InScope.class)
class MultiLabelMetricsTest {
    private static final Offset<Double> CLOSE = within(1e-12);

    private final Tensor target = Tensor.of(
            new long[] {
                1, 0, 0,
                0, 1, 0,
                1, 1, 0,
                0, 1, 1,
                1, 0, 1,
                0, 0, 1,
                1, 0, 0
            },
            7,
            3);
    private final Tensor scores = Tensor.of(
            new double[] {
                .9, .2, .4,
                .6, .6, .1,
                .8, .3, .3,
                .1, .7, .7,
                .4, .2, .9,
                .6, .55, .45,
                .4, .5, .2
            },
            7,
            3);

    @ParameterizedTest
    @CsvSource({
        "MACRO, 0.9, 0.8333333333333334, 0.5, 0.626984126984127, 0.7222222222222222",
        "MICRO, 0.8297077922077922, 0.8227272727272728, 0.46153846153846156, 0.6122448979591837, 0.6666666666666666",
        "WEIGHTED, 0.8933333333333333, 0.8166666666666668, 0.4833333333333333, 0.6142857142857142, 0.7",
        "SAMPLES, 0.738095238095238, 0.7142857142857143, 0.5, 0.5634920634920635, 0.6428571428571429"
    })
    void averages_are_those_of_scikit_learn(
            Average average, double averagePrecision, double auc, double jaccard, double fBeta, double precision) {
        assertThat(of(MultiLabelMetrics.averagePrecisionMulti(o -> o.average = average)))
                .isCloseTo(averagePrecision, CLOSE);
        assertThat(of(MultiLabelMetrics.rocAucMulti(o -> o.average = average))).isCloseTo(auc, CLOSE);
        assertThat(of(MultiLabelMetrics.jaccardMulti(o -> fill(o, average)))).isCloseTo(jaccard, CLOSE);
        assertThat(of(MultiLabelMetrics.fBetaMulti(2, o -> fill(o, average)))).isCloseTo(fBeta, CLOSE);
        assertThat(of(MultiLabelMetrics.precisionMulti(o -> fill(o, average)))).isCloseTo(precision, CLOSE);
    }

    private static void fill(MetricOptions.PerLabel o, Average average) {
        o.average = average;
        o.sigmoid = false;
    }

    @Test
    void some_count_all_labels_together() {
        assertThat(of(MultiLabelMetrics.matthewsMulti(o -> o.sigmoid = false))).isCloseTo(0.3302891295379082, CLOSE);
        assertThat(of(MultiLabelMetrics.hammingLossMulti(o -> o.sigmoid = false)))
                .isCloseTo(1 / 3.0, CLOSE);
        assertThat(of(MultiLabelMetrics.accuracyMulti(o -> o.sigmoid = false))).isCloseTo(2 / 3.0, CLOSE);
        assertThat(of(MultiLabelMetrics.brierMulti(o -> o.sigmoid = false))).isCloseTo(0.17023809523809524, CLOSE);
        assertThat(of(MultiLabelMetrics.brierMulti())).isCloseTo(0.23969885318727507, CLOSE);
    }

    @Test
    void a_score_at_the_threshold_is_not_above_it() {
        Metric metric = MultiLabelMetrics.recallMulti();
        metric.accumulate(Tensor.zeros(1, 1), Tensor.ones(1, 1)); // sigmoid(0) = 0.5
        assertThat(metric.value()).isZero();
    }

    @Test
    void a_label_that_never_occurs_counts_as_0() {
        Metric metric = MultiLabelMetrics.f1Multi();
        metric.accumulate(Tensor.of(new float[] {1, -1}, 1, 2), Tensor.of(new boolean[] {true, false}, 1, 2));
        assertThat(metric.value()).isEqualTo(0.5);
    }

    @Test
    void a_label_without_both_kinds_of_samples_has_no_area() {
        Metric auc = MultiLabelMetrics.rocAucMulti();
        Metric precision = MultiLabelMetrics.averagePrecisionMulti();
        for (Metric metric : new Metric[] {auc, precision}) {
            metric.accumulate(scores, target.mul(Tensor.of(new long[] {1, 1, 0})));
            assertThat(metric.value()).as(metric.name()).isNaN();
        }
    }

    @Test
    void targets_that_are_neither_0_nor_1_are_refused() {
        Tensor half = target.to(DType.FLOAT32).mul(0.5);
        assertThatThrownBy(() -> MultiLabelMetrics.f1Multi().accumulate(scores, half))
                .isInstanceOf(TensorException.class)
                .hasMessage("f1_score: wanted targets of 0 and 1, but float32[7, 3] has others; compare first, as in"
                        + " target.gt(0)");
    }

    @Test
    void class_labels_are_no_sets_of_labels() {
        Tensor labels = Tensor.of(new long[] {0, 1, 2, 0, 1, 2, 0});
        assertThatThrownBy(() -> MultiLabelMetrics.accuracyMulti().accumulate(scores, labels))
                .isInstanceOf(TensorException.class)
                .hasMessage("accuracy_multi: wanted scores [N, C] and targets [N, C] of 0 and 1, but got float64[7, 3]"
                        + " and int64[7]; where exactly one class is right, use Metrics");
    }

    @Test
    void another_number_of_labels_than_before_is_refused() {
        Metric metric = MultiLabelMetrics.accuracyMulti();
        metric.accumulate(scores, target);
        assertThatThrownBy(() -> metric.accumulate(scores.narrow(1, 0, 2), target.narrow(1, 0, 2)))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("wanted 3 scores per sample, as in the batches before, but got 2");
    }

    @Test
    void scores_are_no_probabilities() {
        Metric metric = MultiLabelMetrics.brierMulti(o -> o.sigmoid = false);
        assertThatThrownBy(() -> metric.accumulate(scores.sub(0.5), target))
                .isInstanceOf(TensorException.class)
                .hasMessageEndingWith("leave o.sigmoid true for scores");
    }

    @Test
    void options_that_make_no_sense_are_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultiLabelMetrics.f1Multi(o -> o.average = Average.BINARY))
                .withMessage("wanted average to be one of [MACRO, MICRO, WEIGHTED, SAMPLES], but got: BINARY");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultiLabelMetrics.rocAucMulti(o -> o.average = Average.BINARY));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MultiLabelMetrics.accuracyMulti(o -> o.thresh = Double.NaN));
    }

    private double of(Metric metric) {
        metric.accumulate(scores.narrow(0, 0, 4), target.narrow(0, 0, 4));
        metric.accumulate(scores.narrow(0, 4, 3), target.narrow(0, 4, 3));
        return metric.value();
    }
}
