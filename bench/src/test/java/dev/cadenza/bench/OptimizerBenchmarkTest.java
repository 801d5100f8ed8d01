package dev.cadenza.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerBenchmarkTest {
    private static final List<long[]> SHAPES = List.of(new long[] {8, 3, 3, 3}, new long[] {8}, new long[] {10, 8});

    private static OptimizerBenchmark small(String rule) {
        OptimizerBenchmark benchmark = new OptimizerBenchmark();
        benchmark.rule = rule;
        benchmark.setup(SHAPES);
        return benchmark;
    }

    private static List<Tensor> after(int steps, String rule, Consumer<OptimizerBenchmark> row) {
        OptimizerBenchmark benchmark = small(rule);
        for (int i = 0; i < steps; i++) {
            row.accept(benchmark);
        }
        return benchmark.parameters().stream().map(Tensor::detach).toList();
    }

    private static void assertSame(List<Tensor> actual, List<Tensor> expected) {
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).allclose(expected.get(i), 1e-6, 1e-7)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "sgd"})
    void every_row_takes_one_step_and_the_same_one(String rule) {
        try (Scope scope = Scope.open()) {
            List<Tensor> before = after(0, rule, row -> {});
            List<Tensor> loop = after(1, rule, OptimizerBenchmark::loop);
            for (int i = 0; i < before.size(); i++) {
                assertThat(loop.get(i).sub(before.get(i)).abs().min().item()).isPositive();
            }
            assertSame(after(1, rule, OptimizerBenchmark::multiTensor), loop);
            assertSame(after(1, rule, OptimizerBenchmark::fused), loop);
            assertSame(after(1, rule, OptimizerBenchmark::kernel), loop);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adam", "sgd"})
    void rows_still_agree_after_five_steps(String rule) {
        try (Scope scope = Scope.open()) {
            List<Tensor> loop = after(5, rule, OptimizerBenchmark::loop);
            assertSame(after(5, rule, OptimizerBenchmark::multiTensor), loop);
            assertSame(after(5, rule, OptimizerBenchmark::fused), loop);
        }
    }
}
