package dev.cadenza.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every ready layer and loss says what it is, and is made again of that. */
@ExtendWith(InScope.class)
class LayersSpecTest {
    private static Stream<Module> images() {
        return Stream.of(
                new Conv2d(4, 6, 3),
                new Conv2d(4, 8, 3, o -> {
                    o.kernelWidth = 2;
                    o.stride = 2;
                    o.strideWidth = 1;
                    o.padding = 1;
                    o.paddingWidth = 0;
                    o.dilation = 2;
                    o.dilationWidth = 1;
                    o.groups = 2;
                    o.bias = false;
                }),
                new BatchNorm2d(4),
                new BatchNorm2d(4, o -> {
                    o.momentum = 0.3;
                    o.eps = 0.5;
                    o.affine = false;
                    o.cumulative = true;
                }),
                new BatchNorm2d(4, o -> o.trackRunningStats = false),
                new MaxPool2d(2),
                new MaxPool2d(3, o -> {
                    o.kernelWidth = 2;
                    o.stride = 2;
                    o.strideWidth = 1;
                    o.padding = 1;
                    o.paddingWidth = 0;
                    o.dilation = 2;
                    o.dilationWidth = 1;
                    o.ceilMode = true;
                }),
                new AvgPool2d(2),
                new AvgPool2d(3, o -> {
                    o.kernelWidth = 2;
                    o.stride = 2;
                    o.strideWidth = 1;
                    o.padding = 1;
                    o.paddingWidth = 0;
                    o.ceilMode = true;
                    o.countIncludePad = false;
                    o.divisorOverride = 5;
                }),
                new AdaptiveAvgPool2d(2),
                new AdaptiveAvgPool2d(2, 3),
                new AdaptiveMaxPool2d(2),
                new AdaptiveConcatPool2d(2),
                new Flatten(),
                new Flatten(-2),
                new Identity(),
                new Dropout(0.3),
                Activation.relu(),
                Activation.reluInPlace(),
                Activation.leakyRelu(0.1),
                Activation.elu(0.7),
                Activation.celu(0.3),
                Activation.gelu(),
                Activation.geluTanh(),
                Activation.silu(),
                Activation.mish(),
                Activation.sigmoid(),
                Activation.tanh(),
                Activation.softplus(),
                Activation.hardswish(),
                Activation.selu(),
                Activation.relu6(),
                Activation.softmax(1),
                Activation.logSoftmax(-1),
                Activation.sigmoidRange(-1, 5.5),
                Sequential.of(new Conv2d(4, 2, 1), Sequential.of(Activation.relu(), Sequential.of())));
    }

    private static Module again(Module layer) {
        return Layers.build(Spec.parse(Layers.spec(layer).toString()), layer.stateDict(), Layers.types());
    }

    private static void assertSame(Module layer, Tensor x) {
        Module same = again(layer);
        assertThat(same).hasToString(layer.toString()).hasSameClassAs(layer);
        assertThat(Layers.spec(same)).isEqualTo(Layers.spec(layer));
        assertThat(same.isTraining()).isFalse();
        layer.eval();
        assertThat(same.forward(x.clone()).equal(layer.forward(x.clone()))).isTrue();
        assertThat(same.stateDict().keySet())
                .containsExactlyElementsOf(layer.stateDict().keySet());
    }

    @ParameterizedTest
    @MethodSource("images")
    void a_layer_for_images_is_made_again(Module layer) {
        layer.forward(Tensor.zeros(3, 4, 9, 8).normal_(1, 2, new Rng(1))); // moves running statistics
        assertSame(layer, Tensor.zeros(3, 4, 9, 8).normal_(0, 1, new Rng(2)));
    }

    @Test
    void layers_for_rows_are_made_again() {
        Tensor rows = Tensor.zeros(3, 5).normal_(0, 1, new Rng(2));
        assertSame(new Linear(5, 2), rows);
        assertSame(new Linear(5, 2, o -> o.bias = false), rows);
        assertSame(new BatchNorm1d(5), rows);
        Tensor indices = Tensor.of(new long[] {0, 6, 3});
        assertSame(new Embedding(7, 3), indices);
        assertSame(new Embedding(7, 3, o -> o.paddingIdx = 3), indices);
    }

