package dev.cadenza.vision.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.LayerCheck;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The blocks give the outputs and gradients of torchvision's and fastai's, under their names. */
class GoldenBlocksTest {
    private static Module block(String id) {
        return switch (id) {
            case "conv_layer_bn_relu" -> new ConvLayer(2, 3, 3);
            case "conv_layer_act_first" -> new ConvLayer(2, 3, 1, o -> o.bnFirst = false);
            case "simple_cnn" ->
                Sequential.of(
                        new ConvLayer(2, 3, 3, o -> {
                            o.stride = 2;
                            o.norm = ConvLayer.Norm.NONE;
                        }),
                        Sequential.of(new AdaptiveAvgPool2d(1), new Flatten()));
            case "res_block" -> new ResBlock(1, 3, 3);
            case "res_block_stride2" -> new ResBlock(1, 2, 4, o -> o.stride = 2);
            case "torchvision_basic_block" -> new BasicBlock(3, 3, 1);
            case "torchvision_basic_block_down" -> new BasicBlock(2, 4, 2);
            case "torchvision_bottleneck" -> new Bottleneck(4, 1, 1);
            default -> null;
        };
    }

    private static List<Map<String, Object>> goldens() {
        return Golden.maps(Golden.read("init_and_layers.json").get("nets")).stream()
                .filter(golden -> block((String) golden.get("id")) != null)
                .toList();
    }

    @Test
    void there_are_eight_cases() {
        assertThat(goldens()).hasSize(8);
    }

    @TestFactory
    Stream<DynamicTest> blocks_give_the_numbers_of_torchvision_and_fastai() {
        return goldens().stream()
                .map(golden -> dynamicTest(
                        (String) golden.get("id"), () -> LayerCheck.check(block((String) golden.get("id")), golden)));
    }

    @TestFactory
    Stream<DynamicTest> blocks_print_as_in_torchvision_and_fastai() {
        return goldens().stream()
                .filter(golden -> !"simple_cnn".equals(golden.get("id"))) // put together here
                .map(golden -> dynamicTest((String) golden.get("id"), () -> {
                    List<?> lines = (List<?>) Golden.map(golden.get("config")).get("structure");
                    String wanted = String.join("\n", lines.toArray(String[]::new));
                    String printed = block((String) golden.get("id")).toString();
                    // all relus are in place here, those of fastai's layers are not
                    assertThat(printed.replace("inplace=True", "")).isEqualTo(wanted.replace("inplace=True", ""));
                }));
    }
}
