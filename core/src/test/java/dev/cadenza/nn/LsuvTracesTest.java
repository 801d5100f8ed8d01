package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What LSUV must not change, and what it refuses. */
@ExtendWith(InScope.class)
class LsuvTracesTest {
    private final Tensor rows = Tensor.zeros(64, 32).normal_(0, 1, new Rng(1));
    private final Tensor images = Tensor.zeros(16, 1, 12, 12).normal_(0, 1, new Rng(2));

    @BeforeEach
    void seed() {
        Rng.global().seed(3);
    }

    private static Map<String, Tensor> copy(Map<String, ? extends Tensor> state) {
        Map<String, Tensor> copy = new LinkedHashMap<>();
        state.forEach((name, tensor) -> copy.put(name, tensor.detach().clone()));
        return copy;
    }

    private static void assertEqual(Map<String, ? extends Tensor> got, Map<String, ? extends Tensor> want) {
        assertThat(got.keySet()).isEqualTo(want.keySet());
        got.forEach((name, tensor) ->
                assertThat(tensor.equal(want.get(name))).as(name).isTrue());
    }

    @Test
    void buffers_modes_and_the_generator_are_afterwards_bit_for_bit_as_before() {
        Module model = LsuvTest.mixed();
        Map<String, Tensor> buffers = copy(model.namedBuffers());
        List<Boolean> modes = modes(model);
        byte[] random = Rng.global().state();
        Lsuv.init(model, images);
        assertEqual(model.namedBuffers(), buffers);
        assertThat(modes(model)).isEqualTo(modes);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(model.parameters()).allMatch(p -> p.isLeaf() && p.requiresGrad() && !p.hasGrad());
        assertThat(NoGrad.gradIsEnabled()).isTrue();
    }

    private static List<Boolean> modes(Module model) {
        return model.namedModules().values().stream().map(Module::isTraining).toList();
    }

    @Test
    void a_second_time_changes_nothing() {
        for (Module model : List.of(LsuvTest.deep(0.5), LsuvTest.deep(0.1))) {
            Lsuv.init(model, rows);
            Map<String, Tensor> state = copy(model.stateDict());
            assertThat(Lsuv.init(model, rows)).allMatch(layer -> layer.iterations() == 0);
            assertEqual(model.stateDict(), state);
        }
    }

    @Test
    void frozen_weights_stay_and_a_layer_that_runs_twice_is_scaled_for_its_first_run() {
        Linear frozen = new Linear(32, 32);
        Linear twice = new Linear(32, 32);
        frozen.requiresGrad_(false);
        Tensor weight = frozen.weight().clone();
        Module model = Sequential.of(frozen, twice, F::relu, twice);
        assertThat(Lsuv.init(model, rows)).extracting(Lsuv.Scaled::name).containsExactly("1");
        assertThat(frozen.weight().equal(weight)).isTrue();
        assertThat(twice.forward(frozen.forward(rows)).std(false).item()).isCloseTo(1, within(1e-3));
    }

    @Test
    void biases_stay_unless_the_mean_is_to_be_0() {
        Linear linear = new Linear(32, 8);
        Init.uniform_(linear.bias(), 1, 2);
        Tensor bias = linear.bias().detach().clone();
        Lsuv.init(linear, rows);
        assertThat(linear.bias().equal(bias)).isTrue();
        Lsuv.init(linear, rows, o -> o.center = true);
        Tensor output = linear.forward(rows);
        assertThat(output.mean().item()).isCloseTo(0, within(1e-3));
        assertThat(output.std(false).item()).isCloseTo(1, within(1e-3));
        assertThat(bias.sub(linear.bias()).std(false).item())
                .as("all shifted alike")
                .isCloseTo(0, within(1e-5));
        Lsuv.init(new Linear(32, 8, o -> o.bias = false), rows, o -> o.center = true); // none to shift
    }

    @Test
    void wrong_options_and_models_without_such_a_layer_are_refused() {
        Linear linear = new Linear(32, 8);
        IntStream.of(0, -1).forEach(wrong -> {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Lsuv.init(linear, rows, o -> o.tolerance = wrong))
                    .withMessage("wanted tolerance to be above 0, but got: " + (double) wrong);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Lsuv.init(linear, rows, o -> o.most = wrong))
                    .withMessage("wanted most to be at least 1, but got: " + wrong);
        });
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lsuv.init(Activation.relu(), rows))
                .withMessageContaining("wanted a model that runs a Linear or a Conv2d whose weight is trained");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lsuv.init(linear.requiresGrad_(false), rows))
                .withMessageContaining("unfreeze");
    }

    @ParameterizedTest(name = "weights of {0}")
    @ValueSource(doubles = {0, Double.NaN, Double.POSITIVE_INFINITY})
    void an_output_that_does_not_vary_is_refused_and_all_is_left_as_it_was(double value) {
        Module model = LsuvTest.mixed();
        Init.constant_(model.namedParameters().get("7.weight"), value);
        Init.zeros_(model.namedParameters().get("7.bias"));
        Map<String, Tensor> state = copy(model.stateDict());
        state.remove("7.weight"); // NaN equals nothing
        List<Boolean> modes = modes(model);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lsuv.init(model, images))
                .withMessageStartingWith("Lsuv: wanted an output that varies and is finite, but got: std ")
                .withMessageContaining("from layer 7; give samples");
        Map<String, Tensor> after = new LinkedHashMap<>(model.stateDict());
        after.remove("7.weight");
        assertEqual(after, state);
        assertThat(modes(model)).isEqualTo(modes);
    }
}
