package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Digits;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Trains for real on the drawn digits: they are too hard for a linear model, and easy for one with a hidden layer. */
class DigitsTrainingTest {
    private static final long SEED = 1;

    private final DataLoaders data = Digits.make(SEED).loaders(o -> o.seed = SEED);
    private final int threads = Engine.threads();

    @BeforeEach
    void compute_with_one_thread() {
        Engine.threads(1); // another number of threads gives another rounding
    }

    @AfterEach
    void restore_the_threads() {
        Engine.threads(threads);
    }

    @Test
    void a_linear_model_stays_below_95_percent() {
        assertThat(accuracyAfterThreeEpochs(() -> new Linear(784, 10)))
                .as("seed %d", SEED)
                .isBetween(0.80, 0.95);
    }

    @Test
    void a_hidden_layer_gets_above_97_percent() {
        assertThat(accuracyAfterThreeEpochs(() -> Sequential.of(new Linear(784, 50), Tensor::relu, new Linear(50, 10))))
                .as("seed %d", SEED)
                .isGreaterThan(0.97);
    }

    private double accuracyAfterThreeEpochs(Supplier<Module> model) {
        Rng.global().seed(SEED);
        Learner learn = new Learner(data, model.get(), Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> {}))
                .metrics(Metrics.accuracy());
        learn.fit(3, 0.5);
        return learn.recorder().lastEpoch().get("accuracy");
    }
}
