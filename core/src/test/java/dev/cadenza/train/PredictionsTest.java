package dev.cadenza.train;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Sampler;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Reduction;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Predicting, summing up and interpreting; none of it leaves a trace. */
@ExtendWith(InScope.class)
class PredictionsTest {
    private final Tensor x = Tensor.zeros(50, 4).normal_(0, 1, new Rng(1));
    private final Tensor y = x.narrow(1, 0, 3).argmax(1);

    private Learner learner() {
        Rng.global().seed(3);
        TensorDataset all = new TensorDataset(x, y);
        Module model = Sequential.of(new Linear(4, 8), Activation.relu(), new Dropout(0.5), new Linear(8, 3));
        return new Learner(
                new DataLoaders(
                        new DataLoader(all, o -> {
                            o.batchSize = 8;
                            o.sampler = Sampler.shuffled(1);
                            o.dropLast = true;
                        }),
                        new DataLoader(all, o -> o.batchSize = 16)),
                model,
                Losses.crossEntropy());
    }

    @Test
    void predictions_are_activated_decoded_and_in_the_order_of_the_data() {
        Learner learn = learner();
        Predictions p = learn.getPreds(learn.data().train(), o -> {
            o.withLoss = true;
            o.withInputs = true;
        });
        Tensor scores = learn.model().eval().forward(x);
        assertClose("probabilities", p.preds(), scores.softmax(1).detach(), 1e-5, 1e-7);
        assertThat(p.decoded().toLongs()).isEqualTo(scores.argmax(1).toLongs());
        assertThat(p.targets().get(0).toLongs()).isEqualTo(y.toLongs());
        assertThat(p.inputs().get(0).toFloats()).isEqualTo(x.toFloats());
        Tensor each = F.crossEntropy(scores, y, o -> o.reduction = Reduction.NONE);
        assertClose("losses", p.losses(), each.detach(), 1e-5, 1e-6);
    }

    @Test
    void without_asking_there_are_neither_losses_nor_inputs_and_one_sample_is_predicted_alike() {
        Learner learn = learner();
        Predictions p = learn.getPreds();
        assertThat(p.losses()).isNull();
        assertThat(p.inputs()).isEmpty();
        Tensor one = learn.predict(x.narrow(0, 7, 1));
        assertClose(
                "sample 7", one.select(0, 0).toDoubles(), p.preds().select(0, 7).toDoubles(), 1e-5, 1e-7);
        assertThat(learn.lossFunction().decode(one).toLongs())
                .containsExactly(p.decoded().toLongs()[7]);
    }

    @Test
    void predicting_summing_up_and_interpreting_leave_no_trace() {
        Learner plain = learner();
        plain.fit(1);
        plain.fit(1);
        Learner probed = learner();
        probed.summary();
        probed.getPreds();
        probed.interpret();
        probed.fit(1);
        double[] losses = probed.recorder().losses();
        String timeline = probed.timeline().toString();
        probed.getPreds();
        probed.interpret();
        probed.summary();
        assertThat(probed.recorder().losses()).isEqualTo(losses);
        assertThat(probed.timeline()).hasToString(timeline);
        assertThat(probed.model().isTraining()).isTrue();
        probed.fit(1);
        assertThat(probed.digest()).isEqualTo(plain.digest());
    }

    @Test
    void predictions_can_be_gathered_in_a_fit_without_cancelled_batches() {
        GatherPreds gather = new GatherPreds(o -> o.withLoss = true);
        Learner learn = learner();
        learn.fit(2, gather, Callback.on(Event.AFTER_PRED, l -> {
            if (!l.training() && l.batchIndex() == 1) {
                throw Cancel.batch("test");
            }
        }));
        assertThat(gather.predictions().losses().numel()).isEqualTo(34);
        gather.clear();
        assertThatThrownBy(gather::predictions)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("no batch was predicted");
    }

    @Test
    void an_interpretation_lists_the_worst_samples_and_counts_confusions() {
        Learner learn = learner();
        Interpretation wrong = learn.interpret();
        double[] losses = wrong.losses();
        int[] byLoss = IntStream.range(0, 50)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> losses[i]).reversed())
                .mapToInt(i -> i)
                .toArray();
        assertThat(wrong.topLosses(3))
                .extracting(Interpretation.TopLoss::index)
                .containsExactly(byLoss[0], byLoss[1], byLoss[2]);
        assertThat(wrong.topLosses(3).get(0).loss()).isEqualTo(losses[byLoss[0]]);
        assertThat(wrong.topLosses(100)).hasSize(50);
        long right = IntStream.range(0, 3)
                .mapToLong(i -> wrong.confusionMatrix().matrix()[i][i])
                .sum();
        assertThat(wrong.confusionMatrix().total()).isEqualTo(50);
        assertThat(wrong.mostConfused(1).stream().mapToLong(c -> c.count()).sum())
                .isEqualTo(50 - right);
    }

    @Test
    void a_regression_has_top_losses_but_no_confusion_matrix() {
        Interpretation wrong = TinyProblem.learner().interpret();
        assertThat(wrong.topLosses(1)).hasSize(1);
        assertThatThrownBy(wrong::confusionMatrix)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("there is no confusion matrix: it takes class labels");
    }

    @Test
    void a_summary_tells_shapes_parameters_and_what_is_trained() {
        Learner learn = learner();
        ((Sequential) learn.model()).layers().get(0);
        ((Linear) ((Sequential) learn.model()).layers().get(0)).requiresGrad_(false);
        ModelSummary summary = learn.summary();
        assertThat(summary.layers()).extracting(ModelSummary.LayerRow::name).containsExactly("0", "1", "2", "3");
        assertThat(summary.layers().get(3).output()).containsExactly(8L, 3L);
        assertThat(summary.parameters()).isEqualTo(4 * 8 + 8 + 8 * 3 + 3);
        assertThat(summary.trainable()).isEqualTo(8 * 3 + 3);
        assertThat(summary.toString())
                .contains("0      Linear          [8, 8]                          40  frozen")
                .contains("67 parameters, 27 to train; loss CrossEntropyLoss(); callbacks [Recorder]");
    }

    @Test
    void a_parameter_that_two_layers_share_counts_once_and_a_layer_that_is_not_reached_has_no_shape() {
        Linear shared = new Linear(1, 1);
        Module model = new Module() {
            final Module first = shared;
            final Module second = Sequential.of(shared);
            final Module unused = new Linear(1, 2);

            @Override
            protected Tensor compute(Tensor in) {
                return second.forward(first.forward(in));
            }
        };
        ModelSummary summary = new Learner(TinyProblem.learner().data(), model, Losses.mse()).summary();
        assertThat(summary.parameters()).isEqualTo(2 + 4);
        assertThat(summary.layers())
                .filteredOn(row -> row.name().equals("unused"))
                .singleElement()
                .satisfies(row -> assertThat(row.output()).isNull());
    }

    @Test
    void an_epoch_whose_predictions_are_no_numbers_has_metrics_that_say_so() {
        Learner learn = learner().metrics(dev.cadenza.metric.Metrics.accuracy());
        learn.fit(
                1,
                Callback.on(
                        Event.AFTER_PRED,
                        l -> l.pred(l.training() ? l.pred() : l.pred().mul(Double.NaN))));
        assertThat(learn.recorder().lastEpoch().get("accuracy")).isNaN();
        learn.fit(1);
        assertThat(learn.recorder().lastEpoch().get("accuracy")).isBetween(0.0, 1.0);
    }
}
