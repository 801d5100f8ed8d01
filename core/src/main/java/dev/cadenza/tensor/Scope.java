package dev.cadenza.tensor;

import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Own the tensors that this thread creates, and free them all when it closes.
 *
 * <p>The one rule of memory: the innermost scope open on a thread owns what is created in it. Three verbs follow: the
 * scope <em>owns</em>, {@link Tensor#keep keep} hands a tensor up to the enclosing scope (or, at the top, to the garbage
 * collector), {@link Tensor#close close} ends it now. Parameters, buffers and optimizer state are born kept. The
 * training loop opens a scope for each of its spans, so that callbacks, models and losses need none.
 *
 * <pre>{@code
 * Tensor mean;
 * try (Scope scope = Scope.open()) {
 *     Tensor centred = x.sub(x.mean());       // freed with the scope
 *     mean = centred.mul(centred).mean().keep();   // outlives it
 * }
 * }</pre>
 *
 * <p>A scope belongs to its thread. Scopes that were opened inside another and forgotten close with it; closing twice
 * does nothing. Without any open scope tensors are freed when the garbage collector finds them, which knows nothing of
 * their native memory: open one around every loop body that you write yourself.
 */
public final class Scope implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Scope.class);
    private static final int WARN_AFTER = 100_000;
    private static final ThreadLocal<Scope> CURRENT = new ThreadLocal<>();
    private static int unowned;

    private final Scope parent;
    private final Thread thread = Thread.currentThread();
    private Tensor[] owned = new Tensor[16];
    private int size;
    private boolean closed;

    private Scope(Scope parent) {
        this.parent = parent;
    }

    /** Open a scope on this thread, inside the one that is open now. Use it in try-with-resources. */
    public static Scope open() {
        Scope scope = new Scope(CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    /**
     * Free every tensor that this scope owns, after those of scopes opened inside it.
     *
     * @throws IllegalStateException if another thread than the one that opened the scope calls it
     */
    @Override
    public void close() {
        requireOwnThread();
        while (!closed) {
            CURRENT.get().closeInnermost();
        }
    }

    private void closeInnermost() {
        closed = true;
        CURRENT.set(parent);
        if (parent == null) {
            CURRENT.remove();
        }
        for (int i = 0; i < size; i++) {
            if (owned[i].scope == this) {
                owned[i].closeByScope();
            }
        }
        owned = new Tensor[0];
        size = 0;
    }

    /** The innermost open scope of this thread, or null. */
    static Scope current() {
        return CURRENT.get();
    }

    void add(Tensor tensor) {
        if (size == owned.length) {
            forgetClosed();
        }
        owned[size++] = tensor;
    }

    /** Moves a tensor to the enclosing scope, or to nobody at the top. */
    void handUp(Tensor tensor) {
        requireOwnThread();
        tensor.scope = parent;
        if (parent != null) {
            parent.add(tensor);
        }
    }

    /** Counts a tensor that no scope owns; many of them are a loop that forgot to open one. */
    static void countUnowned() {
        if (++unowned == WARN_AFTER) { // a lost update between threads only delays the warning
            LOG.warn(
                    "{} tensors were created outside any Scope: they are freed only when the garbage collector runs;"
                            + " open a Scope around the loop body",
                    WARN_AFTER);
        }
    }

    private void forgetClosed() {
        int kept = 0;
        for (int i = 0; i < size; i++) {
            if (owned[i].scope == this && !owned[i].isClosed()) {
                owned[kept++] = owned[i];
            }
        }
        Arrays.fill(owned, kept, size, null);
        size = kept;
        if (kept > owned.length / 2) {
            owned = Arrays.copyOf(owned, owned.length * 2);
        }
    }

    private void requireOwnThread() {
        if (thread != Thread.currentThread()) {
            throw new IllegalStateException("this scope was opened by thread " + thread.getName()
                    + " and cannot be changed by " + Thread.currentThread().getName()
                    + "; open a scope on each thread and hand tensors over with keep()");
        }
    }
}
