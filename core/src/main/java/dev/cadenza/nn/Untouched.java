package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import java.util.IdentityHashMap;

/**
 * Remember modes, weights and buffers of a model and the process-wide generator, and restore them when closed: for
 * what tries something out.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open();
 *         Untouched before = new Untouched(model)) {
 *     model.train().forward(images);
 * }
 * }</pre>
 *
 * <p>The copies belong to the scope that is open, in which this must be closed, too.
 */
public final class Untouched implements AutoCloseable {
    private final Modes modes;
    private final IdentityHashMap<Tensor, Tensor> copies = new IdentityHashMap<>();
    private final byte[] random = Rng.global().state();

    /** Remember how a model and the generator are now. */
    public Untouched(Module model) {
        modes = new Modes(model);
        try (NoGrad off = NoGrad.open()) {
            model.stateDict().values().forEach(tensor -> copies.put(tensor, tensor.clone()));
        }
    }

    /** Lets weights stay as they are now: what changed them has succeeded. */
    void acceptWeights() {
        copies.keySet().removeIf(tensor -> !(tensor instanceof Buffer));
    }

    /** Restore all that was remembered. */
    @Override
    public void close() {
        modes.close();
        try (NoGrad off = NoGrad.open()) {
            copies.forEach(Tensor::copy_);
        }
        Rng.global().setState(random);
    }
}
