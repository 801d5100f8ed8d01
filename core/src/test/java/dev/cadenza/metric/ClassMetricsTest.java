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

/** Metrics of single labels where the golden file has no case; the numbers are scikit-learn's. */
@ExtendWith(InScope.class)
class ClassMetricsTest {
    private static final Offset<Double> CLOSE = within(1e-12);

    /** Class 3 of five neither occurs nor is predicted. */
    private final long[] actual = {0, 0, 1, 2, 2, 4, 4, 4, 1, 0};

    private final long[] predicted = {0, 1, 1, 2, 0, 4, 2, 4, 1, 0};

    private final Tensor probabilities = Tensor.of(
            new double[] {.5, .3, .2, .2, .5, .3, .2, .2, .6, .4, .3, .3, .4, .4, .2, .6, .3, .1, .1, .5, .4}, 7, 3);
    private final Tensor labels = Tensor.of(new long[] {0, 1, 2, 2, 1, 0, 1});

    @Test
    void averages_are_over_the_classes_that_occur() {
        assertThat(ofFive(Metrics.f1(o -> o.average = Average.MACRO))).isCloseTo(0.6916666666666667, CLOSE);
        assertThat(ofFive(Metrics.f1(o -> o.average = Average.WEIGHTED))).isCloseTo(0.7, CLOSE);
        assertThat(ofFive(Metrics.jaccard(o -> o.average = Average.MACRO))).isCloseTo(0.5416666666666666, CLOSE);
        assertThat(ofFive(Metrics.jaccard(o -> o.average = Average.WEIGHTED))).isCloseTo(0.55, CLOSE);
        assertThat(ofFive(Metrics.precision(o -> o.average = Average.MACRO))).isCloseTo(0.7083333333333333, CLOSE);
        assertThat(ofFive(Metrics.precision(o -> o.average = Average.MICRO))).isCloseTo(0.7, CLOSE);
        assertThat(ofFive(Metrics.balancedAccuracy())).isCloseTo(0.7083333333333333, CLOSE);
        assertThat(ofFive(Metrics.matthews())).isCloseTo(0.6081081081081081, CLOSE);
    }

    @Test
    void kappa_counts_the_distance_of_labels_also_over_a_gap() {
        assertThat(ofFive(Metrics.cohenKappa())).isCloseTo(0.6, CLOSE);
        assertThat(ofFive(Metrics.cohenKappa(Weighting.LINEAR))).isCloseTo(0.7023809523809523, CLOSE);
        assertThat(ofFive(Metrics.cohenKappa(Weighting.QUADRATIC))).isCloseTo(0.8085106382978724, CLOSE);
    }

    @Test
    void one_class_alone_has_no_correlation_and_no_kappa() {
        assertThat(of(Metrics.matthews(), oneHot(2, 1, 1), Tensor.of(new long[] {1, 1})))
                .isZero();
        assertThat(of(Metrics.cohenKappa(), oneHot(2, 1, 1), Tensor.of(new long[] {1, 1})))
                .isNaN();
    }

    @Test
    void what_is_never_predicted_has_precision_0() {
        assertThat(of(Metrics.precision(), oneHot(2, 0, 0), Tensor.of(new long[] {0, 1})))
                .isZero();
        assertThat(of(Metrics.f1(), oneHot(2, 0, 0), Tensor.of(new long[] {0, 0})))
                .isZero();
    }

    @Test
    void roc_auc_is_averaged_over_classes_or_over_pairs() {
        assertThat(of(roc(false, Average.MACRO), probabilities, labels)).isCloseTo(0.95, CLOSE);
        assertThat(of(roc(false, Average.WEIGHTED), probabilities, labels)).isCloseTo(0.9571428571428572, CLOSE);
        assertThat(of(roc(true, Average.MACRO), probabilities, labels)).isCloseTo(0.9583333333333334, CLOSE);
        assertThat(of(roc(true, Average.WEIGHTED), probabilities, labels)).isCloseTo(0.9553571428571428, CLOSE);
    }

    private static Metric roc(boolean oneVsOne, Average average) {
        return Metrics.rocAuc(o -> {
            o.softmax = false;
            o.oneVsOne = oneVsOne;
            o.average = average;
        });
    }

