package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import org.junit.jupiter.api.Test;

class LayersTest {
    @Test
    void sequential_names_its_state_by_position_and_functions_count() {
        Sequential net = Sequential.of(new Linear(4, 5), Tensor::relu, Sequential.of(new Linear(5, 3)));
        assertThat(net.stateDict().keySet()).containsExactly("0.weight", "0.bias", "2.0.weight", "2.0.bias");
        assertThat(net.layers()).hasSize(3);
        assertThat(net.forward(Tensor.ones(2, 4)).shape()).containsExactly(2, 3);
        assertThat(Sequential.of()).hasToString("Sequential()");
    }

    @Test
    void layers_print_as_in_PyTorch() {
        assertThat(new Linear(4, 5)).hasToString("Linear(in_features=4, out_features=5, bias=True)");
        assertThat(new Conv2d(3, 6, 3, o -> {
                    o.kernelWidth = 1;
                    o.strideWidth = 2;
                    o.paddingWidth = 1;
                    o.dilation = 2;
                    o.groups = 3;
                    o.bias = false;
                }))
                .hasToString(
                        "Conv2d(3, 6, kernel_size=(3, 1), stride=(1, 2), padding=(0, 1), dilation=(2, 2), groups=3,"
                                + " bias=False)");
        assertThat(new MaxPool2d(2))
                .hasToString("MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)");
        assertThat(new MaxPool2d(3, o -> {
                    o.kernelWidth = 2;
                    o.ceilMode = true;
                }))
                .hasToString("MaxPool2d(kernel_size=(3, 2), stride=(3, 2), padding=0, dilation=1, ceil_mode=True)");
        assertThat(new BatchNorm1d(3, o -> {
                    o.cumulative = true;
                    o.eps = 1e-3;
                }))
                .hasToString("BatchNorm1d(3, eps=0.001, momentum=None, affine=True, track_running_stats=True)");
        assertThat(new Dropout(0.25)).hasToString("Dropout(p=0.25, inplace=False)");
        assertThat(new Embedding(6, 3, o -> o.paddingIdx = 1)).hasToString("Embedding(6, 3, padding_idx=1)");
        assertThat(Activation.leakyRelu(0.01)).hasToString("LeakyReLU(negative_slope=0.01)");
        assertThat(Activation.elu(1)).hasToString("ELU(alpha=1.0)");
        assertThat(Activation.geluTanh()).hasToString("GELU(approximate='tanh')");
        assertThat(Activation.softmax(-1)).hasToString("Softmax(dim=-1)");
    }

    @Test
    void numbers_print_as_in_Python() {
        double[] values = {0, 1, 0.1, 1e-4, 1e-5, 1.5e-7, 100, 1e15, 1e16, 1.25e20, -2.5};
        String[] wanted = {
            "0.0",
            "1.0",
            "0.1",
            "0.0001",
            "1e-05",
            "1.5e-07",
            "100.0",
            "1000000000000000.0",
            "1e+16",
            "1.25e+20",
            "-2.5"
        };
        for (int i = 0; i < values.length; i++) {
            assertThat(Repr.number(values[i])).isEqualTo(wanted[i]);
        }
    }

