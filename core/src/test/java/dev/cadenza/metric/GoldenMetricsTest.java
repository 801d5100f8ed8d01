package dev.cadenza.metric;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every metric gives the value of fastai and scikit-learn after each batch. */
class GoldenMetricsTest {
    private static final String FILE = "metrics_losses.json";
    private static final double RTOL = 1e-6;
    private static final double ATOL = 1e-7;

    @TestFactory
    Stream<DynamicTest> metrics_match_fastai_after_each_batch() {
        return Golden.maps(Golden.read(FILE).get("metrics")).stream()
                .filter(golden -> metric(golden) != null)
                .map(golden -> dynamicTest((String) golden.get("id"), () -> check(golden)));
    }

    @Test
    void no_metric_is_left_out() {
        assertThat(Golden.maps(Golden.read(FILE).get("metrics")))
                .hasSize(65)
                .allSatisfy(golden ->
                        assertThat(metric(golden)).as("%s", golden.get("id")).isNotNull());
    }

    private static void check(Map<String, Object> golden) {
        Metric metric = metric(golden);
        String fastaiName = (String) golden.get("fastai_name");
        assertThat(metric.name()).isEqualTo(fastaiName.replaceFirst("^_", ""));
        List<?> running = (List<?>) golden.get("running");
        long[] sizes = Golden.longs(golden.get("batch_sizes"));
        try (Scope scope = Scope.open()) {
            Tensor pred = Golden.tensor(golden.get("pred"));
            Tensor target = Golden.tensor(golden.get("targ"));
            long from = 0;
            for (int i = 0; i < sizes.length; i++) {
                metric.accumulate(pred.narrow(0, from, sizes[i]), target.narrow(0, from, sizes[i]));
                assertValue(metric.name() + " after batch " + i, metric, running.get(i));
                from += sizes[i];
            }
            assertThat(from).isEqualTo(target.size(0));
        }
        assertValue(metric.name(), metric, golden.get("value"));
    }

    private static void assertValue(String what, Metric metric, Object wanted) {
        double want = wanted == null ? Double.NaN : Golden.number(wanted);
        assertClose(what, new double[] {metric.value()}, new double[] {want}, RTOL, ATOL);
    }

    /** The metric of a case; null if there is none. */
    private static Metric metric(Map<String, Object> golden) {
        String id = (String) golden.get("id");
        if (id.matches("(f1|precision|recall|jaccard|fbeta)_(2_|half_)?(binary|binary_pos0|macro|micro|weighted)")) {
            return perClass(id);
        }
        if (id.matches("(f1|precision|recall)_multi_(macro|samples|micro_thresh)")) {
            return perLabel(id);
        }
        return switch (id) {
            case "accuracy", "accuracy_binary_logits" -> Metrics.accuracy();
            case "error_rate" -> Metrics.errorRate();
            case "top_1_accuracy" -> Metrics.topKAccuracy(1);
            case "top_2_accuracy" -> Metrics.topKAccuracy(2);
            case "top_3_accuracy" -> Metrics.topKAccuracy(3);
            case "top_5_accuracy" -> Metrics.topKAccuracy();
            case "balanced_accuracy" -> Metrics.balancedAccuracy();
            case "cohen_kappa" -> Metrics.cohenKappa();
            case "cohen_kappa_quadratic" -> Metrics.cohenKappa(Weighting.QUADRATIC);
            case "hamming_loss" -> Metrics.hammingLoss();
            case "matthews", "matthews_binary" -> Metrics.matthews();
            case "roc_auc_binary", "roc_auc_binary_ties" -> Metrics.rocAucBinary();
            case "average_precision_binary" -> Metrics.averagePrecision();
            case "roc_auc_multiclass_ovr_macro" -> Metrics.rocAuc();
            case "roc_auc_multiclass_ovo_macro" -> Metrics.rocAuc(o -> o.oneVsOne = true);
            case "roc_auc_multiclass_ovr_weighted" -> Metrics.rocAuc(o -> o.average = Average.WEIGHTED);
            case "accuracy_multi" -> MultiLabelMetrics.accuracyMulti();
            case "accuracy_multi_thresh" -> MultiLabelMetrics.accuracyMulti(o -> o.thresh = 0.3);
            case "roc_auc_multi" -> MultiLabelMetrics.rocAucMulti();
            case "mse" -> RegressionMetrics.mse();
            case "mae" -> RegressionMetrics.mae();
            case "msle" -> RegressionMetrics.msle();
            case "rmse" -> RegressionMetrics.rmse();
            case "exp_rmspe" -> RegressionMetrics.expRmspe();
            case "explained_variance" -> RegressionMetrics.explainedVariance();
            case "r2" -> RegressionMetrics.r2();
            case "pearson" -> RegressionMetrics.pearson();
            case "spearman" -> RegressionMetrics.spearman();
            case "dice_binary_segmentation" -> SegmentationMetrics.dice();
            case "jaccard_coeff_segmentation" -> SegmentationMetrics.jaccardCoeff();
            case "foreground_acc" -> SegmentationMetrics.foregroundAccuracy();
            default -> null;
        };
    }

