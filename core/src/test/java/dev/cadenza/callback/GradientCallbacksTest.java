package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.callback.GradientAccumulation.Tail;
import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/** Clipping, accumulation and statistics of gradients. */
@ExtendWith(InScope.class)
class GradientCallbacksTest {
    private static final String FILE = "metrics_losses.json";

    @TestFactory
    Stream<DynamicTest> clipping_gives_the_gradients_of_PyTorch() {
        return Golden.maps(Golden.read(FILE).get("clip")).stream()
                .map(golden -> dynamicTest(golden.get("fn") + " " + golden.get("norm_type"), () -> clip(golden)));
    }

    private static void clip(Map<String, Object> golden) {
        TensorList grads = new TensorList(
                Golden.maps(golden.get("grads")).stream().map(Golden::tensor).toList());
        if (golden.containsKey("clip_value")) {
            double max = Golden.number(golden.get("clip_value"));
            grads.clamp_(-max, max);
        } else {
            double norm =
                    grads.clipNorm_(Golden.number(golden.get("max_norm")), Golden.number(golden.get("norm_type")));
            assertThat(norm).isCloseTo(Golden.number(golden.get("total_norm")), within(1e-12));
        }
        List<Map<String, Object>> want = Golden.maps(golden.get("clipped"));
        for (int i = 0; i < want.size(); i++) {
            assertClose("gradient " + i, grads.get(i), Golden.tensor(want.get(i)), 1e-9, 1e-12);
        }
    }

    @Test
    void a_clipped_fit_takes_no_step_longer_than_the_rate_times_the_norm() {
        for (Callback clip : List.of(GradientClip.norm(0.01), GradientClip.value(0.005))) {
            Learner learn = TinyProblem.learner(clip);
            learn.fit(
                    2,
                    1.0,
                    Callback.on(
                            Event.AFTER_STEP,
                            l -> assertThat(l.optimizer().grads().norm()).isLessThanOrEqualTo(0.0100001)));
        }
        assertThat(GradientClip.norm(1)).hasToString("GradientClip(norm 1.0)");
        assertThatThrownBy(() -> GradientClip.norm(0)).hasMessage("wanted a norm above 0 to clip by, but got: 0.0");
        assertThatThrownBy(() -> GradientClip.norm(1, -1)).hasMessage("wanted a p above 0 to clip by, but got: -1.0");
        assertThatThrownBy(() -> GradientClip.value(Double.NaN))
                .hasMessage("wanted a value above 0 to clip by, but got: NaN");
    }

    /** The newer fastai's numbers: 2.0.2 does not scale the losses, so that more batches would mean larger steps. */
    @TestFactory
    Stream<DynamicTest> accumulation_gives_the_weights_of_newer_fastai() {
        return Golden.maps(Golden.read(FILE).get("gradient_accumulation")).stream()
                .map(golden -> dynamicTest("n_acc " + golden.get("n_acc"), () -> accumulate(golden)));
    }

