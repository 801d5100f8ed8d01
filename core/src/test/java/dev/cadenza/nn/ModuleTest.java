package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModuleTest {
    /** A module whose forward no test calls. */
    abstract static class Still extends Module {
        @Override
        protected Tensor compute(Tensor x) {
            return x;
        }
    }

    static class Base extends Still {
        final Linear fc1 = new Linear(2, 3);
        final Parameter logScale = new Parameter(Tensor.ones(1));
    }

    static final class Net extends Base {
        final Buffer runningMean = new Buffer(Tensor.zeros(3));
        final Parameter gain = new Parameter(Tensor.ones(3));
        final List<Module> blocks = List.of(new Linear(3, 3), new Dropout());
        final Parameter[] scales = {new Parameter(Tensor.ones(2))};
        final Linear none = null;
        final Tensor plain = Tensor.ones(1);
        static final Linear SHARED = new Linear(1, 1);
        Layer head = new Linear(3, 1);
    }

    @Test
    void fields_register_superclass_first_in_order_of_declaration_and_in_snake_case() {
        assertThat(new Net().stateDict().keySet())
                .containsExactly(
                        "log_scale",
                        "gain",
                        "scales.0",
                        "running_mean",
                        "fc1.weight",
                        "fc1.bias",
                        "blocks.0.weight",
                        "blocks.0.bias",
                        "head.weight",
                        "head.bias");
    }

    @Test
    void parameters_buffers_children_and_modules_are_told_apart() {
        Net net = new Net();
        assertThat(net.namedBuffers().keySet()).containsExactly("running_mean");
        assertThat(net.parameters()).hasSize(9).contains(net.gain, net.logScale);
        assertThat(net.namedChildren().keySet()).containsExactly("fc1", "blocks.0", "blocks.1", "head");
        assertThat(net.namedModules().keySet()).containsExactly("", "fc1", "blocks.0", "blocks.1", "head");
    }

    @Test
    void replacing_a_field_replaces_what_is_registered() {
        Net net = new Net();
        net.head = new Conv2d(3, 5, 1);
        assertThat(net.stateDict().get("head.weight").shape()).containsExactly(5, 3, 1, 1);
        net.head = Tensor::relu;
        assertThat(net.stateDict()).doesNotContainKey("head.weight");
    }

    @Test
    void a_shared_module_appears_under_both_names_but_its_parameters_once() {
        final class Tied extends Still {
            final Linear encoder = new Linear(2, 2);

            @SuppressWarnings("unused") // read by the module itself
            final Linear decoder = encoder;
        }

        Tied tied = new Tied();
        assertThat(tied.stateDict().keySet())
                .containsExactly("encoder.weight", "encoder.bias", "decoder.weight", "decoder.bias");
        assertThat(tied.namedParameters().keySet()).containsExactly("encoder.weight", "encoder.bias");
        assertThat(tied.namedModules().keySet()).containsExactly("", "encoder");
    }

    static final class ByHand extends Still {
        ByHand(String name, Object member) {
            register(name, member);
        }
    }

    @Test
    void register_adds_members_that_are_in_no_field() {
        Module module = new ByHand("layer_0", new Linear(1, 1));
        assertThat(module.stateDict().keySet()).containsExactly("layer_0.weight", "layer_0.bias");
    }

    @Test
    void register_refuses_bad_names_and_things_that_are_no_members() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ByHand("a.b", new Linear(1, 1)))
                .withMessageContaining("without a dot");
        assertThatIllegalArgumentException().isThrownBy(() -> new ByHand("", new Linear(1, 1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ByHand("x", Tensor.ones(1)))
                .withMessageContaining("Parameter, Buffer or Module");
    }

    static final class Loop extends Still {
        Module inner;
    }

    @Test
    void a_module_that_holds_itself_is_an_error_that_says_where() {
        Loop outer = new Loop();
        Loop inner = new Loop();
        outer.inner = inner;
        inner.inner = outer;
        assertThatIllegalStateException()
                .isThrownBy(outer::parameters)
                .withMessageContaining("holds itself, as 'inner.inner'");
    }

    @SuppressWarnings("ClassCanBeStatic") // the point of the test
    final class Inner extends Still {
        final Linear fc = new Linear(1, 1);
    }

    static final class Outer extends Still {
        final class Block extends Still {
            final Linear fc = new Linear(1, 1);

            Module outer() {
                return Outer.this;
            }
        }

        final Block block = new Block();
    }

    @Test
    void an_inner_class_does_not_hold_the_object_around_it() {
        assertThat(new Inner().stateDict().keySet()).containsExactly("fc.weight", "fc.bias");
        assertThat(new Outer().stateDict().keySet()).containsExactly("block.fc.weight", "block.fc.bias");
    }

    @Test
    void state_moves_from_one_module_to_another() {
        Net from = new Net();
        Net to = new Net();
        to.loadStateDict(from.stateDict());
        from.stateDict()
                .forEach((name, tensor) ->
                        assertThat(to.stateDict().get(name).equal(tensor)).isTrue());
        assertThat(to.gain.requiresGrad()).isTrue();
        assertThat(to.gain.isLeaf()).isTrue();
    }

    @Test
    void loading_converts_to_the_dtype_of_the_module() {
        Linear linear = new Linear(1, 1);
        linear.loadStateDict(Map.of("weight", Tensor.full(DType.FLOAT64, 3, 1, 1), "bias", Tensor.zeros(1)));
        assertThat(linear.weight().describe()).isEqualTo("float32[1, 1]");
        assertThat(linear.weight().item()).isEqualTo(3);
    }

    @Test
    void a_state_that_does_not_fit_lists_all_problems_and_changes_nothing() {
        Net net = new Net();
        Map<String, Tensor> state = new HashMap<>(new Net().stateDict());
        state.put("gain", Tensor.full(7, 3));
        state.remove("fc1.bias");
        state.put("head.weight", Tensor.ones(5, 3));
        state.put("foot.weight", Tensor.ones(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> net.loadStateDict(state))
                .withMessageContaining("does not fit Net")
                .withMessageContaining("missing: fc1.bias")
                .withMessageContaining("head.weight: wanted float32[1, 3], but got float32[5, 3]")
                .withMessageContaining("unknown: foot.weight");
        assertThat(net.gain.toFloats()).containsOnly(1);
    }

    @Test
    void train_and_eval_switch_the_whole_tree_and_setTraining_one_module() {
        Net net = new Net();
        assertThat(net.isTraining()).isTrue();
        net.eval();
        assertThat(net.namedModules().values()).noneMatch(Module::isTraining);
        net.train();
        assertThat(net.namedModules().values()).allMatch(Module::isTraining);
        net.setTraining(false);
        assertThat(net.namedModules().values()).filteredOn(Module::isTraining).hasSize(4);
    }

    @Test
    void to_float64_converts_parameters_and_buffers_but_no_counters() {
        BatchNorm1d norm = new BatchNorm1d(2);
        Parameter weight = norm.weight();
        norm.to(DType.FLOAT64);
        assertThat(weight).isSameAs(norm.weight());
        assertThat(weight.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(weight.requiresGrad() && weight.isLeaf()).isTrue();
        assertThat(norm.namedBuffers().get("running_var").dtype()).isEqualTo(DType.FLOAT64);
        assertThat(norm.namedBuffers().get("num_batches_tracked").dtype()).isEqualTo(DType.INT64);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> norm.to(DType.INT64))
                .withMessageContaining("floating-point");
    }

    @Test
    void a_conversion_that_changes_nothing_keeps_gradients() {
        BatchNorm1d norm = new BatchNorm1d(2);
        norm.forward(Tensor.randn(3, 2)).sum().backward();
        norm.to(DType.FLOAT32).to(Device.CPU);
        assertThat(norm.parameters()).allMatch(Tensor::hasGrad);
        norm.to(DType.FLOAT64);
        assertThat(norm.parameters()).noneMatch(Tensor::hasGrad);
    }

    @Test
    void zeroGrad_forgets_and_requiresGrad_freezes() {
        Linear linear = new Linear(2, 1);
        linear.forward(Tensor.ones(1, 2)).sum().backward();
        assertThat(linear.parameters()).allMatch(Tensor::hasGrad);
        linear.zeroGrad();
        assertThat(linear.parameters()).noneMatch(Tensor::hasGrad);
        linear.requiresGrad_(false);
        assertThat(linear.forward(Tensor.ones(1, 2)).requiresGrad()).isFalse();
    }

    @Test
    void a_module_of_one_input_refuses_two() {
        List<Tensor> two = List.of(Tensor.ones(1, 1), Tensor.ones(1, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Linear(1, 1).forward(two))
                .withMessageContaining("Linear takes one input, but the batch has 2");
        assertThat(new Linear(1, 1).forward(two.subList(0, 1)).shape()).containsExactly(1, 1);
    }

    static final class Titled extends Still {
        final Sequential body = Sequential.of(new Linear(1, 2), Tensor::relu, Sequential.of(new Flatten()));

        @Override
        protected String extraRepr() {
            return "depth=1";
        }
    }

    @Test
    void printing_shows_the_tree() {
        assertThat(new Titled()).hasToString("""
            Titled(
              depth=1
              (body): Sequential(
                (0): Linear(in_features=1, out_features=2, bias=True)
                (1): Layer(function)
                (2): Sequential(
                  (0): Flatten(start_dim=1, end_dim=-1)
                )
              )
            )\
            """);
        assertThat(new Still() {}).hasToString("Module()");
    }

    @Test
    void a_state_that_went_through_arrays_comes_back() {
        BatchNorm1d norm = new BatchNorm1d(2);
        norm.forward(Tensor.of(new float[] {1, 2, 3, 5}, 2, 2));
        Map<String, Tensor> copy = new HashMap<>();
        norm.stateDict().forEach((name, value) -> copy.put(name, Tensor.of(value.toFloats(), value.shape())));
        BatchNorm1d other = new BatchNorm1d(2);
        other.loadStateDict(copy);
        norm.stateDict()
                .forEach((name, value) -> assertThat(other.stateDict().get(name).equal(value))
                        .as(name)
                        .isTrue());
    }
}
