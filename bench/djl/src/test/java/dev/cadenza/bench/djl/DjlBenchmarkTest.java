package dev.cadenza.bench.djl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DjlBenchmarkTest {
    @ParameterizedTest
    @ValueSource(strings = {"adam", "sgd"})
    void it_takes_one_step_of_the_rule(String rule) {
        DjlBenchmark benchmark = new DjlBenchmark();
        benchmark.rule = rule;
        benchmark.setup(List.of(new long[] {4, 3}, new long[] {5}));
        float[] before = benchmark.parameters().get(1).toFloatArray();
        float[] gradient = benchmark.gradients().get(1).toFloatArray();
        benchmark.djl();
        float[] after = benchmark.parameters().get(1).toFloatArray();
        for (int i = 0; i < after.length; i++) {
            // Adam's first step goes by the learning rate, however large the gradient.
            double step = 1e-3 * (rule.equals("adam") ? Math.signum(gradient[i]) : gradient[i]);
            assertThat(before[i] - after[i]).isCloseTo((float) step, within(1e-5f));
        }
        benchmark.close();
    }
}
