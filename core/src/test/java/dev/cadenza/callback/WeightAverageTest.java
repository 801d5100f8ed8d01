package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(InScope.class)
class WeightAverageTest {
    private static final double DECAY = 0.8;

    private final Learner learn = learner();
    private final Module model = learn.model();
    private Map<String, double[]> expected; // computed by a loop over plain arrays

    /** A regression with statistics, an integer buffer and dropout. */
    private static Learner learner() {
        Rng.global().seed(17);
        Tensor x = Tensor.zeros(22, 3).normal_(1, 2, new Rng(1));
        Tensor y = x.sum(1).unsqueeze(1);
        TensorDataset data = new TensorDataset(x, y);
        Module net = Sequential.of(new Linear(3, 5), new BatchNorm1d(5), new Dropout(0.3), new Linear(5, 1));
        return new Learner(DataLoaders.of(data, data, o -> o.batchSize = 4), net, Losses.mse())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.02));
    }

    private static Map<String, double[]> values(Map<String, ? extends Tensor> state) {
        Map<String, double[]> values = new LinkedHashMap<>();
        state.forEach((name, tensor) -> values.put(name, tensor.toDoubles()));
        return values;
    }

    private Map<String, double[]> weights() {
        return values(model.stateDict());
    }

    private static void combine(Map<String, double[]> into, Map<String, double[]> from, DoubleBinaryOperator f) {
        into.forEach((name, a) -> {
            for (int i = 0; i < a.length; i++) {
                double b = from.get(name)[i];
                a[i] = name.endsWith("num_batches_tracked") ? b : f.applyAsDouble(a[i], b);
            }
        });
    }

    private static void assertSame(Map<String, double[]> got, Map<String, double[]> want, double tolerance) {
        assertThat(got.keySet()).containsExactlyElementsOf(want.keySet());
        got.forEach((name, values) -> assertClose(name, values, want.get(name), tolerance, tolerance));
    }

    /** Keeps what EMA should have, in {@link #expected}. */
    private Callback[] emaByHand() {
        return new Callback[] {
            Callback.on(Event.BEFORE_FIT, l -> expected = weights()),
            Callback.on(
                    Event.AFTER_STEP, l -> combine(expected, weights(), (mean, w) -> DECAY * mean + (1 - DECAY) * w))
        };
    }

    @Test
    void ema_equals_a_loop_over_plain_arrays_and_is_left_in_the_model() {
        learn.add(emaByHand()).fit(3, WeightAverage.ema(DECAY));
        assertSame(weights(), expected, 1e-6);
        assertThat(learn.timeline().toString()).contains("weights");
        assertThat(weights().get("1.num_batches_tracked")).containsExactly(18);
    }

    @Test
    void ema_validates_with_the_average_and_trains_on_with_the_same_bits() {
        Learner plain = learner();
        List<String> digests = new ArrayList<>();
        plain.fit(3, Callback.on(Event.AFTER_EPOCH, l -> digests.add(l.digest())));
        List<String> averaged = new ArrayList<>();
        Learner same = learner();
        Module net = same.model();
        WeightAverage ema = WeightAverage.ema(DECAY, o -> o.leaveInModel = false);
        same.fit(
                3,
                ema,
                Callback.on(Event.AFTER_EPOCH, l -> averaged.add(l.digest())),
                Callback.on(Event.AFTER_PRED, l -> {
                    if (!l.training()) {
                        assertSame(values(net.stateDict()), values(ema.averaged()), 0);
                    }
                }));
        assertThat(averaged).isEqualTo(digests);
        assertThat(same.digest()).as("not left").isEqualTo(plain.digest());
        double ofAverage = same.recorder().lastEpoch().get("valid_loss");
        assertThat(ofAverage).isNotEqualTo(plain.recorder().lastEpoch().get("valid_loss"));
        net.loadStateDict(ema.averaged());
        assertThat(same.validate().get("valid_loss")).isCloseTo(ofAverage, within(1e-9));
    }

    @ParameterizedTest
    @EnumSource(
            value = Event.class,
            names = {"BEFORE_VALIDATE", "AFTER_PRED", "AFTER_VALIDATE", "AFTER_EPOCH", "BEFORE_TRAIN", "AFTER_STEP"})
    void a_failure_leaves_what_it_would_have_left_without_an_average(Event event) {
        boolean inTraining = event == Event.BEFORE_TRAIN || event == Event.AFTER_STEP;
        Callback failing = Callback.on(event, l -> {
            if (l.epoch() == 1 && l.training() == inTraining) {
                throw new IllegalStateException("test");
            }
        });
        List<String> digests = new ArrayList<>();
        for (Callback[] callbacks :
                new Callback[][] {{failing}, {failing, WeightAverage.ema(DECAY)}, {WeightAverage.ema(DECAY), failing}
                }) {
            Learner fresh = learner();
            assertThatThrownBy(() -> fresh.fit(3, callbacks)).hasMessage("test");
            assertThat(fresh.model().namedModules().values()).allMatch(Module::isTraining);
            digests.add(fresh.digest());
        }
        assertThat(digests).containsOnly(digests.get(0));
    }

    @Test
    void a_cancelled_fit_leaves_the_average_so_far() {
        learn.add(emaByHand()).fit(3, WeightAverage.ema(DECAY), Callback.on(Event.AFTER_LOSS, l -> {
            if (l.epoch() == 1 && l.batchIndex() == 3) {
                throw Cancel.fit("enough");
            }
        }));
        assertSame(weights(), expected, 1e-6);
    }

    @Test
    void swa_is_the_mean_of_the_weights_at_the_end_of_the_last_epochs() {
        List<Map<String, double[]>> epochs = new ArrayList<>();
        WeightAverage swa = WeightAverage.swa(o -> {
            o.start = 0.5;
            o.leaveInModel = false;
        });
        learn.fit(6, swa, Callback.on(Event.AFTER_TRAIN, l -> {
            if (l.epoch() >= 2) { // the third ends at the half
                epochs.add(weights());
            }
        }));
        Map<String, double[]> mean = epochs.get(0);
        for (int n = 1; n < epochs.size(); n++) {
            double count = n;
            combine(mean, epochs.get(n), (m, w) -> m + (w - m) / (count + 1));
        }
        assertThat(epochs).hasSize(4);
        assertSame(values(swa.averaged()), mean, 1e-6);
    }

    @Test
    void swa_leaves_the_mean_with_fresh_statistics_and_disturbs_nothing_else() {
        Learner kept = learner();
        WeightAverage aside = WeightAverage.swa(o -> o.leaveInModel = false);
        kept.fit(4, aside);
        byte[] random = Rng.global().state();
        Learner left = learner();
        left.fit(4, WeightAverage.swa());
        assertThat(Rng.global().state()).as("the pass over the data").isEqualTo(random);
        kept.model().loadStateDict(aside.averaged());
        WeightAverage.refreshBatchNorm(kept.model(), kept.data().train().epoch(0));
        assertSame(values(left.model().stateDict()), values(kept.model().stateDict()), 0);
        assertThat(left.model().namedModules().values()).allMatch(Module::isTraining);
    }

    @Test
    void swa_that_never_averaged_leaves_the_weights() {
        List<String> digests = new ArrayList<>();
        for (Callback callback : List.of(WeightAverage.swa(), new Progress())) {
            Learner fresh = learner();
            fresh.fit(4, callback, Callback.on(Event.AFTER_EPOCH, l -> {
                throw Cancel.fit("at once");
            }));
            digests.add(fresh.digest());
        }
        assertThat(digests.get(0)).isEqualTo(digests.get(1));
    }

    @Test
    void a_pass_over_the_data_that_fails_leaves_the_last_weights() {
        Map<String, double[]> last = new LinkedHashMap<>();
        Learner failing = learner();
        Module net = failing.model();
        assertThatThrownBy(() ->
                        failing.fit(2, WeightAverage.swa(o -> o.start = 0), Callback.on(Event.AFTER_EPOCH, l -> {
                            last.putAll(values(net.stateDict()));
                            if (l.epoch() == 1) {
                                l.data(TinyProblem.learner().data()); // one feature, not three
                            }
                        })))
                .isInstanceOf(TensorException.class);
        assertSame(values(net.stateDict()), last, 0);
        assertThat(net.namedModules().values()).allMatch(Module::isTraining);
    }

    @Test
    void refreshed_statistics_are_those_computed_directly() {
        BatchNorm1d norm = new BatchNorm1d(3);
        Module net = Sequential.of(norm, new Dropout(0.5));
        norm.setTraining(false);
        byte[] random = Rng.global().state();
        WeightAverage.refreshBatchNorm(net, learn.data().valid().epoch(0));
        Tensor mean = Tensor.zeros(3);
        Tensor var = Tensor.zeros(3);
        int batches = 0;
        for (Batch batch : learn.data().valid().epoch(0)) {
            mean.add_(batch.input().mean(0));
            var.add_(batch.input().var(true, false, 0));
            batches++;
        }
        assertClose("mean", norm.namedBuffers().get("running_mean").detach(), mean.div(batches), 1e-5, 1e-6);
        assertClose("var", norm.namedBuffers().get("running_var").detach(), var.div(batches), 1e-5, 1e-6);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(norm.isTraining()).isFalse();
        assertThat(net.isTraining()).isTrue();
    }

    @Test
    void a_validation_alone_neither_needs_nor_ends_an_average() {
        WeightAverage ema = WeightAverage.ema(DECAY);
        assertThat(ema.averaged()).isEmpty();
        learn.add(ema).validate();
        assertThat(ema.averaged()).isEmpty();
        learn.fit(1);
        String digest = learn.digest();
        Map<String, double[]> average = values(ema.averaged());
        learn.validate();
        assertThat(learn.digest()).isEqualTo(digest);
        assertSame(values(ema.averaged()), average, 0);
    }

    @Test
    void two_averages_in_one_fit_are_refused() {
        assertThatThrownBy(() -> learn.fit(1, WeightAverage.ema(DECAY), WeightAverage.swa()))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("cannot play in the same fit");
    }

    @Test
    void numbers_out_of_range_are_refused() {
        for (double decay : new double[] {0, 1, -1, Double.NaN}) {
            assertThatThrownBy(() -> WeightAverage.ema(decay))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("wanted a decay above 0 and below 1, but got: " + decay);
        }
        for (double start : new double[] {-0.1, 1.1, Double.NaN}) {
            assertThatThrownBy(() -> WeightAverage.swa(o -> o.start = start))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("wanted a start from 0 to 1, but got: " + start);
        }
    }

    @Test
    void memory_is_flat_over_batches_and_epochs() {
        List<Long> alive = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (WeightAverage average : List.of(WeightAverage.ema(DECAY), WeightAverage.swa(o -> o.start = 0))) {
                alive.clear();
                learner().fit(30, average, Callback.on(Event.AFTER_STEP, l -> alive.add(Engine.liveObjects())));
                assertThat(alive.get(170)).isLessThanOrEqualTo(alive.get(20));
            }
        }
    }
}
