package dev.cadenza.vision;

import static dev.cadenza.vision.SmallNets.copy;
import static dev.cadenza.vision.SmallNets.data;
import static dev.cadenza.vision.SmallNets.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.nn.AdaptiveAvgPool2d;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Flatten;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.models.ResNet;
import dev.cadenza.vision.models.XResNet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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
class VisionLearnerTest {
    @Test
    void the_head_is_that_of_fastai() {
        Map<String, Object> golden =
                Golden.map(Golden.read("init_and_layers.json").get("fastai_head"));
        Module model = VisionLearner.of(data(10), ResNet.resnet18(10)).model();
        Sequential head = (Sequential) model.namedChildren().get("1");
        assertThat(head.layers().stream().map(VisionLearnerTest::torchName)).isEqualTo(golden.get("modules"));
        List<List<Object>> parameters = new ArrayList<>();
        head.namedParameters()
                .forEach((name, p) -> parameters.add(List.of(
                        name, Arrays.stream(p.shape()).mapToObj(n -> (int) n).toList())));
        assertThat(parameters).isEqualTo(golden.get("params"));
        assertThat(head.toString()).contains("(3): Dropout(p=0.25,", "(7): Dropout(p=0.5,");
        assertThat(head.namedParameters().get("2.bias").max().item()).isEqualTo((float) 1e-3);
    }

    private static String torchName(Object layer) {
        String name = layer.getClass().getSimpleName();
        return name.equals("Activation") ? layer.toString().replaceFirst("\\(.*", "") : name;
    }

    private static String head(Consumer<VisionLearner.Options> options) {
        Module model = VisionLearner.of(data(3), small(3), options).model();
        Sequential head = (Sequential) model.namedChildren().get("1");
        return String.join(
                " ", head.layers().stream().map(VisionLearnerTest::torchName).toList());
    }

    @Test
    void options_build_the_other_heads_of_fastai() {
        assertThat(head(o -> o.concatPool = false)).startsWith("AdaptiveAvgPool2d Flatten BatchNorm1d Dropout Linear");
        assertThat(head(o -> o.linFtrs = new int[0]))
                .isEqualTo("AdaptiveConcatPool2d Flatten BatchNorm1d Dropout Linear");
        assertThat(head(o -> o.firstBn = false))
                .isEqualTo("AdaptiveConcatPool2d Flatten Dropout Linear ReLU BatchNorm1d Dropout Linear");
        assertThat(head(o -> o.linFirst = true))
                .isEqualTo("AdaptiveConcatPool2d Flatten Dropout Linear ReLU BatchNorm1d Dropout Linear");
        assertThat(head(o -> {
                    o.bnFinal = true;
                    o.ps = 0;
                    o.yRange = new double[] {0, 5};
                }))
                .isEqualTo("AdaptiveConcatPool2d Flatten BatchNorm1d Linear ReLU BatchNorm1d Linear BatchNorm1d"
                        + " SigmoidRange");
    }

