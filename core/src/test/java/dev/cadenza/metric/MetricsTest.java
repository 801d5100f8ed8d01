package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.Golden;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsTest {
    private final Metric accuracy = Metrics.accuracy();

    @Test
    void accuracy_is_that_of_fastai_after_each_batch() {
        assertRuns(accuracy, "accuracy");
    }

    @Test
    void an_average_is_that_of_fastai_after_each_batch() {
        assertRuns(average((pred, target) -> pred.sub(target).square().mean()), "mse");
        assertRuns(average((pred, target) -> pred.sub(target).abs().mean()), "mae");
        assertRuns(
                average((pred, target) ->
                        pred.argmax(1).ne(target).to(DType.FLOAT64).mean()),
                "error_rate");
    }

    private static void assertRuns(Metric metric, String id) {
        Map<String, Object> golden = Golden.maps(
                        Golden.read("metrics_losses.json").get("metrics"))
                .stream()
                .filter(each -> each.get("id").equals(id))
                .findFirst()
                .orElseThrow();
        double[] running = Golden.doubles(golden.get("running"));
        long[] sizes = Golden.longs(golden.get("batch_sizes"));
        long from = 0;
        for (int i = 0; i < sizes.length; i++) {
            metric.accumulate(
                    Golden.tensor(golden.get("pred")).narrow(0, from, sizes[i]),
                    Golden.tensor(golden.get("targ")).narrow(0, from, sizes[i]));
            assertThat(metric.value()).as("%s after batch %d", id, i).isCloseTo(running[i], within(1e-6));
            from += sizes[i];
        }
        assertThat(metric.value()).isCloseTo(Golden.number(golden.get("value")), within(1e-6));
    }

    /** AvgStats of Lesson 9: the share of right answers, weighted by the size of the batch, for the final weights. */
    @Test
    void accuracy_is_that_of_the_lesson() {
        Map<String, Object> lesson =
                Golden.map(Golden.read("metrics_losses.json").get("seed_avg_stats"));
        Tensor weight = Golden.tensor(lesson.get("final_weight"));
        Tensor bias = Golden.tensor(lesson.get("final_bias"));
        for (Map<String, Object> batch : Golden.maps(lesson.get("valid_batches"))) {
            accuracy.accumulate(
                    Golden.tensor(batch.get("x")).matmul(weight.t()).add(bias), Golden.tensor(batch.get("y")));
        }
        List<Map<String, Object>> epochs = Golden.maps(lesson.get("stats_per_epoch"));
        double[] lossAndAccuracy = Golden.doubles(epochs.get(epochs.size() - 1).get("valid"));
        assertThat(accuracy.value()).isCloseTo(lossAndAccuracy[1], within(1e-12));
    }

    @Test
    void a_short_last_batch_counts_by_its_samples() {
        accuracy.accumulate(scores(0, 0, 0), labels(0, 0, 0));
        accuracy.accumulate(scores(0), labels(1));
        assertThat(accuracy.value()).isEqualTo(0.75);
    }

    @Test
    void accuracy_is_exact_where_float32_is_not() {
        accuracy.accumulate(scores(0, 0, 1, 1, 1), labels(0, 0, 0, 0, 0));
        assertThat(accuracy.value()).isEqualTo(0.4);
    }

    @Test
    void nothing_measured_is_nan_and_reset_forgets() {
        assertThat(accuracy.value()).isNaN();
        accuracy.accumulate(scores(0), labels(1));
        accuracy.reset();
        assertThat(accuracy.value()).isNaN();
        accuracy.accumulate(scores(0), labels(0));
        assertThat(accuracy.value()).isOne();
    }

    @Test
    void two_metrics_share_nothing() {
        Metric other = Metrics.accuracy();
        accuracy.accumulate(scores(0), labels(0));
        assertThat(other.value()).isNaN();
    }

    @ParameterizedTest
    @CsvSource({
        "'4,3', '4,1', target.squeeze(1)",
        "'4,3', '4,3', use MultiLabelMetrics",
        "'4', '4', two classes or more",
        "'4,1', '4', two classes or more",
        "'4,3,2', '4', one label for each place",
        "'4,2,3', '4,2', pred.permute",
        "'4,3', '1', one label for each place",
        "'1,3', '4', one label for each place",
        "'4,3', '', one label for each place"
    })
    void scores_and_labels_of_other_shapes_are_refused_with_a_cure(String pred, String target, String cure) {
        assertThatThrownBy(() -> accuracy.accumulate(zeros(DType.FLOAT32, pred), zeros(DType.INT64, target)))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith("accuracy: wanted scores [N, classes] and labels [N], or [N, classes, *] and"
                        + " [N, *], but got float32[" + spaced(pred) + "] and int64[" + spaced(target) + "]; ")
                .hasMessageContaining(cure);
        assertThat(accuracy.value()).isNaN();
    }

    @Test
    void an_average_has_the_name_it_was_given_and_must_be_one_number() {
        Metric metric = average((pred, target) -> pred);
        assertThat(metric.name()).isEqualTo("mine");
        assertThat(accuracy.name()).isEqualTo("accuracy");
        assertThatThrownBy(() -> metric.accumulate(scores(0, 0), labels(0, 0))).isInstanceOf(TensorException.class);
    }

    @Test
    void accumulating_keeps_no_tensor() {
        Tensor pred = scores(0);
        Tensor target = labels(0);
        accuracy.accumulate(pred, target);
        long before = Engine.liveObjects();
        try (Scope scope = Scope.open()) {
            accuracy.accumulate(pred, target);
        }
        // The garbage collector may free what other tests left, so that there may be fewer.
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    private static Metric average(BinaryOperator<Tensor> f) {
        return Metrics.average("mine", f);
    }

    /** Scores of two classes: the right one for each sample has 1. */
    private static Tensor scores(int... best) {
        float[] scores = new float[2 * best.length];
        for (int i = 0; i < best.length; i++) {
            scores[2 * i + best[i]] = 1;
        }
        return Tensor.of(scores, best.length, 2);
    }

    private static Tensor labels(long... labels) {
        return Tensor.of(labels);
    }

    private static Tensor zeros(DType dtype, String shape) {
        long[] sizes = shape.isEmpty()
                ? new long[0]
                : Arrays.stream(shape.split(",")).mapToLong(Long::parseLong).toArray();
        return Tensor.zeros(dtype, sizes);
    }

    private static String spaced(String shape) {
        return shape.replace(",", ", ");
    }
}
