package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every layer gives PyTorch's outputs, gradients and running statistics, under PyTorch's names. */
class GoldenLayersTest {
    private static final String FILE = "init_and_layers.json";
    private static final double RTOL = 1e-9;
    private static final double ATOL = 1e-11;

    /** Cases of layers that Cadenza does not have yet, by what they wait for. */
    private static final Map<String, Set<String>> LATER = Map.of(
            "other convolutions (vision)", Set.of("conv1d", "conv_transpose2d"),
            "average and adaptive pools (vision)",
                    Set.of(
                            "avgpool_2",
                            "avgpool_3_s2_p1",
                            "avgpool_3_s2_p1_exclude_pad",
                            "avgpool_2_ceil",
                            "adaptive_avg_1",
                            "adaptive_avg_2x3",
                            "adaptive_avg_4x4",
                            "adaptive_max_1",
                            "adaptive_max_3x2",
                            "adaptive_concat_1",
                            "adaptive_concat_2",
                            "adaptive_concat_1d",
                            "pool_flatten_cat"),
            "other norms (vision)", Set.of("layernorm", "layernorm_2d", "groupnorm", "instancenorm2d"),
            "recurrent layers (text)", Set.of("lstm_2layer", "lstm_2layer_zero_state", "gru_1layer", "rnn_tanh"),
            "nets with average pools (vision)", Set.of("simple_cnn", "res_block", "res_block_stride2"));

    @TestFactory
    Stream<DynamicTest> layers_match_PyTorch() {
        return tests("layers", golden -> GoldenModules.layer(Golden.map(golden.get("config"))));
    }

    @TestFactory
    Stream<DynamicTest> nets_match_PyTorch() {
        return tests("nets", golden -> GoldenModules.net((String) golden.get("id")));
    }

    private static Stream<DynamicTest> tests(String section, Function<Map<String, Object>, Module> build) {
        return Golden.maps(Golden.read(FILE).get(section)).stream()
                .filter(golden -> build.apply(golden) != null)
                .map(golden -> dynamicTest((String) golden.get("id"), () -> check(build.apply(golden), golden)));
    }

    @Test
    void every_case_is_either_tested_or_named_as_later() {
        Map<String, Object> file = Golden.read(FILE);
        Set<String> untested = new TreeSet<>();
        int tested = 0;
        for (String section : List.of("layers", "nets")) {
            for (Map<String, Object> golden : Golden.maps(file.get(section))) {
                String id = (String) golden.get("id");
                Module module = section.equals("nets")
                        ? GoldenModules.net(id)
                        : GoldenModules.layer(Golden.map(golden.get("config")));
                if (module == null) {
                    untested.add(id);
                } else {
                    tested++;
                }
            }
        }
        Set<String> later = new TreeSet<>();
        LATER.values().forEach(later::addAll);
        assertThat(untested).isEqualTo(later);
        assertThat(tested).isEqualTo(62);
    }

    @TestFactory
    Stream<DynamicTest> nets_print_as_in_PyTorch() {
        return Golden.maps(Golden.read(FILE).get("nets")).stream()
                .filter(golden -> GoldenModules.net((String) golden.get("id")) != null)
                .map(golden -> dynamicTest((String) golden.get("id"), () -> {
                    List<?> lines = (List<?>) Golden.map(golden.get("config")).get("structure");
                    String wanted = String.join("\n", lines.toArray(String[]::new));
                    String printed =
                            GoldenModules.net((String) golden.get("id")).toString();
                    // a Sequential stands for fastai's subclasses of it; there is no in-place variant here
                    assertThat(printed.replaceFirst("^Sequential", ""))
                            .isEqualTo(wanted.replace("inplace=True", "")
                                    .replaceFirst("^(Sequential|ConvLayer|LinBnDrop)", ""));
                }));
    }

    private static void check(Module module, Map<String, Object> golden) {
        try (Scope scope = Scope.open()) {
            module.to(DType.FLOAT64).train((Boolean) golden.get("training"));
            Map<String, Tensor> state = tensors(golden.get("weights"));
            state.putAll(tensors(golden.get("buffers_before")));
            module.loadStateDict(state);
            Tensor input = Golden.tensor(((List<?>) golden.get("inputs")).get(0));
            if (input.dtype().isFloatingPoint()) {
                input.requiresGrad_(true);
            }

            Tensor output = module.forward(input);
            assertClose("output", output, first(golden, "outputs"), RTOL, ATOL);

            output.backward(first(golden, "grad_outputs"));
            if (golden.get("grad_inputs") != null) {
                assertClose("gradient of the input", input.grad(), first(golden, "grad_inputs"), RTOL, ATOL);
            }
            Map<String, Parameter> parameters = module.namedParameters();
            Map<String, Tensor> gradients = tensors(golden.get("grad_weights"));
            assertThat(parameters.keySet()).isEqualTo(gradients.keySet());
            gradients.forEach(
                    (name, want) -> assertClose(name, parameters.get(name).grad(), want, RTOL, ATOL));
            tensors(golden.get("buffers_after"))
                    .forEach((name, want) ->
                            assertClose(name, module.namedBuffers().get(name), want, RTOL, ATOL));
        }
    }

    private static Tensor first(Map<String, Object> golden, String key) {
        return Golden.tensor(((List<?>) golden.get(key)).get(0));
    }

    private static Map<String, Tensor> tensors(Object json) {
        Map<String, Tensor> tensors = new HashMap<>();
        if (json != null) {
            Golden.map(json).forEach((name, value) -> tensors.put(name, Golden.tensor(value)));
        }
        return tensors;
    }
}
