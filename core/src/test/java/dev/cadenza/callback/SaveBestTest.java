package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SaveBestTest {
    private final SaveBest best = new SaveBest();
    private final List<Map<String, List<Double>>> epochs = new ArrayList<>();

    /** Has parameters, running statistics and a count of batches. */
    private Learner learner(double... validLoss) {
        Tensor x = Tensor.randn(16, 3);
        DataLoader loader = new DataLoader(new TensorDataset(x, x.mul(2)), o -> o.batchSize = 4);
        return new Learner(
                        new DataLoaders(loader, loader),
                        Sequential.of(new BatchNorm1d(3), new Linear(3, 3)),
                        Losses.mse())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.1))
                .add(
                        Scripted.validLoss(validLoss),
                        Callback.on(
                                Event.AFTER_EPOCH,
                                l -> epochs.add(values(l.model().stateDict()))));
    }

    private static Map<String, List<Double>> values(Map<String, Tensor> state) {
        Map<String, List<Double>> values = new TreeMap<>();
        state.forEach((name, tensor) -> {
            List<Double> numbers = new ArrayList<>();
            for (double value : tensor.toDoubles()) {
                numbers.add(value);
            }
            values.put(name, numbers);
        });
        return values;
    }

    @Test
    void the_model_of_the_best_epoch_is_there_after_the_fit() {
        Learner learn = learner(3, 1, 2);
        learn.fit(3, best);
        assertThat(values(learn.model().stateDict()))
                .isEqualTo(epochs.get(1))
                .isNotEqualTo(epochs.get(2))
                .containsKeys("0.running_mean", "0.num_batches_tracked", "1.weight");
        assertThat(values(best.state())).isEqualTo(epochs.get(1));
        assertThat(best.bestEpoch()).hasValue(1);
        assertThat(best.best()).hasValue(1);
        assertThat(learn.timeline().toString())
                .contains("epoch 1, iteration 8, AFTER_EPOCH: SaveBest: best valid_loss 1.0")
                .contains("epoch 2, iteration 12, AFTER_FIT: SaveBest: load epoch 1 (valid_loss 1.0)");
    }

    @Test
    void if_not_asked_to_load_it_only_keeps_the_copy() {
        SaveBest keeps = new SaveBest(o -> o.loadAtEnd = false);
        Learner learn = learner(1, 2);
        learn.fit(2, keeps);
        assertThat(values(learn.model().stateDict())).isEqualTo(epochs.get(1));
        assertThat(values(keeps.state())).isEqualTo(epochs.get(0));
        learn.model().loadStateDict(keeps.state());
        assertThat(values(learn.model().stateDict())).isEqualTo(epochs.get(0));
    }

    @Test
    void a_fit_cancelled_in_its_first_epoch_leaves_the_model_as_it_is() {
        Learner learn = learner(1);
        learn.fit(1, best);
        learn.fit(3, best, Callback.on(Event.AFTER_BATCH, l -> {
            throw Cancel.fit("test");
        }));
        assertThat(best.bestEpoch()).isEmpty();
        assertThat(best.best()).isEmpty();
        assertThat(best.state()).isEmpty();
        assertThat(values(learn.model().stateDict())).isEqualTo(epochs.get(1)).isNotEqualTo(epochs.get(0));
    }

    @Test
    void a_fit_that_trains_nothing_leaves_the_model_as_it_is() {
        Learner learn = learner(1);
        learn.fit(1, best);
        learn.model().parameters().forEach(p -> p.detach().add_(1));
        String digest = learn.digest();
        learn.fit(0, best);
        learn.fit(1, best, new SkipToEpoch(1));
        assertThat(learn.digest()).isEqualTo(digest);
    }

    @Test
    void a_fit_that_fails_leaves_the_model_as_it_was_then() {
        Learner learn = learner(1, 2, 3);
        assertThatThrownBy(() -> learn.fit(3, best, Callback.on(Event.AFTER_TRAIN, l -> {
                    if (l.epoch() == 2) {
                        throw new IllegalStateException("test");
                    }
                })))
                .hasMessage("test");
        assertThat(values(learn.model().stateDict())).isEqualTo(epochs.get(2));
        assertThat(values(best.state())).isEqualTo(epochs.get(0));
    }

    @Test
    void the_best_model_is_loaded_when_another_callback_stops_the_fit() {
        Learner learn = learner(2, 1, 3, 4, 5);
        learn.fit(5, new EarlyStopping(o -> o.patience = 2), best);
        assertThat(learn.epoch()).isEqualTo(3);
        assertThat(values(learn.model().stateDict())).isEqualTo(epochs.get(1));
    }

    @Test
    void copies_are_written_over_and_never_need_a_gradient() {
        List<Tensor> seen = new ArrayList<>();
        learner(3, 2, 1).fit(3, best, new Callback() {
            @Override
            public double order() {
                return 65;
            }

            @Override
            public void afterEpoch(Learner learn) {
                seen.add(best.state().get("1.weight"));
            }
        });
        assertThat(seen).hasSize(3).containsOnly(seen.get(0)).noneMatch(Tensor::requiresGrad);
    }

    @Test
    void one_callback_can_serve_models_of_different_shape() {
        learner(1).fit(1, best);
        Learner other = Scripted.learner(2, 1);
        other.fit(2, best);
        assertThat(values(best.state())).isEqualTo(values(other.model().stateDict()));
    }
}
