package dev.cadenza.tensor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Carry tensors from the scope that they were made in to another one, on any thread; on the way no scope owns them.
 *
 * <pre>{@code
 * Parcel parcel;
 * Tensor sum;
 * try (Scope scope = Scope.open()) {
 *     sum = x.add(y);
 *     parcel = Parcel.pack(List.of(sum));
 * }
 * parcel.unpack();        // here or on another thread: the innermost scope there owns the sum from now on
 * }</pre>
 *
 * <p>One thread at a time may use it, and what hands it from one to the other must make memory visible, as a queue does.
 * Whoever does not unpack it must close it.
 */
public final class Parcel implements AutoCloseable {
    private final List<Tensor> tensors = new ArrayList<>();

    private Parcel() {}

    /**
     * Take tensors away from the innermost scope of this thread. What that scope does not own (a parameter, a buffer, a
     * tensor from outside) stays with its owner: nobody may free it at the other end.
     */
    public static Parcel pack(Collection<Tensor> tensors) {
        Parcel parcel = new Parcel();
        Scope here = Scope.current();
        for (Tensor tensor : tensors) {
            if (here != null && tensor.scope == here) {
                tensor.scope = null;
                parcel.tensors.add(tensor);
            }
        }
        return parcel;
    }

    /** Give the tensors to the innermost scope open on this thread or, without one, to the garbage collector. */
    public void unpack() {
        Scope here = Scope.current();
        for (Tensor tensor : tensors) {
            tensor.scope = here;
            if (here != null) {
                here.add(tensor);
            }
        }
        tensors.clear();
    }

    /** Free the tensors, unless they were unpacked. */
    @Override
    public void close() {
        tensors.forEach(Tensor::close);
        tensors.clear();
    }
}
