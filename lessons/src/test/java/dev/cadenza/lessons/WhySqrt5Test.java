package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Batch;
import dev.cadenza.lessons.WhySqrt5.Spread;
import dev.cadenza.nn.Lsuv;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(InScope.class)
class WhySqrt5Test {
    private static final Batch DIGITS = WhySqrt5.digits(); // drawn once, which takes a second

    private final WhySqrt5.Net net = WhySqrt5.net();

    static Stream<Map<String, Object>> golden() {
        return Golden.maps(Golden.read("init_and_layers.json").get("why_sqrt5")).stream();
    }

    @ParameterizedTest
    @MethodSource("golden")
    void one_convolution_gives_the_variance_that_PyTorch_measured(Map<String, Object> golden) {
        double a = Golden.number(golden.get("a"));
        double wanted = Golden.number(golden.get("output_var_mean"));
        assertThat(WhySqrt5.variance(a)).isCloseTo(wanted, within(0.15 * wanted));
        assertThat(2 / (1 + a * a))
                .isCloseTo(Golden.number(golden.get("output_var_theory_without_padding")), within(1e-9));
    }

    @Test
    void by_the_default_the_signal_shrinks_from_layer_to_layer() {
        Spread spread = WhySqrt5.spread(net, DIGITS);
        List<Double> stds = spread.activations();
        assertThat(stds).hasSize(4).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(stds.get(0)).isBetween(0.4, 0.8); // the course has 0.59
        assertThat(stds.get(3)).isLessThan(0.1);
        assertThat(spread.output()).isLessThan(0.02); // the course has 0.0065
    }

    @Test
    void proper_init_keeps_activations_and_gradients_large() {
        double before = WhySqrt5.spread(net, DIGITS).gradient();
        WhySqrt5.properly(net);
        Spread spread = WhySqrt5.spread(net, DIGITS);
        assertThat(spread.activations()).hasSize(4).allMatch(std -> std > 0.3 && std < 3);
        assertThat(spread.output()).isBetween(0.2, 1.0); // the course has 0.40
        assertThat(spread.gradient()).isGreaterThan(5 * before); // and 0.42 for 0.033
    }

    @Test
    void lsuv_mends_the_default() {
        double before = WhySqrt5.spread(net, DIGITS).gradient();
        Lsuv.init(net, DIGITS.input());
        Spread spread = WhySqrt5.spread(net, DIGITS);
        assertThat(spread.activations())
                .hasSize(4)
                .allSatisfy(std -> assertThat(std).isCloseTo(1, within(1e-3)));
        assertThat(spread.gradient()).isGreaterThan(5 * before);
    }

    @Test
    void the_digits_are_normalised_and_the_net_gives_a_number_for_each() {
        Tensor x = DIGITS.input();
        assertThat(x.mean().item()).isCloseTo(0, within(1e-5));
        assertThat(x.std(true).item()).isCloseTo(1, within(1e-5));
        assertThat(net.forward(x).shape()).containsExactly(100);
    }

    @Test
    void the_lesson_prints_the_same_each_time() {
        String printed = Printed.by(WhySqrt5::main);
        assertThat(printed).startsWith("seed 1;").contains("+LSUV").hasLineCount(8);
        assertThat(Printed.by(WhySqrt5::main)).isEqualTo(printed);
    }
}
