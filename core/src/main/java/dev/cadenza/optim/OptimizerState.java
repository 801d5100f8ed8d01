package dev.cadenza.optim;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an optimizer remembers of each parameter, apart from its steps and groups. */
final class OptimizerState {
    private static final class Entry {
        final Map<String, Buffer> slots = new TreeMap<>();
        long steps;
    }

    private final IdentityHashMap<Parameter, Entry> entries = new IdentityHashMap<>();

    private Entry entry(Parameter parameter) {
        return entries.computeIfAbsent(parameter, p -> new Entry());
    }

    Tensor slot(Parameter parameter, Slot slot) {
        return entry(parameter)
                .slots
                .computeIfAbsent(
                        slot.name(),
                        name -> new Buffer(slot.scalar() ? parameter.sum().zerosLike() : parameter.zerosLike()));
    }

    boolean has(Parameter parameter, Slot slot) {
        return entry(parameter).slots.containsKey(slot.name());
    }

    void setSteps(Parameter parameter, long steps) {
        entry(parameter).steps = steps;
    }

    void forget(Parameter parameter) {
        Entry entry = entries.remove(parameter);
        if (entry != null) {
            entry.slots.values().forEach(Tensor::close);
        }
    }

    /** Keeps of a parameter exactly these tensors by the names of their slots; others are freed. */
    void restore(Parameter parameter, long steps, Map<String, Buffer> slots) {
        Entry entry = entry(parameter);
        entry.slots.values().stream().filter(slot -> !slots.containsValue(slot)).forEach(Tensor::close);
        entry.slots.clear();
        entry.slots.putAll(slots);
        entry.steps = steps;
    }

    void clear() {
        List.copyOf(entries.keySet()).forEach(this::forget);
    }

    Map<String, Tensor> slots(Parameter parameter) {
        return new TreeMap<>(entry(parameter).slots);
    }

    long steps(Parameter parameter) {
        return entry(parameter).steps;
    }

    void countStep(Parameter parameter) {
        entry(parameter).steps++;
    }
}
