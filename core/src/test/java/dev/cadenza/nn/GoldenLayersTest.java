package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.testing.Golden;
import dev.cadenza.testing.LayerCheck;
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

    /** Cases of layers that Cadenza does not have yet, by what they wait for. */
    private static final Map<String, Set<String>> LATER = Map.of(
            "other convolutions (vision)", Set.of("conv1d", "conv_transpose2d"),
            "one-dimensional pools (text)", Set.of("adaptive_concat_1d"),
            "other norms (vision)", Set.of("layernorm", "layernorm_2d", "groupnorm", "instancenorm2d"),
            "recurrent layers (text)", Set.of("lstm_2layer", "lstm_2layer_zero_state", "gru_1layer", "rnn_tanh"),
            "nets that vision has, and tests",
                    Set.of(
                            "simple_cnn",
                            "res_block",
                            "res_block_stride2",
                            "torchvision_basic_block",
                            "torchvision_basic_block_down",
                            "torchvision_bottleneck"));

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
                .map(golden ->
                        dynamicTest((String) golden.get("id"), () -> LayerCheck.check(build.apply(golden), golden)));
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
        assertThat(tested).isEqualTo(71);
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
                    // a Sequential stands for fastai's subclasses of it
                    assertThat(printed.replaceFirst("^Sequential", ""))
                            .isEqualTo(wanted.replaceFirst("^(Sequential|ConvLayer|LinBnDrop)", ""));
                }));
    }
}
