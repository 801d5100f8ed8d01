package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import java.util.IdentityHashMap;

/**
 * Remembers modes, weights, buffers and the process-wide generator, and restores them when closed.
 *
 * <p>The copies belong to the scope that is open, in which this must be closed, too, with gradients off.
 */
final class Untouched implements AutoCloseable {
    private final IdentityHashMap<Module, Boolean> modes = new IdentityHashMap<>();
    private final IdentityHashMap<Tensor, Tensor> copies = new IdentityHashMap<>();
    private final byte[] random = Rng.global().state();

    Untouched(Module model) {
        model.namedModules().values().forEach(module -> modes.put(module, module.isTraining()));
        model.stateDict().values().forEach(tensor -> copies.put(tensor, tensor.clone()));
    }

    /** Lets weights stay as they are now: what changed them has succeeded. */
    void acceptWeights() {
        copies.keySet().removeIf(tensor -> !(tensor instanceof Buffer));
    }

    @Override
    public void close() {
        modes.forEach(Module::setTraining);
        copies.forEach(Tensor::copy_);
        Rng.global().setState(random);
    }
}