    static Stream<Loss> losses() {
        return Stream.of(
                Losses.crossEntropy(),
                Losses.crossEntropy(o -> o.classesLast = true),
                Losses.nll(),
                Losses.focal(),
                Losses.dice(),
                Losses.bce(o -> o.threshold = 0.9),
                Losses.bceWithLogits(o -> o.threshold = 0.2),
                Losses.mse(),
                Losses.l1(),
                Losses.smoothL1(),
                Losses.huber());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void what_predictions_mean_is_known_again(Loss loss) {
        Spec spec = Spec.of("Holder").with("loss", loss).spec("loss");
        Loss same = Layers.types().make(Spec.parse(spec.toString()), Loss.class);
        Tensor pred = Tensor.zeros(2, 3, 4).normal_(0, 1, new Rng(3));
        assertThat(same).hasToString(loss.toString());
        Tensor activated = loss.activation(pred);
        assertThat(same.activation(pred).equal(activated)).isTrue();
        assertThat(same.decode(activated).equal(loss.decode(activated))).isTrue();
    }

    @Test
    void nothing_is_drawn_and_no_more_weights_are_made_than_are_given() {
        Sequential net = Sequential.of(new Linear(3, 4), new BatchNorm1d(4), new Embedding(2, 2));
        Rng.global().seed(5);
        double next = Tensor.rand(1).item();
        Rng.global().seed(5);
        again(net);
        assertThat(Tensor.rand(1).item()).isEqualTo(next);

        for (String huge : List.of(
                "{\"type\":\"Linear\",\"in\":9000000000,\"out\":9000000000,\"bias\":true}",
                "{\"type\":\"BatchNorm1d\",\"channels\":9000000000,\"momentum\":0.1,\"cumulative\":false,\"eps\":0.1,"
                        + "\"affine\":true,\"trackRunningStats\":true}",
                "{\"type\":\"Embedding\",\"n\":9000000000,\"dim\":1,\"paddingIdx\":-1}")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Layers.build(Spec.parse(huge), net.stateDict(), Layers.types()))
                    .withMessageContaining("more numbers than the file has left");
        }
        new Linear(100, 100); // outside there is no limit
    }

    @Test
    void a_model_of_another_dtype_stays_so() {
        Module net = Sequential.of(new Linear(2, 2), new BatchNorm1d(2)).to(DType.FLOAT64);
        assertThat(again(net).parameters().get(0).dtype()).isEqualTo(DType.FLOAT64);
    }

    @Test
    void weights_that_do_not_fit_are_refused() {
        Linear linear = new Linear(2, 2);
        Map<String, Tensor> weights = new HashMap<>(linear.stateDict());
        weights.put("extra", Tensor.zeros(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.build(linear.spec(), weights, Layers.types()))
                .withMessageContaining("unknown: extra");
    }

    @Test
    void a_function_or_a_module_that_says_nothing_is_named_with_what_to_do() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sequential.of(new Linear(1, 1), Sequential.of(new Identity(), Tensor::relu))
                        .spec())
                .withMessage("layers.1.layers.1 is a function, which does not say what it is; use a ready one, such as"
                        + " Activation.relu() for Tensor::relu, or let your class implement Described");
        Module own = new Module() {
            @Override
            protected Tensor compute(Tensor x) {
                return x;
            }
        };
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.spec(own))
                .withMessageContaining("let it implement Described");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Sequential.of(own).spec())
                .withMessageStartingWith("layers.0 is of " + own.getClass().getName());
    }

    @Test
    void a_module_of_the_user_joins_in() {
        final class Residual extends Module implements Described {
            private final Linear fc;
            private final Module act;

            Residual(long width, Module act) {
                fc = new Linear(width, width);
                this.act = act;
            }

            @Override
            protected Tensor compute(Tensor x) {
                return x.add(act.forward(fc.forward(x)));
            }

            @Override
            public Spec spec() {
                return Spec.of("acme.Residual")
                        .with("width", fc.weight().size(0))
                        .with("act", act);
            }
        }
        Module net = Sequential.of(new Residual(3, Activation.tanh()), new Linear(3, 1));
        Module same = Layers.build(
                Spec.parse(Layers.spec(net).toString()),
                net.stateDict(),
                Layers.types().add("acme.Residual", s -> new Residual(s.whole("width"), s.part("act", Module.class))));
        Tensor x = Tensor.ones(2, 3);
        assertThat(same.forward(x).equal(net.forward(x))).isTrue();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Layers.build(Layers.spec(net), net.stateDict(), Layers.types()))
                .withMessageStartingWith("acme.Residual: this type is unknown");
    }
}
