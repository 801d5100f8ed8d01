package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.nn.Losses;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class Step1SgdTest {
    private final Tensor target = Tensor.of(new long[] {1, 2, 0});

    private static double lossOf(Tensor logProbabilities, Tensor target) {
        return Step1Sgd.nll(logProbabilities, target).item();
    }

    @Test
    void the_loss_by_hand_is_cross_entropy_from_log_probabilities_and_from_probabilities() {
        Tensor scores = Tensor.zeros(3, 4).normal_(0, 1, new Rng(1));
        double want = Losses.crossEntropy().apply(scores, target).item();
        assertThat(lossOf(Step1Sgd.logSoftmax(scores), target)).isCloseTo(want, within(1e-6));
        assertThat(lossOf(Step1Sgd.softmax(scores).log(), target)).isCloseTo(want, within(1e-6));
    }

    @Test
    void the_example_of_the_notes_comes_out_as_they_say() {
        Tensor probabilities = Tensor.of(new double[] {.01, .98, .01, .001, .001, .998}, 2, 3);
        assertThat(lossOf(probabilities.log(), Tensor.of(new long[] {1, 2}))).isCloseTo(0.0111, within(5e-5));
    }

    @Test
    void only_log_softmax_survives_large_scores() {
        Tensor scores = Tensor.of(new float[] {1000, 0, -1000, 0, 1000, 0, 1000, 0, 0}, 3, 3);
        assertThat(lossOf(Step1Sgd.softmax(scores).log(), target)).isNaN();
        assertThat(lossOf(Step1Sgd.logSoftmax(scores), target)).isCloseTo(2000 / 3.0, within(1e-3));
    }
}
