package dev.cadenza.tensor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.TensorBase;
import org.bytedeco.pytorch.TensorTensorHook;

/**
 * See the gradient that arrives at a tensor in {@link Tensor#backward()}, or replace it ({@code Tensor.register_hook}).
 *
 * <pre>{@code
 * Tensor hidden = layer.forward(x);
 * GradHook.on(hidden, grad -> grad.clamp(-1, 1));
 * hidden.sum().backward();
 * }</pre>
 */
public final class GradHook {
    /** libtorch holds its hooks weakly; those of tensors that no scope holds must wait somewhere for their pass. */
    private static final Set<Hook> WAITING = ConcurrentHashMap.newKeySet();

    /** Their native part is freed by the collector alone, so that they are used again. */
    private static final Queue<Hook> IDLE = new ConcurrentLinkedQueue<>();

    private static final Map<Thread, Pass> PASSES = new ConcurrentHashMap<>();

    private GradHook() {}

    /** A backward pass that goes on. */
    private static final class Pass {
        /** What a hook threw first: libtorch would pass on its text only. */
        Throwable failure;
        /** What hooks got and gave, both ours to close, but libtorch copies a result after its hook has ended. */
        final List<TensorBase> handles = new ArrayList<>();
    }

    private static final class Hook extends TensorTensorHook {
        private volatile UnaryOperator<Tensor> f;
        private volatile Thread owner;

        @Override
        public TensorBase call(TensorBase gradient) {
            WAITING.remove(this);
            Pass here = PASSES.get(Thread.currentThread());
            Pass pass = here == null ? PASSES.get(owner) : here; // for GPUs libtorch has threads of its own
            pass.handles.add(gradient);
            try (Scope scope = Scope.open();
                    Tensor seen = new Tensor(new org.bytedeco.pytorch.Tensor(gradient), scope)) {
                Tensor given = Objects.requireNonNull(f.apply(seen), "a gradient's hook gave null");
                if (given != seen) {
                    TensorBase result = Native.read("GradHook", given, org.bytedeco.pytorch.Tensor::new);
                    pass.handles.add(result);
                    return result;
                }
            } catch (Throwable failure) { // neither it nor null may reach libtorch: backward() throws it at its end
                pass.failure = pass.failure == null ? failure : pass.failure;
            }
            return gradient;
        }
    }

    /**
     * Play when the gradient of a tensor is known, until the tensor is closed. What the function throws leaves
     * {@code backward()} as it was; the gradient and all that the function makes are freed after it, unless kept.
     *
     * @param tensor one that depends on a tensor with {@code requiresGrad}
     * @param f from the gradient to the one to go on with: the same, or another of its shape
     * @throws TensorException if nothing was recorded for the tensor
     */
    public static void on(Tensor tensor, UnaryOperator<Tensor> f) {
        Hook idle = IDLE.poll();
        Hook hook = idle == null ? new Hook() : idle;
        hook.f = Objects.requireNonNull(f, "f");
        hook.owner = Thread.currentThread();
        int id = Native.read(
                "GradHook.on", tensor, x -> Native.requireRecorded(x).register_hook(hook));
        if (tensor.scope == null) {
            WAITING.add(hook);
        }
        tensor.beforeFree(x -> {
            x.remove_hook(id);
            WAITING.remove(hook);
            hook.f = null; // it may hold a whole model
            IDLE.add(hook);
        });
    }

    /**
     * Tell whether a hook was set on this tensor. Who would write over it must not then: libtorch moves hooks of a tensor
     * that is written over to where they cannot be taken off.
     */
    public static boolean isOn(Tensor tensor) {
        return tensor.endsSomething();
    }

    /** Runs a backward pass, and throws what a hook threw in it. */
    static void during(Runnable backward) {
        Pass pass = new Pass();
        Pass around = PASSES.put(Thread.currentThread(), pass);
        try {
            backward.run();
        } finally {
            pass.handles.forEach(TensorBase::close);
            PASSES.compute(Thread.currentThread(), (thread, ended) -> around);
        }
        if (pass.failure != null) {
            GradHook.<RuntimeException>rethrow(pass.failure);
        }
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
