package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Close;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RecorderTest {
    private static Callback cancelBatches(boolean training, int from) {
        return Callback.on(Event.AFTER_LOSS, learn -> {
            if (learn.training() == training && learn.batchIndex() >= from) {
                throw Cancel.batch("test");
            }
        });
    }

    private static DataLoader loader(Object batches) {
        List<Map<String, Object>> parts = Golden.maps(batches);
        List<Tensor> x = parts.stream().map(b -> Golden.tensor(b.get("x"))).toList();
        List<Tensor> y = parts.stream().map(b -> Golden.tensor(b.get("y"))).toList();
        return new DataLoader(
                new TensorDataset(Tensor.cat(x, 0), Tensor.cat(y, 0)),
                o -> o.batchSize = Math.toIntExact(x.get(0).size(0)));
    }

    /** Lesson 9's AvgStats, with a short last batch in both parts. */
    @Test
    void averages_are_those_of_the_lesson() {
        Map<String, Object> golden =
                Golden.map(Golden.read("metrics_losses.json").get("seed_avg_stats"));
        Linear model = new Linear(2, 2);
        model.to(DType.FLOAT64);
        model.loadStateDict(Map.of(
                "weight", Golden.tensor(golden.get("weight")),
                "bias", Golden.tensor(golden.get("bias"))));
        DataLoaders data = new DataLoaders(loader(golden.get("train_batches")), loader(golden.get("valid_batches")));
        Learner learn = new Learner(data, model, Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = Golden.number(golden.get("lr"))))
                .metrics(Metrics.accuracy());
        learn.fit(2);
        List<Map<String, Object>> want = Golden.maps(golden.get("stats_per_epoch"));
        for (EpochRecord record : learn.recorder().epochs()) {
            double[] train = Golden.doubles(want.get(record.epoch()).get("train"));
            double[] valid = Golden.doubles(want.get(record.epoch()).get("valid"));
            assertThat(record.get("train_loss")).isCloseTo(train[0], within(1e-12));
            assertThat(record.get("valid_loss")).isCloseTo(valid[0], within(1e-12));
            assertThat(record.get("accuracy")).isCloseTo(valid[1], within(1e-7)); // a batch's mean is float32
        }
        Close.assertClose("weight", model.weight(), Golden.tensor(golden.get("final_weight")), 1e-12, 1e-12);
        Close.assertClose("bias", model.bias(), Golden.tensor(golden.get("final_bias")), 1e-12, 1e-12);
    }

    @Test
    void the_table_has_the_losses_and_then_the_metrics_and_names_them_when_asked_for_another() {
        Learner learn = TinyProblem.learner()
                .metrics(Metrics.average("mae", (p, t) -> p.sub(t).abs().mean()));
        learn.fit(2);
        assertThat(learn.recorder().epochs()).extracting(EpochRecord::epoch).containsExactly(0, 1);
        EpochRecord last = learn.recorder().lastEpoch();
        assertThat(last.values().keySet()).containsExactly("train_loss", "valid_loss", "mae");
        assertThatThrownBy(() -> last.get("acuracy"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("nothing is recorded as 'acuracy' in epoch 1; there is [train_loss, valid_loss, mae]");
        assertThatThrownBy(() -> last.values().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThat(last.seconds()).isPositive();
    }

    @Test
    void cancelled_batches_count_for_nothing() {
        Learner learn = TinyProblem.learner(3, 2);
        learn.fit(1, cancelBatches(true, 1), cancelBatches(false, 1));
        EpochRecord partial = learn.recorder().lastEpoch();
        assertThat(learn.recorder().losses()).containsExactly(partial.get("train_loss"));
        assertThat(learn.iteration()).isEqualTo(3);
        Learner one = TinyProblem.learner(3, 2);
        double[] first = new double[1];
        one.fit(1, cancelBatches(true, 1), Callback.on(Event.AFTER_LOSS, l -> {
            if (!l.training() && l.batchIndex() == 0) {
                first[0] = l.loss().item();
            }
        }));
        assertThat(partial.get("valid_loss")).isEqualTo(first[0]);
    }

    @Test
    void what_has_no_batch_is_absent() {
        Learner learn = TinyProblem.learner(2, 0).metrics(Metrics.average("mean", (p, t) -> p.mean()));
        learn.fit(1);
        assertThat(learn.recorder().lastEpoch().values()).containsOnlyKeys("train_loss");
        learn.fit(1, cancelBatches(true, 0));
        assertThat(learn.recorder().lastEpoch().values()).isEmpty();
        assertThat(learn.recorder().losses()).isEmpty();
    }

    @Test
    void each_fit_starts_anew() {
        Learner learn = TinyProblem.learner(100, 1);
        assertThatThrownBy(() -> learn.recorder().lastEpoch())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no epoch has ended yet; call fit first");
        learn.fit(2, Callback.on(Event.BEFORE_BATCH, l -> l.optimizer().set(Hyper.lr(l.iteration() / 1000.0))));
        assertThat(learn.recorder().losses()).hasSize(200);
        assertThat(learn.recorder().lrs())
                .hasSize(200)
                .startsWith(0, 0.001, 0.002)
                .endsWith(0.199);
        learn.fit(1, 0.1);
        assertThat(learn.recorder().losses()).hasSize(100);
        assertThat(learn.recorder().lrs()).hasSize(100).containsOnly(0.1);
        assertThat(learn.recorder().epochs()).hasSize(1);
    }

    @Test
    void a_fit_cancelled_as_it_begins_leaves_no_epochs_of_the_one_before() {
        Learner learn = TinyProblem.learner();
        learn.fit(1);
        learn.fit(1, Callback.on(Event.BEFORE_FIT, l -> {
            throw Cancel.fit("test");
        }));
        assertThat(learn.recorder().epochs()).isEmpty();
        assertThat(learn.recorder().losses()).isEmpty();
    }

    @Test
    void a_failed_epoch_is_not_recorded_and_a_cancelled_one_as_far_as_it_came() {
        Learner learn = TinyProblem.learner(3, 2);
        assertThatThrownBy(() -> learn.fit(2, Callback.on(Event.AFTER_STEP, l -> {
            if (l.iteration() == 5) {
                throw new IllegalStateException("test");
            }
        })));
        assertThat(learn.recorder().epochs()).hasSize(1);
        assertThat(learn.recorder().losses()).hasSize(4);
        learn.fit(2, Callback.on(Event.AFTER_STEP, l -> {
            if (l.iteration() == 5) {
                throw Cancel.fit("test");
            }
        }));
        assertThat(learn.recorder().epochs()).hasSize(2);
        assertThat(learn.recorder().lastEpoch().values()).containsOnlyKeys("train_loss");
    }

    @Test
    void a_callback_reads_at_the_end_of_an_epoch_what_was_recorded_of_it() {
        List<Integer> epochs = new ArrayList<>();
        TinyProblem.learner()
                .fit(
                        2,
                        Callback.on(
                                Event.AFTER_EPOCH,
                                learn -> epochs.add(learn.recorder().lastEpoch().epoch())));
        assertThat(epochs).containsExactly(0, 1);
    }

    @Test
    void a_metric_of_one_target_refuses_a_batch_without_any() {
        TensorDataset noTargets = new TensorDataset(List.of(Tensor.zeros(4, 1)), List.of());
        DataLoader loader = new DataLoader(noTargets, o -> {});
        Learner learn = new Learner(new DataLoaders(loader, loader), new Linear(1, 1), new Loss() {
                    @Override
                    public Tensor apply(Tensor pred, Tensor target) {
                        throw new AssertionError("there is none");
                    }

                    @Override
                    public Tensor apply(Tensor pred, List<Tensor> targets) {
                        return pred.square().mean();
                    }
                })
                .metrics(Metrics.accuracy());
        assertThatThrownBy(() -> learn.fit(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metric accuracy takes one target, but the batch has 0");
    }

    @Test
    void a_validation_that_is_cancelled_at_once_gives_an_empty_record() {
        Callback atOnce = Callback.on(Event.BEFORE_FIT, learn -> {
            throw Cancel.fit("at once");
        });
        assertThat(TinyProblem.learner().validate(atOnce).values()).isEmpty();
    }

    @Test
    void the_smooth_loss_is_fastais() {
        Learner learn = TinyProblem.learner(3, 0);
        assertThat(learn.recorder().smoothLoss()).isNaN();
        learn.fit(2);
        double mean = 0;
        for (double loss : learn.recorder().losses()) {
            mean = 0.98 * mean + 0.02 * loss;
        }
        assertThat(learn.recorder().smoothLoss()).isCloseTo(mean / (1 - Math.pow(0.98, 6)), within(1e-12));
    }
}
