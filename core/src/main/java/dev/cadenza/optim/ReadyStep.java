package dev.cadenza.optim;

import java.util.List;

/** A step with a name, by which plans tell of it, and with values for hyper-parameters that the user need not set. */
record ReadyStep(String name, Step step, List<Hyper.Setting> defaults) implements Step {
    ReadyStep(String name, Step step, Hyper.Setting... defaults) {
        this(name, step, List.of(defaults));
    }

    @Override
    public void apply(Update u) {
        step.apply(u);
    }

    @Override
    public String toString() {
        return name;
    }
}
