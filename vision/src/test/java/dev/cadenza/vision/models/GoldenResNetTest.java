package dev.cadenza.vision.models;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.nn.F;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole ResNets have torchvision's state, and give its numbers. */
@ExtendWith(InScope.class)
class GoldenResNetTest {
    private static final String FILE = "init_and_layers.json";

    private static ResNet make(String name, long classes) {
        return switch (name) {
            case "resnet18" -> ResNet.resnet18(classes);
            case "resnet34" -> ResNet.resnet34(classes);
            default -> ResNet.resnet50(classes);
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet18", "resnet34", "resnet50"})
    void the_state_has_the_names_and_shapes_of_torchvision_in_its_order(String name) {
        Map<String, Object> golden =
                Golden.map(Golden.map(Golden.read(FILE).get("resnets")).get(name));
        ResNet net = make(name, 1000);
        List<String> wanted = ((List<?>) golden.get("state_dict"))
                .stream()
                        .map(entry -> (List<?>) entry)
                        .map(entry -> entry.get(0) + " " + entry.get(1) + " " + entry.get(2))
                        .toList();
        List<String> got = net.stateDict().entrySet().stream()
                .map(e -> e.getKey() + " " + Arrays.toString(e.getValue().shape())
                        + (e.getValue() instanceof Parameter ? " parameter" : " buffer"))
                .toList();
        assertThat(got).isEqualTo(wanted);
        assertThat(elements(net)).isEqualTo(((Number) golden.get("n_parameters")).longValue());
        assertThat(elements(make(name, 10))).isEqualTo(((Number) golden.get("n_parameters_10_classes")).longValue());
    }

    private static long elements(Module net) {
        return net.parameters().stream().mapToLong(Tensor::numel).sum();
    }

    @ParameterizedTest
    @ValueSource(strings = {"float64", "float32"})
    void resnet18_gives_the_logits_loss_gradients_and_running_statistics_of_torchvision(String dtype) {
        Map<String, Object> golden = Golden.maps(Golden.read(FILE).get("resnet_forward")).stream()
                .filter(run -> dtype.equals(run.get("dtype")))
                .findFirst()
                .orElseThrow();
        boolean exact = dtype.equals("float64");
        double close = exact ? 1e-7 : 1e-3;
        double gradients = exact ? 1e-6 : 1e-2;
        Module net = make((String) golden.get("net"), 10).to(exact ? DType.FLOAT64 : DType.FLOAT32);
        fill(net);
        long[] shape = Golden.longs(golden.get("input_shape"));
        Tensor x = values(shape, 1000, 1.5, 0).to(exact ? DType.FLOAT64 : DType.FLOAT32);

        Tensor logits = net.forward(x);
        assertClose("logits", logits, like(golden, "logits_train", dtype), close, close);
        Tensor loss = F.crossEntropy(logits, Tensor.of(Golden.longs(golden.get("target"))));
        assertClose("loss", one(loss.item()), one(Golden.number(golden.get("loss"))), close, 0);
        loss.backward();

        Map<String, Object> norms = Golden.map(golden.get("grad_l2"));
        Map<String, Object> sums = Golden.map(golden.get("grad_sum"));
        net.namedParameters().forEach((name, parameter) -> {
            Tensor grad = parameter.grad().to(DType.FLOAT64);
            double norm = Golden.number(norms.get(name));
            double slack = gradients * norm * Math.sqrt(grad.numel());
            assertClose("norm of " + name, one(grad.norm().item()), one(norm), gradients, 0);
            assertClose("sum of " + name, one(grad.sum().item()), one(Golden.number(sums.get(name))), 0, slack);
        });
        Map<String, Object> means = Golden.map(golden.get("running_mean_sum_after"));
        Map<String, Object> vars = Golden.map(golden.get("running_var_sum_after"));
        net.namedBuffers().forEach((name, buffer) -> {
            Object want = name.endsWith("mean") ? means.get(name) : vars.get(name);
            if (want != null) {
                assertClose(name, one(buffer.sum().item()), one(Golden.number(want)), close, close);
            }
        });
        try (NoGrad off = NoGrad.open()) {
            Tensor evaluated = net.eval().forward(x);
            assertClose("eval", evaluated, like(golden, "logits_eval_after_one_train_forward", dtype), close, close);
        }
    }

    private static Tensor like(Map<String, Object> golden, String key, String dtype) {
        Tensor want = Golden.tensor(golden.get(key));
        return dtype.equals("float64") ? want : want.to(DType.FLOAT32);
    }

    private static double[] one(double value) {
        return new double[] {value};
    }

    /** Fills parameters by the formula in the file's {@code about}. */
    private static void fill(Module net) {
        int k = 0;
        for (Map.Entry<String, Parameter> entry : net.namedParameters().entrySet()) {
            long[] shape = entry.getValue().shape();
            boolean norm = entry.getKey().endsWith("weight");
            long fanIn = Arrays.stream(shape).skip(1).reduce(1, (a, b) -> a * b);
            Tensor values = shape.length > 1
                    ? values(shape, k, Math.sqrt(6.0 / fanIn), 0)
                    : values(shape, k, norm ? 0.25 : 0.1, norm ? 1 : 0);
            entry.getValue().detach().copy_(values);
            k++;
        }
    }

    private static Tensor values(long[] shape, long k, double scale, double shift) {
        int n = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] values = new double[n];
        for (int j = 0; j < n; j++) {
            long h = ((j + 1L) * 2654435761L + (k + 1) * 40503) % (1L << 32);
            values[j] = (2.0 * h / (1L << 32) - 1) * scale + shift;
        }
        return Tensor.of(values, shape);
    }

    @Test
    void it_prints_its_children_as_torchvision_does() {
        assertThat(ResNet.resnet18(10).toString()).startsWith("""
                        ResNet(
                          (conv1): Conv2d(3, 64, kernel_size=(7, 7), stride=(2, 2), padding=(3, 3), bias=False)
                          (bn1): BatchNorm2d(64, eps=1e-05, momentum=0.1, affine=True, track_running_stats=True)
                          (relu): ReLU(inplace=True)
                          (maxpool): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)
                          (layer1): Sequential(
                            (0): BasicBlock(
                        """).endsWith("""
                          (avgpool): AdaptiveAvgPool2d(output_size=(1, 1))
                          (fc): Linear(in_features=512, out_features=10, bias=True)
                        )""");
    }
}