    private static void accumulate(Map<String, Object> golden) {
        Linear model = new Linear(3, 2);
        model.weight().setData(Golden.tensor(golden.get("weight")));
        model.bias().setData(Golden.tensor(golden.get("bias")));
        List<Map<String, Object>> batches = Golden.maps(golden.get("batches"));
        List<Map<String, Object>> want =
                Golden.maps(Golden.map(golden.get("newer")).get("after_each_batch"));
        List<Integer> steps = new ArrayList<>();
        DataLoader loader = loader(new TensorDataset(Tensor.zeros(4, 1), Tensor.zeros(4, 1)), 1);
        new Learner(new DataLoaders(loader, loader), model, Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = Golden.number(golden.get("lr"))))
                .add(
                        new GradientAccumulation(((Number) golden.get("n_acc")).longValue()),
                        Callback.on(Event.BEFORE_BATCH, l -> {
                            Map<String, Object> batch = batches.get(l.batchIndex());
                            l.batch(Batch.of(Golden.tensor(batch.get("x")), Golden.tensor(batch.get("y"))));
                        }),
                        Callback.on(Event.AFTER_STEP, l -> steps.add(l.batchIndex())),
                        Callback.on(Event.AFTER_BATCH, l -> {
                            if (l.training()) {
                                Map<String, Object> now = want.get(l.batchIndex());
                                assertClose("weight", model.weight(), Golden.tensor(now.get("weight")), 1e-9, 1e-12);
                                assertClose("bias", model.bias(), Golden.tensor(now.get("bias")), 1e-9, 1e-12);
                            }
                        }))
                .fit(1);
        assertThat(steps).containsExactly(1, 3);
    }

    private static DataLoader loader(TensorDataset data, int batchSize) {
        return new DataLoader(data, o -> o.batchSize = batchSize);
    }

    /** The gradients before the first step, and the weights after it. */
    private static List<double[]> firstStep(TensorDataset data, int[] split, Callback... callbacks) {
        int[] from = {0};
        List<double[]> seen = new ArrayList<>();
        Linear model = new Linear(3, 2);
        model.weight().setData(Tensor.ones(2, 3).mul(0.1));
        model.bias().setData(Tensor.zeros(2));
        DataLoader dummy = loader(new TensorDataset(Tensor.zeros(split.length, 1), Tensor.zeros(split.length, 1)), 1);
        new Learner(new DataLoaders(dummy, loader(data, 64)), model, Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> o.lr = 0.5))
                .add(callbacks)
                .add(
                        Callback.on(Event.BEFORE_BATCH, l -> {
                            if (l.training()) {
                                int[] rows = IntStream.range(from[0], from[0] + split[l.batchIndex()])
                                        .toArray();
                                from[0] += rows.length;
                                l.batch(data.batch(rows));
                            }
                        }),
                        Callback.on(Event.AFTER_STEP, l -> {
                            l.optimizer().grads().forEach(g -> seen.add(g.toDoubles()));
                            l.model().parameters().forEach(p -> seen.add(p.toDoubles()));
                        }))
                .fit(1);
        return seen;
    }

    @RepeatedTest(20)
    void any_split_of_a_batch_gives_the_gradients_of_the_whole(RepetitionInfo info) {
        SplittableRandom random = new SplittableRandom(info.getCurrentRepetition());
        int samples = 2 + random.nextInt(30);
        long[] labels = random.longs(samples, 0, 2).toArray();
        TensorDataset data = new TensorDataset(Tensor.randn(samples, 3), Tensor.of(labels));
        List<Integer> parts = new ArrayList<>();
        for (int left = samples; left > 0; left -= parts.get(parts.size() - 1)) {
            parts.add(1 + random.nextInt(left));
        }
        int[] split = parts.stream().mapToInt(i -> i).toArray();
        List<double[]> whole = firstStep(data, new int[] {samples});
        List<double[]> pieces = firstStep(data, split, new GradientAccumulation(samples));
        assertThat(pieces)
                .as("seed %d, split %s", info.getCurrentRepetition(), parts)
                .hasSameSizeAs(whole);
        for (int i = 0; i < whole.size(); i++) {
            assertClose(
                    "seed " + info.getCurrentRepetition() + ", split " + parts, pieces.get(i), whole.get(i), 0, 1e-6);
        }
    }

    private static List<Integer> steps(Tail tail, long samples, Callback... more) {
        List<Integer> steps = new ArrayList<>();
        Learner learn = TinyProblem.learner(5, 1, more);
        learn.add(
                new GradientAccumulation(samples, o -> o.tail = tail),
                Callback.on(Event.AFTER_STEP, l -> steps.add(5 * l.epoch() + l.batchIndex())));
        learn.fit(2, 0.01);
        assertThat(learn.recorder().losses()).as("the losses of all batches").hasSize(10);
        assertThat(learn.iteration()).isEqualTo(10);
        assertThat(learn.optimizer().params()).as("gradients left over").isEmpty();
        return steps;
    }

    @Test
    void the_tail_of_an_epoch_is_carried_stepped_or_dropped_as_asked() {
        assertThat(steps(Tail.CARRY, 8)).containsExactly(1, 3, 5, 7, 9);
        assertThat(steps(Tail.STEP, 8)).containsExactly(1, 3, 4, 6, 8, 9);
        assertThat(steps(Tail.DROP, 8)).containsExactly(1, 3, 6, 8);
        assertThat(steps(Tail.CARRY, 100)).isEmpty();
        assertThat(steps(Tail.STEP, 100)).containsExactly(4, 9);
    }

    @Test
    void what_is_left_of_one_fit_is_not_in_the_next() {
        GradientAccumulation accumulation = new GradientAccumulation(12);
        Learner learn = TinyProblem.learner(2, 1, accumulation);
        double[] before = learn.model().parameters().get(0).toDoubles();
        learn.fit(1);
        learn.fit(1);
        assertThat(learn.model().parameters().get(0).toDoubles()).isEqualTo(before);
    }

    @Test
    void clipping_sees_the_sum_whatever_the_order_of_adding() {
        List<Double> norms = new ArrayList<>();
        Learner learn = TinyProblem.learner(4, 1, GradientClip.norm(1e-3), new GradientAccumulation(8));
        learn.fit(
                1,
                Callback.on(
                        Event.AFTER_STEP, l -> norms.add(l.optimizer().grads().norm())));
        assertThat(norms).hasSize(2).allMatch(norm -> norm <= 1e-3);
    }

    @Test
    void accumulation_refuses_what_makes_no_sense() {
        assertThatThrownBy(() -> new GradientAccumulation(0))
                .hasMessage("wanted 1 sample or more for a step, but got: 0");
        assertThatThrownBy(() -> new GradientAccumulation(1, o -> o.tail = null))
                .hasMessage("tail is null; wanted CARRY, STEP or DROP");
    }

    @Test
    void statistics_tell_the_norms_before_each_nth_step_and_change_nothing() {
        Learner alone = TinyProblem.learner();
        alone.fit(2);
        GradientStats stats = new GradientStats(2);
        Learner learn = TinyProblem.learner(stats);
        double norm = Math.abs(learn.model().parameters().get(0).toDoubles()[0]);
        learn.fit(2);
        assertThat(learn.digest()).isEqualTo(alone.digest());
        assertThat(stats.names()).containsExactlyInAnyOrder("weight", "bias");
        List<GradientStats.Stat> weight = stats.of("weight");
        assertThat(weight).extracting(GradientStats.Stat::iteration).containsExactly(0, 2, 4);
        assertThat(weight.get(0).norm()).isCloseTo(norm, within(1e-7));
        assertThat(Math.abs(weight.get(0).gradMean()))
                .as("one element")
                .isCloseTo(weight.get(0).gradNorm(), within(1e-7));
        assertThat(weight.get(0).gradStd()).isZero();
        assertThatThrownBy(() -> stats.of("wieght"))
                .hasMessageStartingWith("there are no figures of a parameter 'wieght'; there is [");
        assertThatThrownBy(() -> new GradientStats(0)).hasMessageContaining("but got: 0");
    }

    @Test
    void statistics_see_the_sum_before_it_is_clipped() {
        GradientStats stats = new GradientStats();
        Learner learn = TinyProblem.learner(4, 1, GradientClip.norm(1e-6), stats, new GradientAccumulation(8));
        learn.fit(1);
        assertThat(stats.of("bias")).hasSize(2).allMatch(stat -> stat.gradNorm() > 1e-3);
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(0.1);
    }
}
