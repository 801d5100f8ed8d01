package dev.cadenza.optim;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The state of an optimizer as tensors by name, and back; {@code #} joins names and stands in none of them. */
final class SavedState {
    private static final String STEPS = "steps";

    private final Optimizer optimizer;
    private final OptimizerState state;
    private final Map<String, Parameter> names;
    private final Map<String, Slot> slots = new LinkedHashMap<>();
    private final List<String> misfits = new ArrayList<>();
    private final List<Runnable> changes = new ArrayList<>();

    SavedState(Optimizer optimizer, OptimizerState state, Map<String, Parameter> names) {
        this.optimizer = optimizer;
        this.state = state;
        this.names = names;
    }

    Map<String, Tensor> save() {
        requireNames();
        Map<String, Tensor> saved = new LinkedHashMap<>();
        names.forEach((name, parameter) -> {
            saved.put(name + "#" + STEPS, Tensor.of(new long[] {optimizer.steps(parameter)}, new long[0]));
            optimizer.state(parameter).forEach((slot, value) -> saved.put(name + "#" + slot, value));
        });
        for (int i = 0; i < optimizer.groups().size(); i++) {
            int group = i;
            optimizer
                    .groups()
                    .get(i)
                    .hypers()
                    .forEach((hyper, value) ->
                            saved.put("#" + group + "#" + hyper, Tensor.of(new double[] {value}, new long[0])));
        }
        return saved;
    }

    private void requireNames() {
        Set<Parameter> named = Set.copyOf(names.values());
        long unnamed = optimizer.groups().stream()
                .flatMap(group -> group.parameters().stream())
                .filter(parameter -> !named.contains(parameter))
                .count();
        if (unnamed > 0) {
            throw new IllegalArgumentException("wanted a name for each parameter of the optimizer, but " + unnamed
                    + " have none; pass model.namedParameters() of the model that it trains");
        }
    }

    /** Loads what fits, or with all nothing unless everything does, and returns what does not. */
    List<String> load(Map<String, ? extends Tensor> saved, boolean all) {
        optimizer.slots().forEach(slot -> slots.put(slot.name(), slot));
        try (Scope copies = Scope.open()) {
            return loadBy(saved, all);
        }
    }

    private List<String> loadBy(Map<String, ? extends Tensor> saved, boolean all) {
        names.forEach((name, parameter) -> {
            if (saved.containsKey(name + "#" + STEPS)) {
                changes.add(() -> state.forget(parameter));
            } else {
                misfits.add("nothing is saved of parameter '" + name + "'");
            }
        });
        saved.forEach(this::plan);
        if (!all || misfits.isEmpty()) {
            changes.forEach(Runnable::run);
        }
        return List.copyOf(misfits);
    }

    private void plan(String key, Tensor value) {
        int split = key.lastIndexOf('#');
        String owner = key.substring(0, Math.max(split, 0));
        String what = key.substring(split + 1);
        if (owner.startsWith("#")) {
            planHyper(key, owner.substring(1), what, value);
        } else if (!names.containsKey(owner)) {
            misfits.add("there is no parameter '" + owner + "' for '" + key + "'");
        } else if (what.equals(STEPS)) {
            long steps = value.itemLong();
            changes.add(() -> state.setSteps(names.get(owner), steps));
        } else {
            planSlot(names.get(owner), key, what, value);
        }
    }

    private void planSlot(Parameter parameter, String key, String name, Tensor value) {
        Slot slot = slots.get(name);
        if (slot == null) {
            misfits.add(
                    "no step of this optimizer keeps '" + name + "', as '" + key + "' is; they keep " + slots.keySet());
            return;
        }
        long[] wanted = slot.scalar() ? new long[0] : parameter.shape();
        if (!Arrays.equals(wanted, value.shape())) {
            misfits.add("wanted '" + key + "' of shape " + Arrays.toString(wanted) + ", but got " + value.describe());
            return;
        }
        Tensor copy = value.clone(); // what is saved may be the very tensor that is forgotten first
        // It goes into the parameter's memory layout: fused kernels need both alike.
        changes.add(() -> state.slot(parameter, slot).copy_(copy));
    }

    private void planHyper(String key, String group, String name, Tensor value) {
        List<ParamGroup> groups = optimizer.groups();
        if (!group.matches("\\d{1,9}") || Integer.parseInt(group) >= groups.size()) {
            misfits.add("there is no group " + group + " for '" + key + "', only " + groups.size());
            return;
        }
        ParamGroup target = groups.get(Integer.parseInt(group));
        Hyper hyper = target.hypers().keySet().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
        if (hyper == null) {
            misfits.add("this optimizer has no hyper-parameter '" + name + "' for '" + key + "', only "
                    + target.hypers().keySet());
            return;
        }
        double number = value.to(DType.FLOAT64).item();
        try {
            Hyper.Setting setting = hyper.is(number);
            changes.add(() -> target.set(setting));
        } catch (IllegalArgumentException e) {
            misfits.add("'" + key + "': " + e.getMessage());
        }
    }
}
