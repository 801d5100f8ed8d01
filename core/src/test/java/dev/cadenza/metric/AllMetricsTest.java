package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is true of every ready metric. */
@ExtendWith(InScope.class)
class AllMetricsTest {
    private static final long SEED = 5;
    private static final int N = 23;

    private enum Kind {
        CLASSES,
        LABEL_SETS,
        NUMBERS,
        PIXELS,
        SENTENCES;

        Tensor pred(Random random) {
            return switch (this) {
                case CLASSES -> numbers(random, N, 2);
                case LABEL_SETS -> numbers(random, N, 3);
                case NUMBERS -> numbers(random, N);
                case PIXELS -> numbers(random, N, 2, 4, 3);
                case SENTENCES -> numbers(random, N, 2, 6);
            };
        }

        Tensor target(Random random) {
            return switch (this) {
                case CLASSES -> zerosAndOnes(random, N);
                case LABEL_SETS -> zerosAndOnes(random, N, 3);
                case NUMBERS -> numbers(random, N);
                case PIXELS -> zerosAndOnes(random, N, 4, 3);
                case SENTENCES -> zerosAndOnes(random, N, 6);
            };
        }
    }

    private record Case(Metric metric, Kind kind) {
        @Override
        public String toString() {
            return metric.name() + " of " + kind;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                        of(
                                Kind.CLASSES,
                                Metrics.accuracy(),
                                Metrics.errorRate(),
                                Metrics.topKAccuracy(1),
                                Metrics.precision(),
                                Metrics.recall(),
                                Metrics.f1(),
                                Metrics.fBeta(2),
                                Metrics.jaccard(),
                                Metrics.f1(o -> o.average = Average.WEIGHTED),
                                Metrics.balancedAccuracy(),
                                Metrics.cohenKappa(),
                                Metrics.hammingLoss(),
                                Metrics.matthews(),
                                Metrics.rocAucBinary(),
                                Metrics.rocAuc(),
                                Metrics.averagePrecision(),
                                Metrics.brier(),
                                Metrics.perplexity()),
                        of(
                                Kind.LABEL_SETS,
                                MultiLabelMetrics.accuracyMulti(),
                                MultiLabelMetrics.precisionMulti(),
                                MultiLabelMetrics.recallMulti(),
                                MultiLabelMetrics.f1Multi(),
                                MultiLabelMetrics.fBetaMulti(2),
                                MultiLabelMetrics.jaccardMulti(),
                                MultiLabelMetrics.f1Multi(o -> o.average = Average.SAMPLES),
                                MultiLabelMetrics.hammingLossMulti(),
                                MultiLabelMetrics.matthewsMulti(),
                                MultiLabelMetrics.rocAucMulti(),
                                MultiLabelMetrics.averagePrecisionMulti(),
                                MultiLabelMetrics.brierMulti()),
                        of(
                                Kind.NUMBERS,
                                RegressionMetrics.mse(),
                                RegressionMetrics.rmse(),
                                RegressionMetrics.mae(),
                                RegressionMetrics.msle(),
                                RegressionMetrics.expRmspe(),
                                RegressionMetrics.explainedVariance(),
                                RegressionMetrics.r2(),
                                RegressionMetrics.pearson(),
                                RegressionMetrics.spearman()),
                        of(
                                Kind.PIXELS,
                                Metrics.accuracy(),
                                Metrics.topKAccuracy(1),
                                Metrics.cohenKappa(),
                                Metrics.perplexity(),
                                SegmentationMetrics.dice(),
                                SegmentationMetrics.diceMulti(),
                                SegmentationMetrics.jaccardCoeff(),
                                SegmentationMetrics.jaccardCoeffMulti(),
                                SegmentationMetrics.foregroundAccuracy()),
                        of(Kind.SENTENCES, Metrics.corpusBleu()))
                .flatMap(each -> each);
    }

    private static Stream<Case> of(Kind kind, Metric... metrics) {
        return Arrays.stream(metrics).map(metric -> new Case(metric, kind));
    }

    private static Tensor numbers(Random random, long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        // With ties, which float32 keeps; and above -1, for logarithms.
        return Tensor.of(random.ints(size, -7, 16).mapToDouble(x -> x / 8.0).toArray(), shape);
    }

    private static Tensor zerosAndOnes(Random random, long... shape) {
        int size = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return Tensor.of(random.ints(size, 0, 2).mapToLong(x -> x).toArray(), shape);
    }

