package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.Objects;

/**
 * Look into a module from outside while it computes, or change what it gives; it ends when it is closed
 * ({@code RemovableHandle}).
 *
 * <pre>{@code
 * try (Hook hook = layer.onForward((module, inputs, output) -> {
 *     System.out.println(output.std(true).item());
 *     return output;
 * })) {
 *     model.forward(x);
 * }
 * }</pre>
 *
 * <p>Several hooks of a module play in the order of adding, each with what the one before returned.
 */
public final class Hook implements AutoCloseable {
    /** What is done when a module has computed its output. */
    @FunctionalInterface
    public interface Forward {
        /**
         * Look at a module's output.
         *
         * @return what the module shall give: the output, or another tensor in its place
         */
        Tensor play(Module module, List<Tensor> inputs, Tensor output);
    }

    /** What is done when the gradient at a module's output is known. */
    @FunctionalInterface
    public interface Backward {
        /**
         * Look at the gradient of the loss with respect to a module's output. It is freed after this, unless copied.
         *
         * @return the gradient to go on with: the same, or another of its shape
         */
        Tensor play(Module module, Tensor gradient);
    }

    private final List<Hook> hooks;
    private final Forward forward;

    Hook(List<Hook> hooks, Forward forward) {
        this.hooks = hooks;
        this.forward = Objects.requireNonNull(forward, "hook");
        hooks.add(this);
    }

    static Tensor play(List<Hook> hooks, Module module, List<Tensor> inputs, Tensor output) {
        Tensor seen = output;
        for (Hook hook : hooks) {
            seen = Objects.requireNonNull(
                    hook.forward.play(module, inputs, seen),
                    () -> "a hook of " + module.name() + " gave null; wanted the output, or a tensor in its place");
        }
        return seen;
    }

    /** Play no longer; a second time does nothing. */
    @Override
    public void close() {
        hooks.removeIf(hook -> hook == this);
    }
}
