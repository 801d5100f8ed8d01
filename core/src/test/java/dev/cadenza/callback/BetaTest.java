package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BetaTest {
    private static final int DRAWS = 200_000;

    private static double[] draws(double alpha) {
        SplittableRandom random = new SplittableRandom(3);
        return DoubleStream.generate(() -> Beta.symmetric(alpha, random))
                .limit(DRAWS)
                .toArray();
    }

    /** Second and fourth central moments: 1 / (4(2a + 1)) and 3 / (16(2a + 1)(2a + 3)). */
    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.4, 1, 2.5, 40})
    void has_the_moments_of_the_distribution(double alpha) {
        double variance = 1 / (4 * (2 * alpha + 1));
        double fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3));
        double[] draws = draws(alpha);
        assertThat(DoubleStream.of(draws)).allMatch(x -> x >= 0 && x <= 1);
        assertThat(mean(draws, 1) / Math.sqrt(variance)).isCloseTo(0, within(0.01));
        assertThat(mean(draws, 2) / variance).isCloseTo(1, within(0.02));
        assertThat(mean(draws, 4) / fourth).isCloseTo(1, within(0.05));
    }

    private static double mean(double[] draws, int power) {
        return DoubleStream.of(draws)
                .map(x -> Math.pow(x - 0.5, power))
                .average()
                .orElseThrow();
    }

    @Test
    void with_alpha_1_all_numbers_are_as_likely() {
        double[] draws = draws(1);
        for (double x : new double[] {0.1, 0.25, 0.5, 0.9}) {
            double share = DoubleStream.of(draws).filter(d -> d < x).count() / (double) DRAWS;
            assertThat(share).isCloseTo(x, within(0.01));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.MIN_VALUE, 1e-300, 1e-9, 1e9, Double.MAX_VALUE})
    void the_most_extreme_alphas_give_numbers(double alpha) {
        SplittableRandom random = new SplittableRandom(4);
        for (int i = 0; i < 1000; i++) {
            assertThat(Beta.symmetric(alpha, random)).isBetween(0.0, 1.0);
        }
    }
}
