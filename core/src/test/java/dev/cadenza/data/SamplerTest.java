package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static final int DRAWS = 24_000;

    @Test
    void sequential_takes_samples_as_they_stand() {
        assertThat(Sampler.sequential().order(4, 9)).containsExactly(0, 1, 2, 3);
        assertThat(Sampler.sequential().order(0, 0)).isEmpty();
    }

    @Test
    void every_order_has_each_index_once() {
        for (long seed = 0; seed < 200; seed++) {
            int size = new Random(seed).nextInt(100);
            assertThat(Sampler.shuffled(seed).order(size, seed % 7))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrder(IntStream.range(0, size).boxed().toArray(Integer[]::new));
        }
    }

    @Test
    void the_order_depends_on_seed_and_epoch_alone() {
        Sampler sampler = Sampler.shuffled(3);
        int[] later = sampler.order(100, 5);
        assertThat(sampler.order(100, 0)).isNotEqualTo(later);
        assertThat(sampler.order(100, 5)).isEqualTo(later);
        assertThat(Sampler.shuffled(3).order(100, 5)).isEqualTo(later);
        assertThat(Sampler.shuffled(4).order(100, 5)).isNotEqualTo(later);
        assertThat(Sampler.shuffled(5).order(100, 3)).isNotEqualTo(later);
    }

    @Test
    void the_order_has_not_changed() {
        // A run that is resumed by a newer version goes on in the order of the older one.
        assertThat(Sampler.shuffled(42).order(10, 0)).containsExactly(9, 7, 4, 6, 8, 3, 5, 1, 0, 2);
        assertThat(Sampler.shuffled(42).order(10, 1)).containsExactly(1, 8, 6, 3, 5, 0, 7, 2, 9, 4);
    }

    /** Sattolo's shuffle, a slip of one in the loop, gives only 6 of the 24 orders, and no index keeps its place. */
    @Test
    void each_order_of_four_comes_equally_often() {
        Map<String, Integer> counts = new HashMap<>();
        for (int epoch = 0; epoch < DRAWS; epoch++) {
            counts.merge(Arrays.toString(Sampler.shuffled(1).order(4, epoch)), 1, Integer::sum);
        }
        assertThat(counts).hasSize(24);
        // 23 degrees of freedom: more than 49.7 comes once in a thousand seeds.
        assertThat(chiSquare(counts.values().stream().mapToInt(n -> n).toArray()))
                .isLessThan(49.7);
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 7})
    void each_index_comes_to_each_place_equally_often(int size) {
        int[][] counts = new int[size][size];
        for (int epoch = 0; epoch < DRAWS; epoch++) {
            int[] order = Sampler.shuffled(2).order(size, epoch);
            for (int place = 0; place < size; place++) {
                counts[place][order[place]]++;
            }
        }
        // The fixed points are counts[i][i]. Up to 6 degrees of freedom: more than 22.5 comes once in a thousand.
        for (int[] place : counts) {
            assertThat(chiSquare(place)).isLessThan(22.5);
        }
    }

    /** Neighbouring epochs are drawn from neighbouring keys, which must not show. */
    @Test
    void an_epoch_says_nothing_of_the_next() {
        int[] pairs = new int[9];
        for (int epoch = 0; epoch < DRAWS; epoch++) {
            int first = Sampler.shuffled(3).order(3, epoch)[0];
            pairs[3 * first + Sampler.shuffled(3).order(3, epoch + 1)[0]]++;
        }
        // 8 degrees of freedom: more than 26.1 comes once in a thousand.
        assertThat(chiSquare(pairs)).isLessThan(26.1);
    }

    /** How far counts are from being equal; about their number less one if all are equally likely. */
    private static double chiSquare(int[] counts) {
        double expected = Arrays.stream(counts).average().orElseThrow();
        return Arrays.stream(counts)
                .mapToDouble(n -> (n - expected) * (n - expected) / expected)
                .sum();
    }
}
