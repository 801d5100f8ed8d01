package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Layer;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Learner;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Trains for real on points in eight heaps around a circle. Of the seeds 1 to 16 each found all heaps, none with less
 * than 7 % of the samples, at a mean distance of 0.15 to 0.28; that of the real points is 0.13.
 */
class GanMixtureTest {
    private static final long SEED = 1;
    private static final int HEAPS = 8;
    private static final int POINTS = 8192;
    private static final int SAMPLES = 1000;
    private static final int NOISE = 8;
    private static final double RADIUS = 2;
    private static final double SPREAD = 0.1;

    private final int threads = Engine.threads();

    @BeforeEach
    void compute_with_one_thread() {
        Engine.threads(1); // another number of threads gives another rounding
    }

    @AfterEach
    void restore_the_threads() {
        Engine.threads(threads);
    }

    /** How many samples lie nearest to each heap, and how far from its centre on average. */
    private record Found(List<Integer> counts, double distance) {
        long heaps() {
            return counts.stream().filter(count -> count >= 0.02 * SAMPLES).count();
        }

        @Override
        public String toString() {
            return "seed " + SEED + ", samples at each heap " + counts + ", mean distance " + distance;
        }
    }

    @Test
    void the_generator_learns_to_make_points_of_all_heaps() {
        try (Scope scope = Scope.open()) {
            Rng.global().seed(SEED);
            Module generator = net(NOISE, Activation.relu(), 2);
            Gan gan = new Gan(generator, net(2, Activation.leakyRelu(0.2), 1));
            Found before = found(generator);
            new Learner(data(), gan, Losses.bceWithLogits())
                    .optimizer(Optimizers.adam(o -> {
                        o.mom = 0;
                        o.wd = 0;
                    }))
                    .fit(100, 1e-3, new GanTrainer());
            Found after = found(generator);
            assertThat(before.distance()).as("untrained: %s", before).isGreaterThan(1);
            assertThat(after.heaps()).as("%s", after).isEqualTo(HEAPS);
            assertThat(after.distance()).as("%s", after).isLessThan(0.4);
        }
    }

    private static Module net(int inputs, Layer activation, int outputs) {
        int hidden = 64;
        return Sequential.of(
                new Linear(inputs, hidden),
                activation,
                new Linear(hidden, hidden),
                activation,
                new Linear(hidden, outputs));
    }

    private static double centre(int heap, int coordinate) {
        double angle = 2 * Math.PI * heap / HEAPS;
        return RADIUS * (coordinate == 0 ? Math.cos(angle) : Math.sin(angle));
    }

    private static DataLoaders data() {
        Random random = new Random(SEED);
        float[] points = new float[2 * POINTS];
        for (int i = 0; i < points.length; i++) {
            points[i] = (float) (centre(i / 2 % HEAPS, i % 2) + SPREAD * random.nextGaussian());
        }
        Tensor real = Tensor.of(points, POINTS, 2);
        return DataLoaders.of(
                new TensorDataset(Tensor.randn(POINTS, NOISE), real),
                new TensorDataset(Tensor.randn(256, NOISE), real.narrow(0, 0, 256)),
                o -> o.batchSize = 256);
    }

    private static Found found(Module generator) {
        double[] points;
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            points = generator.forward(Tensor.randn(SAMPLES, NOISE)).toDoubles();
        }
        int[] counts = new int[HEAPS];
        double sum = 0;
        for (int i = 0; i < points.length; i += 2) {
            int nearest = 0;
            for (int heap = 1; heap < HEAPS; heap++) {
                if (distance(points, i, heap) < distance(points, i, nearest)) {
                    nearest = heap;
                }
            }
            counts[nearest]++;
            sum += distance(points, i, nearest);
        }
        return new Found(Arrays.stream(counts).boxed().toList(), sum / SAMPLES);
    }

    private static double distance(double[] points, int i, int heap) {
        return Math.hypot(points[i] - centre(heap, 0), points[i + 1] - centre(heap, 1));
    }
}
