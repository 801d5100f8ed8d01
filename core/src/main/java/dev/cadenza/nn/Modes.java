package dev.cadenza.nn;

import java.util.IdentityHashMap;

/**
 * Remember which modules of a model are in training mode, and restore it when closed.
 *
 * <pre>{@code
 * try (Modes modes = new Modes(model)) {
 *     model.eval();
 *     model.forward(images);
 * }
 * }</pre>
 */
public final class Modes implements AutoCloseable {
    private final IdentityHashMap<Module, Boolean> training = new IdentityHashMap<>();

    /** Remember the modes of a module and of all below it. */
    public Modes(Module model) {
        model.namedModules().values().forEach(module -> training.put(module, module.isTraining()));
    }

    /** Restore them; modules that were added since stay as they are. */
    @Override
    public void close() {
        training.forEach(Module::setTraining);
    }
}
