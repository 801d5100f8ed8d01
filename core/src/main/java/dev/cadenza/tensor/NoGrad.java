package dev.cadenza.tensor;

import org.bytedeco.pytorch.GradMode;

/**
 * Switch the recording of gradients off on this thread while it is open ({@code torch.no_grad}).
 *
 * <pre>{@code
 * try (NoGrad off = NoGrad.open()) {
 *     weight.sub_(weight.grad().mul(0.1));
 * }
 * }</pre>
 *
 * <p>Nested ones work, in whatever order they are closed. It belongs to its thread.
 */
public final class NoGrad implements AutoCloseable {
    private static final ThreadLocal<OpenOnes> OPEN = ThreadLocal.withInitial(OpenOnes::new);

    /** How many are open on a thread, and what was before the first. */
    private static final class OpenOnes {
        int count;
        boolean before;
    }

    private final Thread thread = Thread.currentThread();
    private boolean closed;

    private NoGrad() {
        OpenOnes open = OPEN.get();
        if (open.count++ == 0) {
            open.before = GradMode.is_enabled();
        }
        GradMode.set_enabled(false);
    }

    /** Switch gradients off on this thread until {@link #close}. Use it in try-with-resources. */
    public static NoGrad open() {
        Engine.load();
        return new NoGrad();
    }

    /** Tell whether operations of this thread are recorded for {@link Tensor#backward}; true by default. */
    public static boolean gradIsEnabled() {
        Engine.load();
        return GradMode.is_enabled();
    }

    /**
     * Restore, with the last one open on this thread, what was before the first; a second time does nothing.
     *
     * @throws IllegalStateException if another thread than the one that opened it calls it
     */
    @Override
    public void close() {
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("NoGrad was opened by thread " + thread.getName()
                    + " and cannot be closed by " + Thread.currentThread().getName());
        }
        if (!closed) {
            closed = true;
            OpenOnes open = OPEN.get();
            if (--open.count == 0) {
                GradMode.set_enabled(open.before);
            }
        }
    }
}
