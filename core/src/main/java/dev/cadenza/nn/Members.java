package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

    static void load(Module module, Map<String, ? extends Tensor> state) {
        Map<String, Tensor> own = state(module);
        LoadReport report = compare(own, state);
        if (!report.isComplete()) {
            List<String> problems = new ArrayList<>();
            report.missing().forEach(name -> problems.add("missing: " + name));
            problems.addAll(report.wrongShape());
            report.unexpected().forEach(name -> problems.add("unknown: " + name));
            throw new IllegalArgumentException("the state does not fit " + module.name() + ": "
                    + String.join("; ", problems) + "; loadWhatFits takes the rest");
        }
        own.forEach((name, tensor) -> replaceValues(tensor, state.get(name)));
    }

    static LoadReport loadWhatFits(Module module, Map<String, ? extends Tensor> state) {
        Map<String, Tensor> own = state(module);
        LoadReport report = compare(own, state);
        report.loaded().forEach(name -> replaceValues(own.get(name), state.get(name)));
        return report;
    }

    private static LoadReport compare(Map<String, Tensor> own, Map<String, ? extends Tensor> state) {
        List<String> fitting = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        List<String> wrongShape = new ArrayList<>();
        own.forEach((name, tensor) -> {
            Tensor value = state.get(name);
            if (value == null) {
                missing.add(name);
            } else if (fits(value, tensor)) {
                fitting.add(name);
            } else {
                wrongShape.add(name + ": wanted " + tensor.describe() + ", but got " + value.describe());
            }
        });
        Set<String> unexpected = new TreeSet<>(state.keySet());
        unexpected.removeAll(own.keySet());
        return new LoadReport(fitting, missing, List.copyOf(unexpected), wrongShape);
    }

    /** A Java array has no shape {@code []}: one number read back from a file comes as {@code [1]}. */
    private static boolean fits(Tensor value, Tensor tensor) {
        return Arrays.equals(value.shape(), tensor.shape()) || (tensor.dim() == 0 && value.numel() == 1);
    }

    private static void replaceValues(Tensor tensor, Tensor value) {
        try (Scope scope = Scope.open()) { // the detached one shares the memory; a leaf itself refuses copy_
            tensor.detach().copy_(value.reshape(tensor.shape()));
        }
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
