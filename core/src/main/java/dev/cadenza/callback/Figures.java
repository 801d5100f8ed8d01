package dev.cadenza.callback;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Figures over a fit, by the name of what they are of. */
final class Figures<S> {
    private final String kind;
    private final Map<String, List<S>> byName = new LinkedHashMap<>();

    /** Figures of layers, parameters, …; the word stands in errors. */
    Figures(String kind) {
        this.kind = kind;
    }

    void clear() {
        byName.clear();
    }

    void add(String name, S figure) {
        byName.computeIfAbsent(name, n -> new ArrayList<>()).add(figure);
    }

    Set<String> names() {
        return Set.copyOf(byName.keySet());
    }

    List<S> of(String name) {
        List<S> found = byName.get(name);
        if (found == null) {
            throw new IllegalArgumentException(
                    "there are no figures of a " + kind + " '" + name + "'; there is " + byName.keySet());
        }
        return List.copyOf(found);
    }
}
