package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(InScope.class)
class LsuvTest {
    private static final double TOLERANCE = 1e-3;

    private final Tensor rows = Tensor.zeros(64, 32).normal_(0, 1, new Rng(1));
    private final Tensor images = Tensor.zeros(16, 1, 12, 12).normal_(0, 1, new Rng(2));

    @BeforeEach
    void seed() {
        Rng.global().seed(3);
    }

    static Module deep(double std) {
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Linear linear = new Linear(32, 32);
            Init.normal_(linear.weight(), 0, std);
            layers.addAll(List.of(linear, Activation.relu()));
        }
        return Sequential.of(layers);
    }

    /** Everything that can go wrong: a norm, a dropout, two kinds of layers, and one layer frozen in inference mode. */
    static Module mixed() {
        Module model = Sequential.of(
                new Conv2d(1, 4, 3),
                new BatchNorm2d(4),
                Activation.relu(),
                new Dropout(0.5),
                new Conv2d(4, 8, 3, o -> o.bias = false),
                Activation.relu(),
                new Flatten(),
                new Linear(8 * 8 * 8, 10));
        model.namedModules().get("1").setTraining(false);
        return model;
    }

    /** The spread of each layer's output in a pass without Lsuv, batch norms as in training. */
    private static Map<String, Double> stds(Module model, Tensor input) {
        Map<String, Double> stds = new LinkedHashMap<>();
        List<Hook> hooks = new ArrayList<>();
        model.namedModules()
                .forEach((name, module) -> hooks.add(module.onForward((m, inputs, output) -> {
                    if (m instanceof Linear || m instanceof Conv2d) {
                        stds.put(name, output.std(false).item());
                    }
                    return output;
                })));
        try (NoGrad off = NoGrad.open()) {
            model.forward(input);
        }
        hooks.forEach(Hook::close);
        return stds;
    }

    @ParameterizedTest(name = "weights from N(0, {0}²)")
    @ValueSource(doubles = {0.02, 1})
    void a_deep_net_whose_spread_vanishes_or_explodes_gets_spread_1_everywhere(double std) {
        Module model = deep(std);
        double before = stds(model, rows).get("18");
        assertThat(std < 1 ? 1 / before : before).as("10 layers away from 1").isGreaterThan(5);
        List<Lsuv.Scaled> scaled = Lsuv.init(model, rows);
        assertThat(scaled).hasSize(10).allSatisfy(layer -> {
            assertThat(layer.std()).isCloseTo(1, within(TOLERANCE));
            assertThat(layer.iterations()).isBetween(1, 10);
            assertThat(layer.stdBefore()).isNotCloseTo(1, within(TOLERANCE));
        });
        Map<String, Double> after = stds(model, rows);
        scaled.forEach(layer -> assertThat(after.get(layer.name())).isCloseTo(layer.std(), within(1e-6)));
    }

    @Test
    void layers_are_scaled_in_the_order_of_running_not_of_naming() {
        Module model = new Module() {
            final Linear second = new Linear(32, 32);
            final Linear first = new Linear(32, 32);

            @Override
            protected Tensor compute(Tensor x) {
                return second.forward(first.forward(x).relu());
            }
        };
        assertThat(Lsuv.init(model, rows)).extracting(Lsuv.Scaled::name).containsExactly("first", "second");
    }

    @Test
    void convolutions_are_scaled_as_batch_norm_feeds_them_in_training() {
        Module model = mixed();
        assertThat(Lsuv.init(model, images)).extracting(Lsuv.Scaled::name).containsExactly("0", "4", "7");
        model.eval().namedModules().get("1").setTraining(true);
        assertThat(stds(model, images).values())
                .hasSize(3)
                .allSatisfy(std -> assertThat(std).isCloseTo(1, within(TOLERANCE)));
    }

    @Test
    void without_a_bias_once_is_enough_and_only_the_scale_of_the_weight_changes() {
        Linear linear = new Linear(32, 8, o -> o.bias = false);
        Tensor before = linear.weight().detach().clone();
        Lsuv.Scaled scaled = Lsuv.init(linear, rows).get(0);
        assertThat(scaled.name()).isEqualTo("(model)");
        assertThat(scaled.iterations()).isEqualTo(1);
        assertThat(linear.weight().allclose(before.div(scaled.stdBefore()), 1e-6, 0))
                .isTrue();
    }

    @Test
    void the_most_iterations_are_kept_and_what_is_left_is_told() {
        Linear linear = new Linear(32, 8);
        Init.uniform_(linear.bias(), -1, 1);
        Lsuv.Scaled scaled = Lsuv.init(linear, rows, o -> {
                    o.most = 1;
                    o.tolerance = 1e-6;
                })
                .get(0);
        assertThat(scaled.iterations()).isEqualTo(1);
        assertThat(scaled.std())
                .isNotCloseTo(1, within(1e-6))
                .isEqualTo(stds(linear, rows).get(""));
    }
}
