package dev.cadenza.vision.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class ModelsTest {
    private static final Map<String, Supplier<Module>> NETS = new TreeMap<>(Map.of(
            "ResNet-18", () -> ResNet.resnet18(5),
            "ResNet-18, gray",
                    () -> ResNet.resnet18(5, o -> {
                        o.inChannels = 1;
                        o.zeroInitResidual = true;
                    }),
            "XResNet-18", () -> XResNet.xresnet18(5, o -> o.widen = 0.25),
            "XResNet-18, all options",
                    () -> XResNet.xresnet18(5, o -> {
                        o.widen = 0.25;
                        o.stem = new long[] {4, 8, 16};
                        o.activation = Activation::mish;
                        o.pool = Pool.MAX_BLUR;
                        o.reduction = 4;
                        o.dropout = 0.1;
                    }),
            "XResNet-50",
                    () -> XResNet.xresnet50(5, o -> {
                        o.widen = 0.125;
                        o.pool = Pool.MAX;
                        o.groups = 2;
                    }),
            "SmallResNet", () -> new SmallResNet(5, o -> o.widths = new int[] {4, 8, 8, 16}),
            "SmallResNet, all options",
                    () -> new SmallResNet(5, o -> {
                        o.inChannels = 1;
                        o.widths = new int[] {4, 8, 16};
                        o.blocks = new int[] {0, 2};
                        o.activation = () -> Activation.celu(0.3);
                        o.strided = true;
                        o.concatPool = true;
                        o.scale = 1;
                    })));

    private static Tensor images(Module net, int side) {
        long channels = net.stateDict().values().iterator().next().size(1); // the first weight is a convolution's
        return Tensor.zeros(2, channels, side, side).uniform_(0, 1, new Rng(3));
    }

    @TestFactory
    Stream<DynamicTest> all_nets_score_train_every_parameter_and_leave_no_trace_in_inference() {
        return NETS.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    try (Scope scope = Scope.open()) {
                        Module net = entry.getValue().get();
                        Tensor x = images(net, 32);
                        Tensor scores = net.forward(x);
                        assertThat(scores.shape()).containsExactly(2, 5);
                        F.crossEntropy(scores, Tensor.of(new long[] {0, 4})).backward();
                        assertThat(net.namedParameters())
                                .allSatisfy((name, p) -> assertThat(p.hasGrad()).isTrue());

                        net.eval();
                        Map<String, Tensor> before = new LinkedHashMap<>();
                        net.stateDict().forEach((name, tensor) -> before.put(name, tensor.clone()));
                        byte[] random = Rng.global().state();
                        Tensor copy = x.clone();
                        Tensor first = net.forward(x);
                        assertThat(net.forward(x).equal(first)).isTrue();
                        assertThat(x.equal(copy)).isTrue(); // the first layer of a net writes over nothing
                        assertThat(net.stateDict())
                                .allSatisfy((name, tensor) -> assertThat(tensor.equal(before.get(name)))
                                        .isTrue());
                        assertThat(Rng.global().state()).isEqualTo(random);
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> all_nets_say_what_images_they_want() {
        return NETS.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith("XResNet")) // a chain: its first convolution says so
                .map(entry -> dynamicTest(entry.getKey(), () -> {
                    try (Scope scope = Scope.open()) {
                        Module net = entry.getValue().get();
                        for (Tensor wrong : new Tensor[] {Tensor.zeros(2, 7, 32, 32), Tensor.zeros(3, 32, 32)}) {
                            assertThatExceptionOfType(TensorException.class)
                                    .isThrownBy(() -> net.forward(wrong))
                                    .withMessageContaining("wanted images [N, ")
                                    .withMessageContaining(wrong.describe());
                        }
                    }
                }));
    }

    @Test
    void images_too_small_to_be_halved_are_an_error_that_tells_the_least() {
        SmallResNet net = new SmallResNet(5, o -> o.widths = new int[] {2, 2, 2, 2});
        assertThat(net.eval().forward(Tensor.zeros(1, 3, 8, 9)).shape()).containsExactly(1, 5);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> net.forward(Tensor.zeros(1, 3, 7, 9)))
                .withMessageContaining("of at least 8");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> new BlurPool(1, 2).forward(Tensor.zeros(1, 1, 1, 4)))
                .withMessageContaining("of at least 2");
    }

    @Test
    void numbers_that_make_no_net_are_refused() {
        for (long classes : new long[] {0, -1}) {
            assertThatIllegalArgumentException().isThrownBy(() -> ResNet.resnet18(classes));
            assertThatIllegalArgumentException().isThrownBy(() -> XResNet.xresnet18(classes));
            assertThatIllegalArgumentException().isThrownBy(() -> new SmallResNet(classes));
        }
        assertThatIllegalArgumentException().isThrownBy(() -> ResNet.resnet18(2, o -> o.inChannels = 0));
        refused(o -> o.widths = new int[] {8, 8}, "one more than the 3 of blocks");
        refused(o -> o.blocks = new int[] {0, -1, 0}, "0 or more each");
        refused(o -> o.scale = 0, "scale");
        refused(o -> o.activation = null, "Identity::new");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> XResNet.xresnet18(2, o -> o.stem = new long[] {8}))
                .withMessageContaining("3 convolutions");
        assertThatIllegalArgumentException().isThrownBy(() -> XResNet.xresnet50(2, o -> o.stem = new long[] {8, 8, 6}));
        assertThatIllegalArgumentException().isThrownBy(() -> XResNet.xresnet18(2, o -> o.widen = 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new ResBlock(0, 2, 2));
        assertThatIllegalArgumentException().isThrownBy(() -> new ResBlock(1, 2, 2, o -> o.reduction = -1));
        assertThatIllegalArgumentException().isThrownBy(() -> new BlurPool(0, 2));
    }

    private static void refused(Consumer<SmallResNet.Options> options, String because) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SmallResNet(2, options))
                .withMessageContaining(because);
    }

    @Test
    void convolutions_start_from_kaiming_normal_by_fan_out_in_ResNet_and_by_fan_in_in_XResNet() {
        Rng.global().seed(5);
        Tensor stem = ResNet.resnet18(2).namedParameters().get("conv1.weight");
        assertThat(stem.std(true).item()).isCloseTo(Math.sqrt(2.0 / (64 * 49)), within(0.001));
        Map<String, ? extends Tensor> state = XResNet.xresnet18(2).namedParameters();
        assertThat(state.get("5.0.convpath.0.0.weight").std(true).item())
                .isCloseTo(Math.sqrt(2.0 / (64 * 9)), within(0.001));
        assertThat(state.get("0.1.bias").norm().item()).isZero();
        assertThat(state.get("11.bias").norm().item()).isZero();
    }

    @Test
    void XResNet_names_its_state_by_the_positions_of_fastai() {
        assertThat(XResNet.xresnet18(10, o -> o.widen = 0.25).namedParameters())
                .containsKeys(
                        "0.0.weight",
                        "2.1.bias",
                        "4.0.convpath.1.1.weight",
                        "5.0.idpath.1.0.weight",
                        "7.1.convpath.0.0.weight",
                        "11.weight");
        Module fifty = XResNet.xresnet50(10);
        assertThat(fifty.namedParameters().get("4.0.convpath.0.0.weight").shape())
                .containsExactly(64, 64, 1, 1);
        assertThat(fifty.namedParameters().get("4.0.idpath.0.0.weight").shape()).containsExactly(256, 64, 1, 1);
        assertThat(fifty.namedParameters().get("11.weight").shape()).containsExactly(10, 2048);
    }

    @Test
    void the_small_net_has_the_work_and_the_parameters_that_its_documentation_tells() {
        assertThat(work(o -> {})).isCloseTo(95.26e6, within(1e4));
        assertThat(work(o -> o.strided = true)).isCloseTo(52.79e6, within(1e4));
        assertThat(work(o -> o.widths = new int[] {24, 48, 96, 192})).isCloseTo(53.75e6, within(1e4));
        long parameters = new SmallResNet(10)
                .parameters().stream().mapToLong(Tensor::numel).sum();
        assertThat(parameters / 1e6).isCloseTo(1.65, within(0.005));
    }

    /** Multiply-adds of all convolutions for an image of 32×32. */
    private static double work(Consumer<SmallResNet.Options> options) {
        SmallResNet net = new SmallResNet(10, options);
        double[] work = new double[1];
        net.namedModules().values().stream().filter(Conv2d.class::isInstance).forEach(module -> {
            long[] weight = ((Conv2d) module).weight().shape();
            module.onForward((m, inputs, output) -> {
                work[0] += (double) output.numel() * weight[1] * weight[2] * weight[3];
                return output;
            });
        });
        try (NoGrad off = NoGrad.open()) {
            net.eval().forward(Tensor.zeros(1, 3, 32, 32));
        }
        return work[0];
    }

    @Test
    void gradients_through_activations_in_place_are_those_of_plain_ones() {
        Rng.global().seed(2);
        Module inPlace = XResNet.xresnet18(3, o -> o.widen = 0.125).to(DType.FLOAT64);
        Module plain = XResNet.xresnet18(3, o -> {
                    o.widen = 0.125;
                    o.activation = Activation::relu;
                })
                .to(DType.FLOAT64);
        plain.loadStateDict(inPlace.stateDict());
        Tensor x = images(inPlace, 32).to(DType.FLOAT64);
        Tensor labels = Tensor.of(new long[] {2, 0});
        F.crossEntropy(inPlace.forward(x), labels).backward();
        F.crossEntropy(plain.forward(x), labels).backward();
        plain.namedParameters()
                .forEach((name, p) -> assertThat(
                                inPlace.namedParameters().get(name).grad().equal(p.grad()))
                        .as(name)
                        .isTrue());
    }

    @Test
    void a_hook_on_a_gradient_sees_it_though_activations_write_over_their_input() {
        Module net = ResNet.resnet18(3);
        int[] seen = new int[1];
        net.namedModules().values().stream()
                .filter(BatchNorm.class::isInstance)
                .forEach(norm -> norm.onBackward((module, gradient) -> {
                    seen[0]++;
                    return gradient;
                }));
        try (Scope step = Scope.open()) {
            F.crossEntropy(net.forward(images(net, 32)), Tensor.of(new long[] {2, 0}))
                    .backward();
        }
        assertThat(seen[0]).isEqualTo(20);
    }
}