    @Test
    void every_factory_is_in_the_list() {
        long factories = Stream.of(
                        Metrics.class, MultiLabelMetrics.class, RegressionMetrics.class, SegmentationMetrics.class)
                .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .map(Method::getName)
                .filter(name -> !name.equals("average"))
                .distinct()
                .count();
        // Two options and four metrics of pixels stand there twice.
        assertThat(cases().count() - 6).isEqualTo(factories);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void how_samples_are_batched_makes_no_difference(Case c) {
        Random random = new Random(SEED);
        Tensor pred = c.kind.pred(random);
        Tensor target = c.kind.target(random);
        c.metric.accumulate(pred, target);
        double whole = c.metric.value();
        c.metric.reset();
        long[] sizes = {1, 7, 0, 12, 3};
        long from = 0;
        for (long size : sizes) {
            c.metric.accumulate(pred.narrow(0, from, size), target.narrow(0, from, size));
            from += size;
        }
        assertThat(from).isEqualTo(N);
        // fastai's foreground accuracy is the mean of those of the batches.
        double tolerance = c.metric.name().equals("foreground_acc") ? 0.1 : 1e-12;
        assertThat(c.metric.value()).as("seed %d", SEED).isFinite().isCloseTo(whole, within(tolerance));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void nothing_measured_is_nan_and_reset_forgets(Case c) {
        assertThat(c.metric.value()).isNaN();
        Tensor pred = c.kind.pred(new Random(SEED));
        Tensor target = c.kind.target(new Random(SEED));
        c.metric.accumulate(pred.narrow(0, 0, 0), target.narrow(0, 0, 0));
        assertThat(c.metric.value()).isNaN();
        c.metric.accumulate(pred, target);
        double value = c.metric.value();
        c.metric.reset();
        assertThat(c.metric.value()).isNaN();
        c.metric.accumulate(pred, target);
        assertThat(c.metric.value()).isEqualTo(value);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_prediction_that_is_no_number_is_refused_and_not_counted(Case c) {
        Tensor pred = c.kind.pred(new Random(SEED));
        Tensor target = c.kind.target(new Random(SEED));
        Tensor broken = pred.maskedFill(pred.eq(pred.max()), Double.NaN);
        assertThatThrownBy(() -> c.metric.accumulate(broken, target))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith(c.metric.name() + ": wanted predictions that are numbers, but ")
                .hasMessageContaining("look for what made it");
        assertThat(c.metric.value()).isNaN();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_target_for_another_number_of_samples_is_refused_and_not_counted(Case c) {
        Tensor pred = c.kind.pred(new Random(SEED));
        Tensor target = c.kind.target(new Random(SEED)).narrow(0, 1, N - 1);
        assertThatThrownBy(() -> c.metric.accumulate(pred, target))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith(c.metric.name() + ": wanted ")
                .hasMessageContaining("but got " + pred.describe() + " and " + target.describe() + "; ");
        assertThat(c.metric.value()).isNaN();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void a_label_out_of_range_is_refused_and_not_counted(Case c) {
        if (c.kind == Kind.NUMBERS) {
            return;
        }
        Tensor pred = c.kind.pred(new Random(SEED));
        for (double wrong : new double[] {2, -1, -100}) {
            Tensor target = c.kind.target(new Random(SEED)).clone();
            target.flatten(0).narrow(0, 4, 1).fill_(wrong);
            assertThatThrownBy(() -> c.metric.accumulate(pred, target))
                    .isInstanceOf(TensorException.class)
                    .hasMessageStartingWith(c.metric.name() + ": wanted ");
            assertThat(c.metric.value()).isNaN();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void float32_scores_and_other_integers_will_do(Case c) {
        Tensor pred = c.kind.pred(new Random(SEED));
        Tensor target = c.kind.target(new Random(SEED));
        c.metric.accumulate(pred, target);
        double value = c.metric.value();
        c.metric.reset();
        c.metric.accumulate(pred.to(DType.FLOAT32), target.to(c.kind == Kind.NUMBERS ? DType.FLOAT32 : DType.UINT8));
        assertThat(c.metric.value()).isCloseTo(value, within(1e-6));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void accumulating_keeps_no_tensor(Case c) {
        Tensor pred = c.kind.pred(new Random(SEED));
        Tensor target = c.kind.target(new Random(SEED));
        c.metric.accumulate(pred, target);
        long before = Engine.liveObjects();
        try (Scope scope = Scope.open()) {
            c.metric.accumulate(pred, target);
        }
        // The garbage collector may free what other tests left, so that there may be fewer.
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void names_are_written_with_underscores_and_can_be_others(Case c) {
        assertThat(c.metric.name()).matches("[a-z0-9]+(_[a-z0-9]+)*");
        Metric named = c.metric.named("mine");
        assertThat(named.name()).isEqualTo("mine");
        named.accumulate(c.kind.pred(new Random(SEED)), c.kind.target(new Random(SEED)));
        assertThat(named.value()).isFinite().isEqualTo(c.metric.value());
        named.reset();
        assertThat(named.value()).isNaN();
        assertThatThrownBy(() -> c.metric.named(" ")).isInstanceOf(IllegalArgumentException.class);
    }
}
