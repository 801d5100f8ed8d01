package dev.cadenza.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.testing.Golden;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares the steps with what fastai 2.0.2, the steppers of fastbook's chapter 16, and torch.optim computed. */
class GoldenOptimizersTest {
    private static final String NOT_YET = "its step is not built yet";

    /** What is not compared, by the beginning of the id, and why. */
    private static final Map<String, String> LEFT_OUT = new TreeMap<>(Map.ofEntries(
            Map.entry("fastai/rmsprop", NOT_YET),
            Map.entry("fastai/radam", NOT_YET),
            Map.entry("fastai/qhadam", NOT_YET),
            Map.entry("fastai/larc", NOT_YET),
            Map.entry("fastai/lamb", NOT_YET),
            Map.entry("fastai/lookahead", NOT_YET),
            Map.entry("fastai/ranger", NOT_YET),
            Map.entry("fastbook16/rms_prop_step", NOT_YET),
            Map.entry("torch/rmsprop", NOT_YET),
            Map.entry("fastai/sgd_mom_clear_state", "there is no way to clear the state yet"),
            Map.entry("torch/sgd_dampening", "torch starts its average with the first gradient, undamped"),
            Map.entry("torch/sgd_nesterov", "Nesterov's momentum is not offered"),
            Map.entry("torch/sgd_maximize", "to maximize, negate the loss"),
            Map.entry("torch/adam_amsgrad", "AMSGrad is not offered"),
            Map.entry("torch/adamw_amsgrad", "AMSGrad is not offered")));

    @TestFactory
    Stream<DynamicTest> steps_give_the_numbers_of_fastai_and_pytorch() {
        return cases().stream()
                .filter(each -> !isLeftOut(id(each)))
                .map(each -> dynamicTest(id(each), () -> new GoldenCase(each).play()));
    }

    @Test
    void no_case_is_left_out_without_a_reason() {
        List<String> ids = cases().stream().map(GoldenOptimizersTest::id).toList();
        assertThat(ids).hasSize(63);
        assertThat(ids.stream().filter(id -> !isLeftOut(id))).hasSize(32);
        assertThat(LEFT_OUT.keySet()).allSatisfy(prefix -> assertThat(ids).anyMatch(id -> id.startsWith(prefix)));
    }

    private static List<Map<String, Object>> cases() {
        return Golden.maps(Golden.read("optimizers.json").get("cases"));
    }

    private static String id(Map<String, Object> each) {
        return (String) each.get("id");
    }

    private static boolean isLeftOut(String id) {
        return LEFT_OUT.keySet().stream().anyMatch(id::startsWith);
    }
}
