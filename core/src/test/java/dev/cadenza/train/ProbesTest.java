package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code validate} and {@code predict} leave no trace. */
class ProbesTest {
    /** A classifier with everything that a probe could disturb: dropout, running statistics, shuffling, Adam. */
    private static Learner learner(long seed) {
        Rng.global().seed(seed);
        Tensor x = Tensor.randn(50, 3);
        Tensor y = x.argmax(1);
        TensorDataset data = new TensorDataset(x, y);
        return new Learner(
                        DataLoaders.of(data, data, o -> {
                            o.batchSize = 8;
                            o.seed = seed;
                        }),
                        Sequential.of(new Linear(3, 8), new BatchNorm1d(8), new Dropout(0.5), new Linear(8, 3)),
                        Losses.crossEntropy())
                .metrics(Metrics.accuracy());
    }

    private static List<Boolean> modes(Module model) {
        return model.namedModules().values().stream().map(Module::isTraining).toList();
    }

    @Test
    void validating_leaves_everything_as_it_was() {
        Learner learn = learner(1);
        learn.fit(1);
        learn.model().namedModules().get("2").setTraining(false);
        List<Boolean> modes = modes(learn.model());
        String digest = learn.digest();
        byte[] random = Rng.global().state();
        EpochRecord last = learn.recorder().lastEpoch();
        double[] losses = learn.recorder().losses();
        EpochRecord found = learn.validate();
        assertThat(found.values()).containsOnlyKeys("valid_loss", "accuracy");
        assertThat(found.get("valid_loss")).isEqualTo(last.get("valid_loss"));
        assertThat(learn.digest()).isEqualTo(digest);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(learn.recorder().lastEpoch()).isSameAs(last);
        assertThat(learn.recorder().losses()).isEqualTo(losses);
        assertThat(modes(learn.model())).isEqualTo(modes);
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void a_fit_after_probes_gives_the_same_bits_as_one_without() {
        Learner plain = learner(2);
        plain.fit(2);
        plain.fit(1);
        Learner probed = learner(2);
        probed.validate();
        probed.fit(2);
        probed.validate();
        probed.predict(Tensor.zeros(2, 3));
        probed.fit(1);
        assertThat(probed.digest()).isEqualTo(plain.digest());
    }

    @Test
    void a_failing_probe_restores_the_modes() {
        Learner learn = learner(3);
        assertThatThrownBy(() -> learn.predict(Tensor.zeros(2, 4)));
        assertThatThrownBy(() -> learn.validate(Callback.on(Event.AFTER_LOSS, l -> {
            throw new IllegalStateException("test");
        })));
        assertThat(modes(learn.model())).containsOnly(true);
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    @Test
    void predictions_have_the_activation_of_the_loss_and_no_gradient() {
        Learner learn = learner(4);
        byte[] random = Rng.global().state();
        Tensor x = Tensor.ones(5, 3);
        Tensor first = learn.predict(x);
        assertThat(first.sum(1).sub(1).abs().max().item()).isLessThan(1e-6);
        assertThat(first.requiresGrad()).isFalse();
        assertThat(learn.predict(x).equal(first)).as("dropout is off").isTrue();
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(modes(learn.model())).containsOnly(true);
    }

    @Test
    void a_prediction_belongs_to_the_scope_of_the_caller() {
        Learner learn = learner(5);
        Tensor pred;
        try (Scope scope = Scope.open()) {
            pred = learn.predict(Tensor.ones(1, 3));
            assertThat(pred.isClosed()).isFalse();
        }
        assertThat(pred.isClosed()).isTrue();
    }

    @Test
    void a_model_that_gives_back_its_input_predicts_it_and_leaves_it_open() {
        Module identity = new Module() {
            @Override
            protected Tensor compute(Tensor x) {
                return x;
            }
        };
        Tensor x = Tensor.ones(2, 3);
        Learner learn = new Learner(learner(6).data(), identity, Losses.mse());
        assertThat(learn.predict(x).equal(x)).isTrue();
        assertThat(x.isClosed()).isFalse();
    }

    @Test
    void each_epoch_has_an_order_of_its_own_across_fits_and_seeds_differ() {
        List<List<Double>> orders = new ArrayList<>();
        for (long seed : new long[] {7, 8}) {
            Learner learn = learner(seed);
            Callback begin = Callback.on(Event.BEFORE_TRAIN, l -> orders.add(new ArrayList<>()));
            Callback take = Callback.on(Event.BEFORE_BATCH, l -> {
                if (l.training()) {
                    orders.get(orders.size() - 1).add(l.batch().input().sum().item());
                }
            });
            learn.fit(2, begin, take);
            learn.fit(2, begin, take);
        }
        assertThat(orders).hasSize(8).doesNotHaveDuplicates();
    }

    @Test
    void the_same_run_has_the_same_digest_and_another_seed_another_one() {
        List<String> digests = new ArrayList<>();
        for (long seed : new long[] {9, 9, 10}) {
            Learner learn = learner(seed);
            learn.fit(2);
            digests.add(learn.digest());
        }
        assertThat(digests.get(0))
                .isEqualTo(digests.get(1))
                .isNotEqualTo(digests.get(2))
                .matches("[0-9a-f]{64}");
    }

    @Test
    void callbacks_of_a_validation_see_what_it_recorded() {
        Learner learn = TinyProblem.learner();
        learn.fit(1);
        EpochRecord ofFit = learn.recorder().lastEpoch();
        List<EpochRecord> seen = new ArrayList<>();
        EpochRecord validated = learn.validate(
                Callback.on(Event.AFTER_EPOCH, l -> seen.add(l.recorder().lastEpoch())));
        assertThat(seen).containsExactly(validated);
        assertThat(learn.recorder().lastEpoch()).isSameAs(ofFit);
    }

    @Test
    void a_validation_in_which_a_callback_draws_leaves_the_random_state() {
        Learner learn = TinyProblem.learner();
        byte[] before = Rng.global().state();
        learn.validate(Callback.on(Event.BEFORE_BATCH, l -> Tensor.randn(3)));
        assertThat(Rng.global().state()).isEqualTo(before);
    }

    @Test
    void what_a_callback_makes_outside_batches_is_freed_with_the_span() {
        List<Tensor> made = new ArrayList<>();
        TinyProblem.learner().fit(2, Callback.on(Event.AFTER_EPOCH, l -> made.add(Tensor.ones(2))));
        assertThat(made).hasSize(2).allMatch(Tensor::isClosed);
    }

    @Test
    void progress_is_whole_at_the_end_however_epochs_were_left() {
        Learner learn = TinyProblem.learner();
        learn.fit(2, Callback.on(Event.AFTER_LOSS, l -> {
            throw Cancel.epoch("test");
        }));
        assertThat(learn.progress()).isEqualTo(1);
    }

    @Test
    void predicting_on_another_thread_during_a_fit_is_refused() {
        Learner learn = TinyProblem.learner();
        List<Throwable> thrown = new ArrayList<>();
        learn.fit(1, Callback.on(Event.BEFORE_TRAIN, l -> {
            Thread other = new Thread(() -> {
                try {
                    l.predict(Tensor.zeros(1, 1));
                } catch (IllegalStateException e) {
                    thrown.add(e);
                }
            });
            other.start();
            try {
                other.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        assertThat(thrown).singleElement().asString().contains("predict cannot be used while thread");
    }
}
