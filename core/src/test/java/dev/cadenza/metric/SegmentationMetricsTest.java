package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class SegmentationMetricsTest {
    /** One image of 1 × 4 pixels: class 0 is half right, class 1 right, class 2 predicted once, class 3 absent. */
    private final Tensor three = scores(4, 0, 2, 1, 1);

    private final Tensor target = labels(0, 0, 1, 1);

    @Test
    void dice_of_several_classes_is_the_mean_of_those_that_occur() {
        assertThat(of(SegmentationMetrics.diceMulti(), three, target)).isCloseTo((2 / 3.0 + 1 + 0) / 3, within(1e-12));
        assertThat(of(SegmentationMetrics.jaccardCoeffMulti(), three, target))
                .isCloseTo((1 / 2.0 + 1 + 0) / 3, within(1e-12));
    }

    @Test
    void dice_of_class_1_forgets_the_background() {
        assertThat(of(SegmentationMetrics.dice(), scores(2, 0, 1, 1, 0), labels(0, 0, 1, 1)))
                .isEqualTo(0.5);
        assertThat(of(SegmentationMetrics.jaccardCoeff(), scores(2, 0, 1, 1, 0), labels(0, 0, 1, 1)))
                .isCloseTo(1 / 3.0, within(1e-12));
    }

    @Test
    void what_does_not_occur_has_no_dice() {
        assertThat(of(SegmentationMetrics.dice(), scores(2, 0, 0), labels(0, 0)))
                .isNaN();
        assertThat(of(SegmentationMetrics.jaccardCoeff(), scores(2, 0, 0), labels(0, 0)))
                .isNaN();
        assertThat(of(SegmentationMetrics.diceMulti(), scores(2, 0, 0), labels(0, 0)))
                .isOne();
    }

    @Test
    void dice_of_more_than_two_classes_is_another_metric() {
        assertThatThrownBy(() -> of(SegmentationMetrics.dice(), three, target))
                .isInstanceOf(TensorException.class)
                .hasMessageEndingWith("; use diceMulti()");
    }

    @Test
    void the_foreground_is_what_is_not_background() {
        assertThat(of(SegmentationMetrics.foregroundAccuracy(), three, target)).isOne();
        assertThat(of(SegmentationMetrics.foregroundAccuracy(1), three, target)).isEqualTo(0.5);
        assertThat(of(SegmentationMetrics.foregroundAccuracy(1), three, target.unsqueeze(1)))
                .isEqualTo(0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> SegmentationMetrics.foregroundAccuracy(-1));
    }

    @Test
    void a_batch_without_foreground_is_left_out_but_not_unchecked() {
        Metric metric = SegmentationMetrics.foregroundAccuracy();
        metric.accumulate(three, target);
        metric.accumulate(three, labels(0, 0, 0, 0));
        assertThat(metric.value()).isOne();
        assertThatThrownBy(() -> metric.accumulate(three, labels(0, 0)))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith("foreground_acc: wanted scores");
    }

    private static double of(Metric metric, Tensor pred, Tensor target) {
        metric.reset();
        metric.accumulate(pred, target);
        return metric.value();
    }

    /** Scores {@code [1, classes, 1, W]} whose highest are of these classes. */
    private static Tensor scores(int classes, int... best) {
        float[] scores = new float[classes * best.length];
        for (int i = 0; i < best.length; i++) {
            scores[best[i] * best.length + i] = 1;
        }
        return Tensor.of(scores, 1, classes, 1, best.length);
    }

    private static Tensor labels(long... labels) {
        return Tensor.of(labels, 1, 1, labels.length);
    }
}