    private static Metric perClass(String id) {
        Consumer<MetricOptions.PerClass> options = o -> {
            o.average = average(id.replace("_pos0", ""));
            o.positive = id.endsWith("_pos0") ? 0 : 1;
        };
        return switch (id.substring(0, id.indexOf('_'))) {
            case "f1" -> Metrics.f1(options);
            case "precision" -> Metrics.precision(options);
            case "recall" -> Metrics.recall(options);
            case "jaccard" -> Metrics.jaccard(options);
            default -> Metrics.fBeta(id.contains("half") ? 0.5 : 2, options);
        };
    }

    private static Metric perLabel(String id) {
        Consumer<MetricOptions.PerLabel> options = o -> {
            o.average = average(id.replace("_thresh", ""));
            o.thresh = id.endsWith("_thresh") ? 0.3 : 0.5;
        };
        return switch (id.substring(0, id.indexOf('_'))) {
            case "f1" -> MultiLabelMetrics.f1Multi(options);
            case "precision" -> MultiLabelMetrics.precisionMulti(options);
            default -> MultiLabelMetrics.recallMulti(options);
        };
    }

    private static Average average(String id) {
        return Average.valueOf(id.substring(id.lastIndexOf('_') + 1).toUpperCase(Locale.ROOT));
    }

    @Test
    void the_confusion_matrix_has_the_right_classes_in_its_rows() {
        Map<String, Object> golden = Golden.map(Golden.read(FILE).get("confusion_matrix"));
        ConfusionMatrix matrix = new ConfusionMatrix((int) Golden.number(golden.get("n_classes")));
        matrix.add(Tensor.of(Golden.longs(golden.get("pred_argmax"))), Tensor.of(Golden.longs(golden.get("targ"))));
        long[][] wanted = ((List<?>) golden.get("matrix_rows_actual"))
                .stream().map(Golden::longs).toArray(long[][]::new);
        assertThat(matrix.matrix()).isDeepEqualTo(wanted);
    }

    @Test
    void an_average_is_weighted_by_samples_as_AvgLoss_is() {
        assertAverages(
                Metrics.average("avg_loss", (pred, target) -> pred.mean()),
                "avg_loss_running",
                loss -> Tensor.of(new double[] {loss, loss}));
    }

    @Test
    void perplexity_is_that_of_fastai_after_each_batch() {
        // Of the scores 0 and s, label 0 has the cross-entropy log(1 + e^s).
        assertAverages(
                Metrics.perplexity(),
                "perplexity_running",
                loss -> Tensor.of(new double[] {0, Math.log(Math.expm1(loss))}));
    }

    private static void assertAverages(Metric metric, String id, DoubleFunction<Tensor> pred) {
        Map<String, Object> golden = Golden.map(Golden.read(FILE).get("averages"));
        double[] losses = Golden.doubles(golden.get("losses"));
        long[] sizes = Golden.longs(golden.get("batch_sizes"));
        double[] running = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            metric.accumulate(pred.apply(losses[i]).expand(sizes[i], 2), Tensor.of(new long[(int) sizes[i]]));
            running[i] = metric.value();
        }
        assertClose(id, running, Golden.doubles(golden.get(id)), RTOL, ATOL);
    }

    @Test
    void smoothed_losses_are_those_of_fastai() {
        Map<String, Object> golden = Golden.map(Golden.read(FILE).get("averages"));
        for (Map<String, Object> smooth : Golden.maps(golden.get("avg_smooth_loss"))) {
            SmoothMean mean = new SmoothMean(Golden.number(smooth.get("beta")));
            assertThat(mean.value()).isNaN();
            double[] running = DoubleStream.of(Golden.doubles(golden.get("losses")))
                    .map(loss -> {
                        mean.add(loss);
                        return mean.value();
                    })
                    .toArray();
            assertClose("beta " + smooth.get("beta"), running, Golden.doubles(smooth.get("smooth_loss")), RTOL, ATOL);
        }
        assertThatThrownBy(() -> new SmoothMean(1)).hasMessageContaining("but got: 1.0");
    }
}
