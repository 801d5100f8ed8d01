package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
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

    @Test
    void a_weighted_sampler_takes_each_sample_as_often_as_its_weight_says() {
        double[] weights = {0, 1, 5, 0, 2.5, 0.5, 3, 0};
        Sampler sampler = Sampler.weighted(weights, 11);
        int[] counts = new int[weights.length];
        for (int epoch = 0; epoch < 3_000; epoch++) {
            Arrays.stream(sampler.order(weights.length, epoch)).forEach(index -> counts[index]++);
        }
        double chiSquare = 0;
        for (int i = 0; i < weights.length; i++) {
            double expected = 24_000 * weights[i] / 12;
            if (expected == 0) {
                assertThat(counts[i]).isZero();
            } else {
                chiSquare += (counts[i] - expected) * (counts[i] - expected) / expected;
            }
        }
        // 4 degrees of freedom: more than 18.5 comes once in a thousand.
        assertThat(chiSquare).isLessThan(18.5);
    }

    @Test
    void weights_of_any_size_are_taken_in_proportion() {
        Sampler sampler = Sampler.weighted(new double[] {Double.MAX_VALUE, Double.MAX_VALUE, Double.MIN_VALUE}, 1);
        int[] counts = new int[3];
        for (int epoch = 0; epoch < 1_000; epoch++) {
            Arrays.stream(sampler.order(3, epoch)).forEach(index -> counts[index]++);
        }
        assertThat(counts[2]).isZero();
        // 1 degree of freedom: more than 10.8 comes once in a thousand.
        assertThat(chiSquare(Arrays.copyOf(counts, 2))).isLessThan(10.8);
    }

    @Test
    void a_weighted_order_depends_on_seed_and_epoch_alone_and_weights_can_no_longer_change() {
        double[] weights = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
        Sampler sampler = Sampler.weighted(weights, 3);
        int[] order = sampler.order(10, 5);
        assertThat(sampler.order(10, 6)).isNotEqualTo(order);
        Arrays.fill(weights, 0);
        assertThat(sampler.order(10, 5)).isEqualTo(order);
        assertThat(order).containsExactly(8, 3, 8, 4, 8, 7, 8, 8, 8, 6);
    }

    @Test
    void weights_that_say_nothing_are_refused() {
        for (double bad : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sampler.weighted(new double[] {1, bad}, 1))
                    .withMessage("wanted finite weights of 0 or more, but got: " + bad + " for sample 1");
        }
        for (int size : new int[] {0, 3}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sampler.weighted(new double[size], 1))
                    .withMessage("wanted a weight above 0, but got " + size + " of 0");
        }
        Sampler three = Sampler.weighted(new double[] {1, 1, 1}, 1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new DataLoader(new Numbers(4), o -> o.sampler = three))
                .withMessage("wanted one weight for each sample, but got 3 weights for 4 samples");
    }

    @Test
    void a_partial_sampler_takes_other_samples_in_each_epoch_none_of_them_twice() {
        Sampler sampler = Sampler.partial(4, 9);
        Set<Integer> seen = new HashSet<>();
        for (int epoch = 0; epoch < 20; epoch++) {
            int[] order = sampler.order(10, epoch);
            assertThat(order).hasSize(4).doesNotHaveDuplicates().isEqualTo(sampler.order(10, epoch));
            Arrays.stream(order).forEach(seen::add);
        }
        assertThat(seen).hasSize(10);
        assertThat(sampler.order(3, 0)).containsExactlyInAnyOrder(0, 1, 2);
        for (int count : new int[] {0, -1}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Sampler.partial(count, 1))
                    .withMessage("wanted 1 sample or more in an epoch, but got: " + count);
        }
    }

    @Test
    void a_loader_has_as_many_batches_as_its_sampler_gives() {
        for (boolean dropLast : new boolean[] {false, true}) {
            DataLoader loader = new DataLoader(new Numbers(10), o -> {
                o.batchSize = 3;
                o.dropLast = dropLast;
                o.sampler = Sampler.partial(4, 1);
            });
            assertThat(loader.size()).isEqualTo(dropLast ? 1 : 2);
            assertThat(Numbers.batches(loader, 0)).hasSize(loader.size());
        }
    }

    /** How far counts are from being equal; about their number less one if all are equally likely. */
    private static double chiSquare(int[] counts) {
        double expected = Arrays.stream(counts).average().orElseThrow();
        return Arrays.stream(counts)
                .mapToDouble(n -> (n - expected) * (n - expected) / expected)
                .sum();
    }
}