    @Test
    void options_out_of_range_are_refused_where_they_are_given() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Linear(0, 1)).withMessageContaining("in");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Conv2d(1, 1, 3, o -> o.stride = 0))
                .withMessage("wanted stride to be at least 1, but got: 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Conv2d(1, 1, 3, o -> o.paddingWidth = -1))
                .withMessage("wanted paddingWidth to be at least 0, but got: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Conv2d(3, 4, 3, o -> o.groups = 2))
                .withMessage("wanted in to be a multiple of groups = 2, but got: 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MaxPool2d(2, o -> o.padding = 2))
                .withMessageContaining("at most half a window");
        assertThatIllegalArgumentException().isThrownBy(() -> new Dropout(1.5));
        assertThatIllegalArgumentException().isThrownBy(() -> new Dropout(Double.NaN));
        assertThatIllegalArgumentException().isThrownBy(() -> new Embedding(3, 2, o -> o.paddingIdx = 3));
        assertThatIllegalArgumentException().isThrownBy(() -> new BatchNorm1d(3, o -> o.momentum = 2));
    }

    @Test
    void non_square_options_default_to_the_height() {
        try (Scope scope = Scope.open()) {
            Tensor x = Tensor.randn(1, 2, 9, 9);
            Conv2d both = new Conv2d(2, 2, 3, o -> {
                o.stride = 2;
                o.padding = 1;
            });
            assertThat(both.forward(x).shape()).containsExactly(1, 2, 5, 5);
            assertThat(F.conv2d(x, both.weight(), both.bias(), o -> o.strideWidth = 3)
                            .shape())
                    .containsExactly(1, 2, 7, 3);
            assertThat(F.maxPool2d(x, 3, o -> o.strideWidth = 1).shape()).containsExactly(1, 2, 3, 7);
            assertThat(F.maxPool2d(x, 3).shape()).containsExactly(1, 2, 3, 3);
            assertThat(F.avgPool2d(x, 3, o -> o.strideWidth = 1).shape()).containsExactly(1, 2, 3, 7);
        }
    }

    @Test
    void layers_draw_the_numbers_that_PyTorch_draws_after_the_same_seed() {
        Rng.global().seed(0); // torch.manual_seed(0); torch.nn.Linear(2, 1)
        Linear linear = new Linear(2, 1);
        assertClose("weight", linear.weight().toDoubles(), new double[] {-0.0053, 0.3793}, 0, 5e-5);
        assertClose("bias", linear.bias().toDoubles(), new double[] {-0.5820}, 0, 5e-5);
    }

    @Test
    void dropout_drops_the_share_p_and_keeps_the_mean() {
        long seed = 7;
        Rng.global().seed(seed);
        try (Scope scope = Scope.open()) {
            Dropout dropout = new Dropout(0.3);
            Tensor out = dropout.forward(Tensor.ones(200, 500));
            double n = out.numel();
            double dropped = out.eq(0).to(DType.FLOAT64).mean().item();
            assertThat(dropped).as("seed %d", seed).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / n)));
            assertThat(out.max().item()).isCloseTo(1 / 0.7, within(1e-6));
            assertThat(out.mean().item()).as("seed %d", seed).isCloseTo(1, within(4 * Math.sqrt(0.21 / n) / 0.7));
            assertThat(new Dropout(1).forward(Tensor.ones(3)).toFloats()).containsOnly(0);
            assertThat(new Dropout(0).forward(Tensor.ones(3)).toFloats()).containsOnly(1);
        }
    }

    @Test
    void dropout_changes_nothing_in_inference() {
        Tensor x = Tensor.randn(5, 5);
        assertThat(new Dropout().eval().forward(x).equal(x)).isTrue();
    }

    @Test
    void the_padding_row_of_an_embedding_starts_as_0_and_stays_so() {
        Embedding embedding = new Embedding(4, 3, o -> o.paddingIdx = 2);
        embedding.forward(Tensor.of(new long[] {2, 1})).sum().backward();
        assertThat(embedding.weight().select(0, 2).toFloats()).containsOnly(0);
        assertThat(embedding.weight().grad().sum(1).toFloats()).containsExactly(0, 3, 0, 0);
        assertThat(embedding.weight().requiresGrad()).isTrue();
    }

    @Test
    void an_embedding_names_the_index_that_is_out_of_range() {
        Embedding embedding = new Embedding(6, 3);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> embedding.forward(Tensor.of(new long[] {0, 5, 6})))
                .withMessage("embedding: wanted values from 0 to 5, but element 2 of int64[3] is 6");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> embedding.forward(Tensor.of(new long[] {-1})))
                .withMessageContaining("element 0 of int64[1] is -1");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> embedding.forward(Tensor.ones(2)))
                .withMessageContaining("to(DType.INT64)");
    }

    @Test
    void a_hundred_forwards_in_a_scope_leak_nothing() {
        Module net = Sequential.of(
                new Conv2d(1, 4, 3),
                new BatchNorm2d(4),
                Activation.relu(),
                new MaxPool2d(2),
                new Dropout(0.1),
                new Flatten(),
                new Linear(4 * 3 * 3, 5));
        Loss loss = Losses.crossEntropy(o -> o.weight = Tensor.ones(5));
        long[] alive = new long[2];
        for (int i = 0; i < 110; i++) {
            if (i % 100 == 9) {
                alive[i / 100] = Engine.liveObjects();
            }
            try (Scope scope = Scope.open()) {
                Tensor out = net.forward(Tensor.randn(2, 1, 8, 8));
                loss.apply(out, Tensor.of(new long[] {1, 4})).backward();
                net.zeroGrad();
            }
        }
        assertThat(alive[1]).isLessThanOrEqualTo(alive[0]);
    }
}
