package dev.cadenza.testing;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.nn.Module;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Compare a layer or a net with its case in {@code init_and_layers.json}. */
public final class LayerCheck {
    private static final double RTOL = 1e-9;
    private static final double ATOL = 1e-11;

    private LayerCheck() {}

    /** Fail unless outputs, gradients and running statistics of float64 are those of a case of the golden file. */
    public static void check(Module module, Map<String, Object> golden) {
        try (Scope scope = Scope.open()) {
            module.to(DType.FLOAT64).train((Boolean) golden.get("training"));
            Map<String, Tensor> state = tensors(golden.get("weights"));
            state.putAll(tensors(golden.get("buffers_before")));
            module.loadStateDict(state);
            Tensor input = Golden.tensor(((List<?>) golden.get("inputs")).get(0));
            if (input.dtype().isFloatingPoint()) {
                input.requiresGrad_(true);
            }

            Tensor output = module.forward(input);
            assertClose("output", output, first(golden, "outputs"), RTOL, ATOL);

            output.backward(first(golden, "grad_outputs"));
            if (golden.get("grad_inputs") != null) {
                assertClose("gradient of the input", input.grad(), first(golden, "grad_inputs"), RTOL, ATOL);
            }
            Map<String, Parameter> parameters = module.namedParameters();
            Map<String, Tensor> gradients = tensors(golden.get("grad_weights"));
            assertThat(parameters.keySet()).isEqualTo(gradients.keySet());
            gradients.forEach(
                    (name, want) -> assertClose(name, parameters.get(name).grad(), want, RTOL, ATOL));
            tensors(golden.get("buffers_after"))
                    .forEach((name, want) ->
                            assertClose(name, module.namedBuffers().get(name), want, RTOL, ATOL));
        }
    }

    private static Tensor first(Map<String, Object> golden, String key) {
        return Golden.tensor(((List<?>) golden.get(key)).get(0));
    }

    private static Map<String, Tensor> tensors(Object json) {
        Map<String, Tensor> tensors = new HashMap<>();
        if (json != null) {
            Golden.map(json).forEach((name, value) -> tensors.put(name, Golden.tensor(value)));
        }
        return tensors;
    }
}
