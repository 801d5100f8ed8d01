package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What follows from an order of scores, against slower formulas that follow the definition. */
@ExtendWith(InScope.class)
class RankingTest {
    private static final int SEEDS = 200;

    @Test
    void the_area_is_the_share_of_pairs_in_order() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            double[] ofTrue = withTies(random, 1 + random.nextInt(20));
            double[] ofFalse = withTies(random, 1 + random.nextInt(20));
            double inOrder = 0;
            for (double high : ofTrue) {
                for (double low : ofFalse) {
                    inOrder += high > low ? 1 : high == low ? 0.5 : 0;
                }
            }
            double want = inOrder / (ofTrue.length * ofFalse.length);
            assertThat(Ranking.auc(ofTrue, ofFalse)).as("seed %d", seed).isCloseTo(want, within(1e-12));
        }
    }

    @Test
    void average_precision_is_the_area_of_the_steps() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            double[] ofTrue = withTies(random, 1 + random.nextInt(20));
            double[] ofFalse = withTies(random, random.nextInt(20));
            double[] thresholds = DoubleStream.concat(Arrays.stream(ofTrue), Arrays.stream(ofFalse))
                    .map(x -> x + 0.0) // the distinct ones: -0 is 0
                    .distinct()
                    .map(x -> -x)
                    .sorted()
                    .map(x -> -x)
                    .toArray();
            double want = 0;
            double before = 0;
            for (double threshold : thresholds) {
                double found = atLeast(ofTrue, threshold);
                double recall = found / ofTrue.length;
                want += (recall - before) * found / (found + atLeast(ofFalse, threshold));
                before = recall;
            }
            assertThat(Ranking.averagePrecision(ofTrue, ofFalse))
                    .as("seed %d", seed)
                    .isCloseTo(want, within(1e-12));
        }
    }

    private static double atLeast(double[] scores, double threshold) {
        return Arrays.stream(scores).filter(x -> x >= threshold).count();
    }

    @Test
    void spearman_is_the_correlation_of_counted_ranks() {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            int n = 3 + random.nextInt(30);
            double[] pred = withTies(random, n);
            double[] target = withTies(random, n);
            pred[0] = 9; // so that neither is constant
            target[1] = -9;
            Metric metric = RegressionMetrics.spearman();
            metric.accumulate(Tensor.of(pred), Tensor.of(target));
            assertThat(metric.value())
                    .as("seed %d", seed)
                    .isCloseTo(correlation(countedRanks(pred), countedRanks(target)), within(1e-12));
        }
    }

    private static double[] countedRanks(double[] numbers) {
        return Arrays.stream(numbers)
                .map(x -> {
                    long less = Arrays.stream(numbers).filter(y -> y < x).count();
                    long equal = Arrays.stream(numbers).filter(y -> y == x).count();
                    return less + (equal + 1) / 2.0;
                })
                .toArray();
    }

    private static double correlation(double[] a, double[] b) {
        double meanA = Arrays.stream(a).average().orElseThrow();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - meanA) * (b[i] - meanB);
            aa += (a[i] - meanA) * (a[i] - meanA);
            bb += (b[i] - meanB) * (b[i] - meanB);
        }
        return ab / Math.sqrt(aa * bb);
    }

    @Test
    void minus_zero_is_zero_and_infinities_are_numbers() {
        assertThat(Ranking.auc(new double[] {-0.0}, new double[] {0.0})).isEqualTo(0.5);
        assertThat(Ranking.ranks(new double[] {0.0, -0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}))
                .containsExactly(2.5, 2.5, 4, 1);
    }

    @Test
    void many_equal_scores_take_no_longer_than_others() {
        double[] equal = new double[300_000];
        assertThat(Ranking.ranks(equal)).containsOnly(150_000.5);
        assertThat(Ranking.auc(equal, equal.clone())).isEqualTo(0.5);
        assertThat(Ranking.averagePrecision(equal, equal.clone())).isEqualTo(0.5);
    }

    /** A few values, so that most occur several times, both zeros among them. */
    private static double[] withTies(Random random, int n) {
        return random.ints(n, -3, 4)
                .mapToDouble(x -> x / 2.0 * (random.nextBoolean() ? 1 : -1))
                .toArray();
    }
}
