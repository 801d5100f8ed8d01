package dev.cadenza.train;

import dev.cadenza.nn.Module;
import java.util.IdentityHashMap;

/** Remembers which modules of a model are in training mode, and restores it when closed. */
final class Modes implements AutoCloseable {
    private final IdentityHashMap<Module, Boolean> training = new IdentityHashMap<>();

    Modes(Module model) {
        model.namedModules().values().forEach(module -> training.put(module, module.isTraining()));
    }

    @Override
    public void close() {
        training.forEach(Module::setTraining);
    }
}
