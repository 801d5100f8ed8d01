package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** First values have the bounds and spreads that PyTorch's have. */
class GoldenInitTest {
    private static final String FILE = "init_and_layers.json";
    private static final long SEED = 42;

    @TestFactory
    Stream<DynamicTest> draws_have_the_bounds_and_spreads_of_PyTorch() {
        List<DynamicTest> tests = new ArrayList<>();
        for (Map<String, Object> golden : Golden.maps(Golden.read(FILE).get("init"))) {
            Runnable check = check(golden);
            if (check != null) {
                tests.add(dynamicTest(golden + ", seed " + SEED, () -> {
                    Rng.global().seed(SEED);
                    try (Scope scope = Scope.open()) {
                        check.run();
                    }
                }));
            }
        }
        // one is left out: fastai's Embedding, which needs the truncated normal of the text package
        assertThat(tests).hasSize(Golden.maps(Golden.read(FILE).get("init")).size() - 1);
        return tests.stream();
    }

    private static Runnable check(Map<String, Object> golden) {
        return switch ((String) golden.get("fn")) {
            case "kaiming" -> () -> kaiming(golden);
            case "xavier" ->
                () -> {
                    normal(golden, Init.xavierNormal_(zeros(golden)));
                    uniform(golden, Init.xavierUniform_(zeros(golden)));
                };
            case "torch default of Linear/Conv" -> () -> layerDefault(golden);
            case "fastai BatchNorm" ->
                () -> {
                    BatchNorm2d norm = new BatchNorm2d(3);
                    assertThat(norm.weight().toDoubles()).containsOnly(Golden.number(golden.get("weight")));
                    Init.constant_(norm.bias(), Golden.number(golden.get("bias")));
                    assertThat(norm.bias().toFloats()).containsOnly(1e-3f);
                    assertThat(Init.zeros_(norm.weight()).toDoubles()).containsOnly(0);
                };
            case "fastai init_default" ->
                () -> {
                    Linear linear = new Linear(784, 50);
                    double std = Init.kaimingNormal_(linear.weight()).std(true).item();
                    assertThat(std).isCloseTo(Math.sqrt(2.0 / 784), within(4 * std / Math.sqrt(2 * 784 * 50)));
                    assertThat(Init.zeros_(linear.bias()).toDoubles()).containsOnly(0);
                };
            case "torch Embedding" ->
                () -> {
                    double std = new Embedding(1000, 10).weight().std(true).item();
                    assertThat(std).isCloseTo(1, within(4 / Math.sqrt(2 * 10_000)));
                };
            default -> null;
        };
    }

    private static void kaiming(Map<String, Object> golden) {
        Consumer<Init.KaimingOptions> options = o -> {
            o.a = Golden.number(golden.get("a"));
            o.fanOut = golden.get("mode").equals("fan_out");
        };
        normal(golden, Init.kaimingNormal_(zeros(golden), options));
        uniform(golden, Init.kaimingUniform_(zeros(golden), options));
    }

    private static void layerDefault(Map<String, Object> golden) {
        long[] shape = Golden.longs(golden.get("shape"));
        Module layer = shape.length == 2
                ? new Linear(shape[1], shape[0])
                : new Conv2d(shape[1], shape[0], (int) shape[2], o -> o.kernelWidth = (int) shape[3]);
        Tensor weight = layer.stateDict().get("weight");
        double std = Golden.number(golden.get("weight_std"));
        assertThat(weight.shape()).isEqualTo(shape);
        uniform(weight, Golden.number(golden.get("weight_uniform_bound")), std);
        assertBelow(layer.stateDict().get("bias"), Golden.number(golden.get("bias_uniform_bound")));
    }

    private static Tensor zeros(Map<String, Object> golden) {
        return Tensor.zeros(Golden.longs(golden.get("shape")));
    }

    private static void normal(Map<String, Object> golden, Tensor t) {
        double std = Golden.number(golden.get("normal_std"));
        assertThat(t.std(true).item()).isCloseTo(std, within(4 * std / Math.sqrt(2 * t.numel())));
    }

    private static void uniform(Map<String, Object> golden, Tensor t) {
        uniform(t, Golden.number(golden.get("uniform_bound")), Golden.number(golden.get("uniform_std")));
    }

    private static void uniform(Tensor t, double bound, double std) {
        assertBelow(t, bound);
        assertThat(t.std(true).item()).isCloseTo(std, within(2 * std / Math.sqrt(t.numel())));
    }

    private static void assertBelow(Tensor t, double bound) {
        assertThat(t.abs().max().item()).isLessThanOrEqualTo((float) bound);
    }

    @TestFactory
    Stream<DynamicTest> the_sqrt_5_experiment_comes_out_as_in_PyTorch() {
        return Golden.maps(Golden.read(FILE).get("why_sqrt5")).stream()
                .map(golden -> dynamicTest("a = " + golden.get("a") + ", seed " + SEED, () -> {
                    Rng.global().seed(SEED);
                    try (Scope scope = Scope.open()) {
                        Conv2d conv = new Conv2d(1, 32, 5, o -> {
                            o.stride = 2;
                            o.padding = 2;
                        });
                        Init.kaimingUniform_(conv.weight(), o -> o.a = Golden.number(golden.get("a")));
                        Init.zeros_(conv.bias());
                        double variance = conv.forward(Tensor.randn(64, 1, 28, 28))
                                .var(true, false, 0, 1, 2, 3)
                                .item();
                        double wanted = Golden.number(golden.get("output_var_mean"));
                        assertThat(variance).isCloseTo(wanted, within(0.15 * wanted));
                    }
                }));
    }

    @Test
    void dropout_scales_what_it_keeps() {
        Map<String, Object> golden =
                Golden.map(Golden.map(Golden.read(FILE).get("dropout")).get("dropout"));
        double p = Golden.number(golden.get("p"));
        try (Scope scope = Scope.open()) {
            Tensor x = Golden.tensor(golden.get("x"));
            Tensor mask = Golden.tensor(golden.get("mask"));
            assertClose("by mask", x.mul(mask).div(1 - p), Golden.tensor(golden.get("train")), 1e-9, 1e-11);
            Rng.global().seed(SEED);
            Tensor dropped = F.dropout(x, p, true);
            Tensor kept = x.mul(dropped.ne(0).to(x.dtype())).div(1 - p);
            assertClose("train, seed " + SEED, dropped, kept, 1e-9, 1e-11);
            assertClose("eval", F.dropout(x, p, false), Golden.tensor(golden.get("eval")), 0, 0);
        }
    }
}
