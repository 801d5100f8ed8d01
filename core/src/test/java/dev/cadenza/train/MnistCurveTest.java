package dev.cadenza.train;

import static dev.cadenza.optim.Hyper.lr;
import static dev.cadenza.optim.Hyper.mom;
import static dev.cadenza.optim.Hyper.wd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One epoch over MNIST in file order from stored weights: the losses of real fastai 2.0.2 runs.
 *
 * <p>Each curve has tolerances of its own. Float32 is compared only up to the step where rounding alone, amplified by
 * training, parts runs of fastai itself.
 */
class MnistCurveTest {
    private static Map<String, Object> golden;

    @BeforeAll
    static void read() {
        golden = Golden.read("mnist_curve.json");
        Engine.threads(1); // the tensors are small
    }

    static Stream<Arguments> curves() {
        return Golden.maps(golden.get("curves")).stream().map(c -> Arguments.of(c.get("id"), c));
    }

    private static Learner learner(Map<String, Object> curve, DType dtype) {
        Module model = Sequential.of(new Linear(784, 50), Tensor::relu, new Linear(50, 10))
                .to(dtype);
        Map<String, Tensor> init = new TreeMap<>();
        Golden.map(golden.get("init")).forEach((name, json) -> {
            Map<String, Object> map = Golden.map(json);
            byte[] bytes = Base64.getDecoder().decode((String) map.get("base64le"));
            init.put(name, Tensor.of(ByteBuffer.wrap(bytes), DType.FLOAT32, Golden.longs(map.get("shape"))));
        });
        model.loadStateDict(init);
        boolean normalized = curve.get("input").equals("normalized");
        double mean = normalized ? Golden.number(golden.get("mean")) : 0;
        double std = normalized ? Golden.number(golden.get("std")) : 1;
        DataLoaders data = new DataLoaders(
                loader(new RawMnist(0, 50_000, dtype, mean, std)),
                loader(new RawMnist(50_000, 10_000, dtype, mean, std)));
        Learner learn = new Learner(data, model, Losses.crossEntropy()).metrics(Metrics.accuracy());
        return curve.get("optimizer").equals("SGD")
                ? learn.optimizer(Optimizers.sgd(o -> o.lr = Golden.number(curve.get("lr"))))
                : learn.optimizer(parameters -> adam(model)).add(schedule(curve));
    }

    private static DataLoader loader(RawMnist part) {
        return new DataLoader(part, o -> o.batchSize = 64);
    }

    private static Optimizer adam(Module model) {
        var named = model.namedParameters();
        Optimizer adam = Optimizer.ofGroups(
                        List.of(
                                List.of(named.get("0.weight"), named.get("2.weight")),
                                List.of(named.get("0.bias"), named.get("2.bias"))),
                        Steps.weightDecay(),
                        Steps.averageGrad(true),
                        Steps.averageSqrGrad(),
                        Steps.adamStep())
                .set(wd(0.01), Hyper.sqrMom(0.99), Hyper.eps(1e-5));
        adam.groups().get(1).set(wd(0)); // biases do not decay
        return adam;
    }

    private static Callback schedule(Map<String, Object> curve) {
        double[] lrs = Golden.doubles(curve.get("lr"));
        double[] moms = Golden.doubles(curve.get("mom"));
        return Callback.on(Event.BEFORE_BATCH, learn -> {
            if (learn.training()) {
                learn.optimizer().set(lr(lrs[learn.iteration()]), mom(moms[learn.iteration()]));
            }
        });
    }

    private static void requireLosses(double[] got, double[] want, int from, int count, int every, double tolerance) {
        for (int i = 0; i < count; i++) {
            int step = from + i * every;
            assertThat(got[step]).as("loss of step %d", step).isCloseTo(want[i], within(tolerance));
        }
    }

    private static void requireCorrect(Learner learn, Map<String, Object> want, Object tolerance) {
        double correct = learn.recorder().lastEpoch().get("accuracy") * 10_000;
        assertThat(correct)
                .isCloseTo(Golden.number(want.get("valid_correct")), within(Golden.number(tolerance) + 0.01));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("curves")
    void float32_gives_the_losses_of_fastai_as_far_as_they_are_defined(String id, Map<String, Object> curve) {
        Learner learn = learner(curve, DType.FLOAT32);
        learn.fit(1);
        Map<String, Object> want = Golden.map(curve.get("float32"));
        Map<String, Object> tolerance = Golden.map(curve.get("tolerance"));
        double[] losses = learn.recorder().losses();
        assertThat(losses).hasSize(782);
        int comparable = (int) Golden.number(tolerance.get("float32_comparable_steps"));
        double abs = Golden.number(tolerance.get("float32_abs"));
        requireLosses(losses, Golden.doubles(want.get("loss_0_199")), 0, comparable, 1, abs);
        requireCorrect(learn, want, tolerance.get("float32_correct"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("curves")
    void float64_gives_all_losses_and_parameters_of_fastai(String id, Map<String, Object> curve) {
        Learner learn = learner(curve, DType.FLOAT64);
        learn.fit(1);
        Map<String, Object> want = Golden.map(curve.get("float64"));
        Map<String, Object> tolerance = Golden.map(curve.get("tolerance"));
        double[] losses = learn.recorder().losses();
        double early = Golden.number(tolerance.get("float64_abs_0_199"));
        double all = Golden.number(tolerance.get("float64_abs_all"));
        requireLosses(losses, Golden.doubles(want.get("loss_0_199")), 0, 200, 1, early);
        requireLosses(losses, Golden.doubles(want.get("loss_every_50_from_200")), 200, 12, 50, all);
        assertThat(losses[781]).isCloseTo(Golden.number(want.get("loss_last")), within(all));
        assertThat(learn.recorder().lastEpoch().get("valid_loss"))
                .isCloseTo(Golden.number(want.get("valid_loss")), within(all));
        requireCorrect(learn, want, tolerance.get("float64_correct"));
        if (all == 1e-9) { // else the curve amplifies rounding, and of parameters the file says nothing
            double[] sums = learn.model().parameters().stream()
                    .mapToDouble(p -> p.sum().item())
                    .toArray();
            double[] norms = learn.model().parameters().stream()
                    .mapToDouble(p -> p.norm().item())
                    .toArray();
            assertThat(sums).containsExactly(Golden.doubles(want.get("final_param_sum")), within(1e-7));
            assertThat(norms).containsExactly(Golden.doubles(want.get("final_param_l2")), within(1e-8));
        }
    }
}
