package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Layer;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Learner;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A GAN learns a mixture of eight normal distributions on a circle. */
@ExtendWith(InScope.class)
class GanMixtureTest {
    private static final int MODES = 8;
    private static final double SPREAD = 0.1;

    private static double[] centre(int mode) {
        double angle = 2 * Math.PI * mode / MODES;
        return new double[] {2 * Math.cos(angle), 2 * Math.sin(angle)};
    }

    private static Tensor mixture(int n, Rng rng) {
        double[] points = new double[2 * n];
        for (int i = 0; i < n; i++) {
            System.arraycopy(centre(i % MODES), 0, points, 2 * i, 2);
        }
        Tensor noise = Tensor.zeros(n, 2).normal_(0, SPREAD, rng);
        return noise.add(Tensor.of(points, n, 2).to(noise.dtype()));
    }

    private static Module mlp(int in, Layer activation, int out) {
        return Sequential.of(new Linear(in, 64), activation, new Linear(64, 64), activation, new Linear(64, out));
    }

    /** How many of 1000 samples lie within four spreads of each mode. */
    private static int[] found(Module generator, long seed) {
        double[] points = generator
                .forward(Tensor.zeros(1000, 8).normal_(0, 1, new Rng(seed)))
                .toDoubles();
        int[] found = new int[MODES];
        for (int i = 0; i < points.length; i += 2) {
            for (int mode = 0; mode < MODES; mode++) {
                double[] c = centre(mode);
                if (Math.hypot(points[i] - c[0], points[i + 1] - c[1]) < 4 * SPREAD) {
                    found[mode]++;
                }
            }
        }
        return found;
    }

    @Test
    void a_gan_learns_a_mixture() {
        long seed = Long.getLong("cadenza.seed", 1);
        Rng.global().seed(seed);
        int n = 4096;
        Rng rng = new Rng(Rng.key(seed, 7));
        TensorDataset train = new TensorDataset(Tensor.zeros(n, 8).normal_(0, 1, rng), mixture(n, rng));
        TensorDataset none = new TensorDataset(Tensor.zeros(0, 8), Tensor.zeros(0, 2));
        Module generator = mlp(8, F::relu, 2);
        Module critic = mlp(2, x -> F.leakyRelu(x, 0.2), 1); // with plain ReLU two of five seeds collapsed
        GanTrainer trainer = new GanTrainer(o -> {
            o.real = 0.9;
            o.fake = 0.1;
        });
        Learner learn = new Learner(
                        DataLoaders.of(train, none, o -> o.batchSize = 256),
                        new Gan(generator, critic),
                        Losses.bceWithLogits())
                .optimizer(Optimizers.adam(o -> {
                    o.mom = 0.5;
                    o.wd = 0;
                }))
                .add(trainer);
        learn.fit(250, 1e-3);
        int[] found = found(generator, seed);
        String figures = "seed " + seed + ": " + Arrays.toString(found) + " of 1000, critic " + trainer.criticLoss()
                + ", generator " + trainer.generatorLoss();
        assertThat(Arrays.stream(found).filter(count -> count >= 20).count())
                .as(figures)
                .isGreaterThanOrEqualTo(6);
        assertThat(Arrays.stream(found).sum()).as(figures).isGreaterThanOrEqualTo(600);
    }
}
