package dev.cadenza.nn;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Find what modules hold, by reading their fields: the one place of the library that reflects on user classes. */
final class Members {
    private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

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

    /** The members in fields, superclasses first, in the order of declaration. */
    static Map<String, Object> ofFields(Module module) {
        Deque<Class<?>> classes = new ArrayDeque<>();
        for (Class<?> c = module.getClass(); c != Module.class; c = c.getSuperclass()) {
            classes.push(c);
        }
        Map<String, Object> members = new LinkedHashMap<>();
        for (Class<?> c : classes) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !isOuter(field) && mayHoldMember(field.getType())) {
                    put(members, snakeCase(field.getName()), read(field, module));
                }
            }
        }
        return members;
    }

    /** An inner class sees the object around it by a field of the compiler's: that one holds it, not the reverse. */
    private static boolean isOuter(Field field) {
        return field.isSynthetic() && field.getName().startsWith("this$");
    }

    private static boolean mayHoldMember(Class<?> type) {
        return (type.isArray() && mayHoldMember(type.getComponentType()))
                || type.isAssignableFrom(Module.class)
                || Module.class.isAssignableFrom(type)
                || Layer.class.isAssignableFrom(type)
                || Tensor.class.isAssignableFrom(type)
                || List.class.isAssignableFrom(type);
    }

    private static void put(Map<String, Object> members, String name, Object value) {
        if (isMember(value)) {
            members.put(name, value);
        } else if (value instanceof List<?> list) {
            for (int i = 0; i < list.size(); i++) {
                put(members, name + "." + i, list.get(i));
            }
        } else if (value instanceof Object[] array) {
            put(members, name, Arrays.asList(array));
        }
    }

    private static Object read(Field field, Module module) {
        try {
            field.setAccessible(true);
            return field.get(module);
        } catch (IllegalAccessException | InaccessibleObjectException e) {
            Class<?> owner = field.getDeclaringClass();
            throw new IllegalStateException(
                    "cannot read field " + field.getName() + " of " + owner.getName() + ": add 'opens "
                            + owner.getPackageName() + " to dev.cadenza.core;' to its module-info, or register(\""
                            + snakeCase(field.getName()) + "\", …) it",
                    e);
        }
    }

    static String snakeCase(String name) {
        return CAPITAL.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
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
