package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkipToEpochTest {
    private static List<Double> firstSamples(Callback... callbacks) {
        Tensor x = Tensor.arange(64).reshape(64, 1).div(64);
        TensorDataset samples = new TensorDataset(x, x);
        Learner learn = new Learner(
                        DataLoaders.of(samples, samples, o -> o.batchSize = 32), new Linear(1, 1), Losses.mse())
                .optimizer(Optimizers.sgd(o -> {}));
        List<Double> seen = new ArrayList<>();
        learn.add(callbacks).fit(3, 0.1, Callback.on(Event.BEFORE_BATCH, l -> {
            if (l.training()) {
                seen.add(l.batch().input().toDoubles()[0] + l.progress());
            }
        }));
        return seen;
    }

    @Test
    void the_epochs_that_follow_are_what_they_are_in_a_fit_that_skips_none() {
        assertThat(firstSamples(new SkipToEpoch(2)))
                .isEqualTo(firstSamples().subList(2 * 2, 3 * 2))
                .isNotEqualTo(firstSamples().subList(0, 2));
    }

    @Test
    void skipped_epochs_are_neither_trained_nor_validated() {
        Learner learn = TinyProblem.learner();
        learn.fit(3, new SkipToEpoch(2));
        assertThat(learn.iteration()).isEqualTo(3);
        assertThat(learn.recorder().epochs().get(1).values()).isEmpty();
        assertThat(learn.recorder().lastEpoch().values()).hasSize(2);
        assertThat(learn.timeline().entries().get(0))
                .hasToString("epoch 0, iteration 0, BEFORE_TRAIN: SkipToEpoch: cancel EPOCH (skipping to epoch 2)");
    }

    @Test
    void they_do_not_count_for_those_who_watch_a_value() {
        EarlyStopping stop = new EarlyStopping();
        Learner learn = Scripted.learner(1, 1, 1, 2, 3);
        learn.fit(5, new SkipToEpoch(2), stop);
        assertThat(learn.outcome()).hasToString("cancelled: no improvement of valid_loss since epoch 2");
    }

    @Test
    void validating_alone_is_not_skipped() {
        Learner learn = TinyProblem.learner(new SkipToEpoch(2));
        assertThat(learn.validate().values()).containsOnlyKeys("valid_loss");
    }

    @Test
    void a_number_below_0_is_refused() {
        assertThatThrownBy(() -> new SkipToEpoch(-1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted epoch 0 or a later one, but got: -1");
    }
}
