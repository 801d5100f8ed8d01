package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Walk the tree of modules, and gather what they hold by full names; {@link Fields} says what one holds itself. */
final class Members {
    private Members() {}

    /** Tells the second and later sight of an object from the first. */
    static final class Seen implements Predicate<Object> {
        private final Set<Object> objects = Collections.newSetFromMap(new IdentityHashMap<>());

        @Override
        public boolean test(Object object) {
            return !objects.add(object);
        }
    }

    static boolean isMember(Object value) {
        return value instanceof Parameter || value instanceof Buffer || value instanceof Module;
    }

    static <T> Map<String, T> only(Class<T> type, Map<String, ?> members) {
        Map<String, T> selected = new LinkedHashMap<>();
        members.forEach((name, value) -> {
            if (type.isInstance(value)) {
                selected.put(name, type.cast(value));
            }
        });
        return selected;
    }

    static Map<String, Tensor> state(Module module) {
        Map<String, Tensor> state = new LinkedHashMap<>();
        walk("", module, new ArrayDeque<>(), (prefix, visited) -> {
            only(Parameter.class, visited.members()).forEach((name, value) -> state.put(prefix + name, value));
            only(Buffer.class, visited.members()).forEach((name, value) -> state.put(prefix + name, value));
        });
        return state;
    }

    static Map<String, Module> modules(Module module) {
        Map<String, Module> modules = new LinkedHashMap<>();
        walk(
                "",
                module,
                new ArrayDeque<>(),
                (prefix, visited) ->
                        modules.put(prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1), visited));
        modules.values().removeIf(new Seen());
        return modules;
    }

    private interface Visitor {
        void visit(String prefix, Module module);
    }

    /** Visits a module before its children; {@code path} leads from the root to here. */
    private static void walk(String prefix, Module module, Deque<Module> path, Visitor visitor) {
        if (path.stream().anyMatch(ancestor -> ancestor == module)) {
            throw new IllegalStateException("module " + module.getClass().getName() + " holds itself, as '"
                    + prefix.substring(0, prefix.length() - 1) + "'; make one of the fields of another type");
        }
        visitor.visit(prefix, module);
        path.push(module);
        module.namedChildren().forEach((name, child) -> walk(prefix + name + ".", child, path, visitor));
        path.pop();
    }
}