    @TestFactory
    Stream<DynamicTest> groups_hold_each_parameter_once_and_end_with_the_head() {
        Map<Integer, Supplier<Module>> byGroups = new TreeMap<>(Map.of(
                2, () -> small(4),
                3, () -> XResNet.xresnet18(4, o -> o.widen = 0.25),
                4, () -> ResNet.resnet18(4)));
        return byGroups.entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey() + "", () -> {
                    try (Scope scope = Scope.open()) {
                        Learner learn =
                                VisionLearner.of(data(4), entry.getValue().get());
                        List<ParamGroup> groups = learn.optimizer().groups();
                        assertThat(groups).hasSize(Math.min(3, entry.getKey()));
                        assertThat(groups.stream().flatMap(group -> group.parameters().stream()))
                                .containsExactlyInAnyOrderElementsOf(
                                        learn.model().parameters());
                        assertThat(groups.get(groups.size() - 1).parameters())
                                .containsExactlyElementsOf(
                                        learn.model().namedChildren().get("1").parameters());
                    }
                }));
    }

    @Test
    void names_begin_with_0_and_the_position_in_the_body_as_in_fastai() {
        Learner learn = VisionLearner.of(data(4), ResNet.resnet18(4));
        assertThat(learn.model().namedParameters())
                .containsKeys("0.0.weight", "0.1.bias", "0.4.0.conv1.weight", "0.7.1.bn2.bias", "1.8.weight")
                .doesNotContainKey("0.8.weight");
        List<ParamGroup> groups = learn.optimizer().groups();
        Parameter third = learn.model().namedParameters().get("0.6.0.conv1.weight");
        assertThat(groups.get(0).parameters()).doesNotContain(third);
        assertThat(groups.get(1).parameters().get(0)).isSameAs(third);
    }

    @Test
    void trying_the_architecture_leaves_no_trace() {
        Module arch = small(3);
        Map<String, Tensor> before = copy(arch.stateDict());
        arch.namedChildren().get("prep").eval();
        byte[] random = Rng.global().state();
        Body body = new Body(arch, null);
        body.measure(64);
        assertThat(body.features()).isEqualTo(16);
        assertThat(body.classes()).isEqualTo(3);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(arch.isTraining()).isTrue();
        assertThat(arch.namedChildren().get("prep").isTraining()).isFalse();
        assertThat(arch.stateDict())
                .allSatisfy((name, tensor) ->
                        assertThat(tensor.equal(before.get(name))).isTrue());
    }

    /** Does more than apply its parts one after another. */
    private static final class Skips extends Module {
        private final Conv2d a = new Conv2d(3, 4, 3, o -> o.padding = 1);
        private final Conv2d b = new Conv2d(4, 4, 3, o -> o.padding = 1);
        private final AdaptiveAvgPool2d pool = new AdaptiveAvgPool2d(1);
        private final Linear fc = new Linear(4, 3);

        @Override
        protected Tensor compute(Tensor x) {
            Tensor first = a.forward(x);
            return fc.forward(pool.forward(first.add(b.forward(first))).flatten(1));
        }
    }

    @Test
    void an_architecture_that_is_no_chain_of_its_parts_is_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisionLearner.of(data(3), new Skips()))
                .withMessageContaining("does more than apply its parts [a, b, pool, fc]");
        VisionLearner.of(data(3), new Skips(), o -> o.cut = 1); // up to there it is one
    }

    @Test
    void a_sequential_is_cut_with_its_functions_and_a_bare_body_needs_the_number_of_classes() {
        Module chain = Sequential.of(
                new Conv2d(3, 4, 3), Tensor::relu, new AdaptiveAvgPool2d(1), new Flatten(), new Linear(4, 3));
        Sequential body = (Sequential)
                VisionLearner.of(data(3), chain).model().namedChildren().get("0");
        assertThat(body.layers()).hasSize(2);

        Module bare = Sequential.of(new Conv2d(3, 4, 3), new Conv2d(4, 4, 3));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisionLearner.of(data(3), bare))
                .withMessageContaining("o.cut");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisionLearner.of(data(3), bare, o -> o.cut = 2))
                .withMessageContaining("o.classes");
        VisionLearner.of(data(3), bare, o -> {
                    o.cut = 2;
                    o.classes = 3L;
                })
                .fit(1, 1e-3);
    }

    @Test
    void wrong_options_and_architectures_are_refused_with_what_to_do() {
        refused(o -> o.classes = 0L, "classes");
        refused(o -> o.ps = 1.5, "ps");
        refused(o -> o.linFtrs = new int[] {0}, "linFtrs");
        refused(o -> o.cut = 0, "cut from 1 to 6");
        refused(o -> o.cut = 7, "cut from 1 to 6");
        refused(o -> o.cut = 6, "does more than apply its parts"); // the last needs flat features
        refused(o -> o.split = 9, "split");
        refused(o -> o.yRange = new double[] {1, 0}, "yRange");
        refused(o -> o.trySize = 4, "o.trySize = 224"); // too small to be halved three times
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisionLearner.of(data(3), new AdaptiveAvgPool2d(1)))
                .withMessageContaining("found no pool");
    }

    private static void refused(Consumer<VisionLearner.Options> options, String because) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisionLearner.of(data(3), small(3), options))
                .withMessageContaining(because);
    }

    @Test
    void labels_of_more_classes_than_the_net_scores_are_an_error_that_names_the_label() {
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> VisionLearner.of(data(3), small(2)).fit(1, 1e-3))
                .withMessageContaining("from 0 to 1")
                .withMessageContaining("is 2");
    }

    @Test
    void loss_and_metrics_are_the_callers_choice() {
        assertThat(VisionLearner.of(data(3), small(3)).metrics()).hasSize(1);
        Learner regression = VisionLearner.of(data(3), small(1), o -> o.lossFunction = Losses.mse());
        assertThat(regression.metrics()).isEmpty();
        assertThat(VisionLearner.of(data(3), small(3), o -> o.metrics = List.of())
                        .metrics())
                .isEmpty();
    }

    @Test
    void the_head_is_of_the_dtype_of_the_body() {
        Module model = VisionLearner.of(data(3), small(3).to(DType.FLOAT64)).model();
        assertThat(model.parameters()).allMatch(p -> p.dtype() == DType.FLOAT64);
    }
}