    @Test
    void brier_is_that_of_scores_or_of_probabilities() {
        Metric ofProbabilities = Metrics.brier(o -> o.softmax = false);
        assertThat(of(ofProbabilities, probabilities, labels)).isCloseTo(0.42571428571428566, CLOSE);
        assertThat(of(Metrics.brier(), probabilities.log(), labels)).isCloseTo(0.42571428571428566, CLOSE);
        Tensor two = Tensor.of(new double[] {.2, .8, .7, .3, .6, .4, .4, .6, .9, .1}, 5, 2);
        assertThat(of(ofProbabilities, two, Tensor.of(new long[] {1, 0, 1, 0, 0})))
                .isCloseTo(0.172, CLOSE);
    }

    @Test
    void scores_are_no_probabilities() {
        assertThatThrownBy(() -> of(Metrics.brier(o -> o.softmax = false), probabilities.mul(2), labels))
                .isInstanceOf(TensorException.class)
                .hasMessageContaining("goes from 0.2 to 1.2; leave o.softmax true for scores");
    }

    @Test
    void one_score_for_class_1_ranks_as_two_do() {
        Tensor two = Tensor.of(new double[] {.2, .8, .7, .3, .6, .4, .4, .6, .9, .1}, 5, 2);
        Tensor target = Tensor.of(new long[] {1, 0, 1, 0, 0});
        for (Metric metric : new Metric[] {Metrics.rocAucBinary(), Metrics.averagePrecision()}) {
            double value = of(metric, two, target);
            assertThat(value).isCloseTo(5 / 6.0, CLOSE);
            assertThat(of(metric, two.select(1, 1), target)).isEqualTo(value);
            assertThat(of(metric, two.narrow(1, 1, 1), target.unsqueeze(1))).isEqualTo(value);
        }
    }

    @Test
    void roc_auc_sees_an_order_that_softmax_rounds_away() {
        Tensor sure = Tensor.of(new float[] {0, 800, 0, 900}, 2, 2);
        assertThat(of(Metrics.rocAucBinary(), sure, Tensor.of(new long[] {0, 1})))
                .isOne();
    }

    @Test
    void what_lacks_a_class_has_no_curve() {
        Tensor one = Tensor.of(new long[] {1, 1, 1, 1, 1, 1, 1});
        assertThat(of(Metrics.rocAuc(), probabilities, one)).isNaN();
        assertThat(of(Metrics.rocAucBinary(), probabilities.select(1, 0), one)).isNaN();
        assertThat(of(Metrics.averagePrecision(), probabilities.select(1, 0), one))
                .isOne();
        assertThat(of(Metrics.averagePrecision(), probabilities.select(1, 0), one.sub(1)))
                .isNaN();
    }

    @Test
    void of_equal_scores_the_first_classes_are_among_the_best() {
        Tensor equal = Tensor.ones(3, 3);
        Tensor target = Tensor.of(new long[] {0, 1, 2});
        for (int k = 1; k <= 3; k++) {
            assertThat(of(Metrics.topKAccuracy(k), equal, target)).isCloseTo(k / 3.0, CLOSE);
        }
    }

    @Test
    void top_k_needs_k_classes() {
        assertThatIllegalArgumentException().isThrownBy(() -> Metrics.topKAccuracy(0));
        assertThatThrownBy(() -> of(Metrics.topKAccuracy(), probabilities, labels))
                .isInstanceOf(TensorException.class)
                .hasMessage("top_k_accuracy: wanted at least k = 5 classes, but got float64[7, 3]; choose a smaller k");
    }

    @Test
    void perplexity_of_even_scores_is_the_number_of_classes_and_of_any_size_finite() {
        assertThat(of(Metrics.perplexity(), Tensor.zeros(2, 7, 5), Tensor.zeros(DType.INT64, 2, 5)))
                .isCloseTo(7, within(1e-5));
        assertThat(of(Metrics.perplexity(), oneHot(2, 1).mul(1e30), Tensor.of(new long[] {1})))
                .isOne();
    }

    @Test
    void perplexity_counts_each_label_the_same_in_sequences_of_any_length() {
        Metric metric = Metrics.perplexity();
        Tensor sure = Tensor.of(new double[] {0, 1000}, 1, 2);
        metric.accumulate(sure.unsqueeze(2).expand(1, 2, 3), Tensor.ones(1, 3).to(DType.INT64));
        metric.accumulate(Tensor.zeros(DType.FLOAT64, 1, 2, 1), Tensor.zeros(DType.INT64, 1, 1));
        assertThat(metric.value()).isCloseTo(Math.pow(2, 0.25), CLOSE);
    }

