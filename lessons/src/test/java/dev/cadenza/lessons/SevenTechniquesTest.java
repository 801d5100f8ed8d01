package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.lessons.SevenTechniques.AvgStats;
import dev.cadenza.lessons.SevenTechniques.ParamScheduler;
import dev.cadenza.lessons.SevenTechniques.Recorder;
import dev.cadenza.lessons.SevenTechniques.TerminateOnNaN;
import dev.cadenza.lessons.SevenTechniques.TestCallback;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Close;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class SevenTechniquesTest {
    @Test
    void there_are_seven_and_none_has_more_than_20_lines_of_code() throws IOException {
        Path file = Path.of(System.getProperty("cadenza.root", ".."))
                .resolve("lessons/src/main/java/dev/cadenza/lessons/SevenTechniques.java");
        Map<String, Integer> lines = new LinkedHashMap<>();
        String technique = null;
        for (String line : Files.readAllLines(file)) { // the formatter sees to the indentation
            if (line.matches(" {4}(static final class|record) .* implements Callback \\{")) {
                technique = line;
            }
            if (technique != null && !line.isBlank() && !line.matches("\\s*(//|/\\*|\\*).*")) {
                lines.merge(technique, 1, Integer::sum);
            }
            if (line.equals("    }")) {
                technique = null;
            }
        }
        assertThat(lines)
                .hasSize(7)
                .allSatisfy((name, count) -> assertThat(count).as(name).isBetween(3, 20));
    }

    @Test
    void the_test_callback_stops_after_10_iterations() {
        Learner learn = TinyProblem.learner(14, 2);
        learn.fit(2, new TestCallback());
        assertThat(learn.iteration()).isEqualTo(10);
        assertThat(learn.outcome().toString()).isEqualTo("cancelled: 10 iterations are enough");
    }

    @Test
    void the_recorder_writes_down_each_training_batch_and_begins_anew_with_each_fit() {
        Learner learn = TinyProblem.learner(3, 2);
        Recorder recorder = new Recorder();
        learn.fit(1, recorder);
        learn.fit(2, 0.05, recorder);
        assertThat(recorder.lrs()).hasSize(6).containsOnly(0.05);
        assertThat(recorder.losses())
                .containsExactly(
                        Arrays.stream(learn.recorder().losses()).boxed().toArray(Double[]::new));
    }

    @Test
    void the_recorder_leaves_out_a_batch_that_was_cancelled() {
        Recorder recorder = new Recorder();
        TinyProblem.learner(3, 2).fit(1, recorder, Callback.on(Event.BEFORE_BATCH, learn -> {
            if (learn.training() && learn.batchIndex() == 1) {
                throw Cancel.batch("not this one");
            }
        }));
        assertThat(recorder.losses()).hasSize(2);
    }

    private static double cos(double start, double end, double position) {
        return start + (1 - Math.cos(Math.PI * position)) * (end - start) / 2;
    }

    @Test
    void the_scheduler_sets_the_learning_rates_of_the_runner() {
        List<Map<String, Object>> golden =
                Golden.maps(Golden.read("schedules.json").get("seed_runner_param_scheduler"));
        assertThat(golden).hasSize(2);
        for (Map<String, Object> want : golden) {
            double cut = Golden.doubles(want.get("pcts"))[0];
            double[] up = Golden.doubles(((List<?>) want.get("cos")).get(0));
            double[] down = Golden.doubles(((List<?>) want.get("cos")).get(1));
            ParamScheduler scheduler = new ParamScheduler(
                    Hyper.LR, p -> p < cut ? cos(up[0], up[1], p / cut) : cos(down[0], down[1], (p - cut) / (1 - cut)));
            Recorder recorder = new Recorder();
            TinyProblem.learner((int) want.get("n_batches"), 2).fit((int) want.get("epochs"), scheduler, recorder);
            Close.assertClose(
                    "lr",
                    recorder.lrs().stream().mapToDouble(lr -> lr).toArray(),
                    Golden.doubles(want.get("exact")),
                    1e-9,
                    0);
        }
    }

    @Test
    void the_scheduler_sets_any_hyper_parameter_and_only_in_training() {
        List<Double> decays = new ArrayList<>();
        TinyProblem.learner(2, 2)
                .fit(
                        1,
                        new ParamScheduler(Hyper.WD, progress -> 0.1 * progress),
                        Callback.on(
                                Event.AFTER_BATCH,
                                learn -> decays.add(learn.optimizer().get(Hyper.WD))));
        assertThat(decays).containsExactly(0.0, 0.05, 0.05, 0.05);
    }

    private static DataLoader loader(Object batches, int batchSize) {
        List<Map<String, Object>> all = Golden.maps(batches);
        Tensor x = Tensor.cat(all.stream().map(b -> Golden.tensor(b.get("x"))).toList(), 0);
        Tensor y = Tensor.cat(all.stream().map(b -> Golden.tensor(b.get("y"))).toList(), 0);
        return new DataLoader(new TensorDataset(x, y), o -> o.batchSize = batchSize);
    }

    @Test
    void the_averages_and_the_weights_are_those_of_the_lesson() {
        Map<String, Object> want = Golden.map(Golden.read("metrics_losses.json").get("seed_avg_stats"));
        Module model = new Linear(2, 2).to(DType.FLOAT64);
        model.loadStateDict(
                Map.of("weight", Golden.tensor(want.get("weight")), "bias", Golden.tensor(want.get("bias"))));
        DataLoaders data = new DataLoaders(loader(want.get("train_batches"), 4), loader(want.get("valid_batches"), 6));
        AvgStats stats = new AvgStats(Step1Sgd::accuracy);
        List<Map<String, Object>> epochs = Golden.maps(want.get("stats_per_epoch"));
        new Learner(data, model, Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = Golden.number(want.get("lr"))))
                .add(stats, Callback.on(Event.AFTER_EPOCH, learn -> {
                    Map<String, Object> epoch = epochs.get(learn.epoch());
                    Close.assertClose("train", stats.averages(true), Golden.doubles(epoch.get("train")), 1e-9, 0);
                    Close.assertClose("valid", stats.averages(false), Golden.doubles(epoch.get("valid")), 1e-9, 0);
                }))
                .fit(epochs.size());
        Map<String, Tensor> got = model.stateDict();
        Close.assertClose("weight", got.get("weight").detach(), Golden.tensor(want.get("final_weight")), 1e-9, 0);
        Close.assertClose("bias", got.get("bias").detach(), Golden.tensor(want.get("final_bias")), 1e-9, 0);
    }

    @Test
    void a_loss_that_is_no_number_ends_the_fit_once_it_was_seen() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            Learner learn = TinyProblem.learner(5, 1);
            learn.fit(2, new TerminateOnNaN(), Callback.on(Event.AFTER_LOSS, l -> {
                if (l.iteration() == 3) {
                    l.loss(l.loss().mul(bad));
                }
            }));
            assertThat(learn.outcome().toString()).isEqualTo("cancelled: loss is " + bad + " at iteration 4");
        }
    }

    @Test
    void a_batch_that_was_cancelled_before_it_had_a_loss_is_no_concern() {
        Learner learn = TinyProblem.learner();
        learn.fit(1, new TerminateOnNaN(), Callback.on(Event.BEFORE_BATCH, l -> {
            throw Cancel.batch("none");
        }));
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
        assertThat(learn.progress()).isCloseTo(1, within(1e-12));
    }
}