    @Test
    void infinite_scores_have_an_order_but_no_probabilities() {
        double inf = Double.POSITIVE_INFINITY;
        Tensor infinite = Tensor.of(new double[] {0, inf, 0, -inf}, 2, 2);
        Tensor target = Tensor.of(new long[] {1, 0});
        assertThat(of(Metrics.accuracy(), infinite, target)).isOne();
        assertThat(of(Metrics.rocAucBinary(), infinite, target)).isOne();
        for (Metric metric : new Metric[] {Metrics.perplexity(), Metrics.brier(), Metrics.rocAuc()}) {
            assertThatThrownBy(() -> of(metric, infinite, target))
                    .isInstanceOf(TensorException.class)
                    .hasMessageStartingWith(metric.name() + ": wanted predictions that are numbers")
                    .hasMessageEndingWith("∞ - ∞");
        }
    }

    @Test
    void the_binary_average_is_for_two_classes() {
        assertThatThrownBy(() -> of(Metrics.f1(), probabilities, labels))
                .isInstanceOf(TensorException.class)
                .hasMessage("f1_score: wanted scores of two classes, but got float64[7, 3]; choose how to average:"
                        + " o.average = Average.MACRO");
    }

    @Test
    void another_number_of_classes_than_before_is_refused() {
        for (Metric metric : new Metric[] {Metrics.balancedAccuracy(), Metrics.rocAuc()}) {
            metric.accumulate(oneHot(2, 0, 1), Tensor.of(new long[] {0, 1}));
            double before = metric.value();
            assertThatThrownBy(() -> metric.accumulate(oneHot(3, 0), Tensor.of(new long[] {1})))
                    .isInstanceOf(TensorException.class)
                    .hasMessage(metric.name() + ": wanted 2 scores per sample, as in the batches before, but got 3;"
                            + " call reset() before other data");
            assertThat(metric.value()).isEqualTo(before);
            metric.reset();
            metric.accumulate(oneHot(3, 0), Tensor.of(new long[] {1}));
        }
    }

    @Test
    void labels_that_are_no_integers_are_refused() {
        assertThatThrownBy(() -> of(Metrics.f1(), oneHot(2, 0), Tensor.zeros(1)))
                .isInstanceOf(TensorException.class)
                .hasMessageEndingWith("; convert the labels: target.to(DType.INT64)");
    }

    @Test
    void the_first_label_out_of_range_is_named() {
        assertThatThrownBy(() -> of(Metrics.accuracy(), oneHot(2, 0, 0, 0), Tensor.of(new long[] {1, 2, -1})))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith("accuracy: wanted labels from 0 to 1, but element 1 of int64[3] is 2; ");
    }

    @Test
    void options_that_make_no_sense_are_refused_at_once() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metrics.f1(o -> o.average = Average.SAMPLES))
                .withMessage("wanted average to be one of [BINARY, MACRO, MICRO, WEIGHTED], but got: SAMPLES");
        assertThatIllegalArgumentException().isThrownBy(() -> Metrics.f1(o -> o.average = null));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Metrics.f1(o -> o.positive = 2))
                .withMessage("wanted positive to be 0 or 1, but got: 2");
        assertThatIllegalArgumentException().isThrownBy(() -> Metrics.fBeta(0));
        assertThatIllegalArgumentException().isThrownBy(() -> Metrics.fBeta(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> Metrics.cohenKappa(null));
        assertThatIllegalArgumentException().isThrownBy(() -> Metrics.rocAuc(o -> o.average = Average.MICRO));
    }

    private double ofFive(Metric metric) {
        return of(metric, oneHot(5, predicted), Tensor.of(actual));
    }

    private static double of(Metric metric, Tensor pred, Tensor target) {
        metric.reset();
        metric.accumulate(pred, target);
        return metric.value();
    }

    private static Tensor oneHot(int classes, long... labels) {
        double[] scores = new double[labels.length * classes];
        for (int i = 0; i < labels.length; i++) {
            scores[i * classes + (int) labels[i]] = 1;
        }
        return Tensor.of(scores, labels.length, classes);
    }
}
