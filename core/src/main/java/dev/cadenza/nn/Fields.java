package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.regex.Pattern;

/**
 * Find what one module holds itself, by reading its fields: the one place of the library that reflects on user classes.
 *
 * <p>Two members of one name would be one in the state, and the other be neither trained nor saved: that is an error.
 */
final class Fields {
    private static final Pattern CAPITAL = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
    private static final String CAPTURED = "val$";

    private final Module module;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private final Map<String, String> sources = new LinkedHashMap<>();
    private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());

    private Fields(Module module) {
        this.module = module;
    }

    /** The members in fields, superclasses first, in the order of declaration; then the registered ones. */
    static Map<String, Object> membersOf(Module module, Map<String, Object> registered) {
        Fields fields = new Fields(module);
        List<Field> all = all(module.getClass());
        all.stream().filter(field -> !field.isSynthetic()).forEach(fields::read);
        all.stream().filter(field -> field.getName().startsWith(CAPTURED)).forEach(fields::readCaptured);
        registered.forEach((name, member) -> fields.put(name, member, "register(\"" + name + "\", …)"));
        return fields.members;
    }

    private static List<Field> all(Class<?> type) {
        Deque<Class<?>> classes = new ArrayDeque<>();
        for (Class<?> c = type; c != Module.class; c = c.getSuperclass()) {
            classes.push(c);
        }
        List<Field> fields = new ArrayList<>();
        for (Class<?> c : classes) {
            for (Field field : c.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && mayHoldMember(field.getType())) {
                    fields.add(field);
                }
            }
        }
        return fields;
    }

    /** Tells by the declared type; behind an interface or Object, the value decides. */
    private static boolean mayHoldMember(Class<?> type) {
        return (type.isArray() && mayHoldMember(type.getComponentType()))
                || type.isInterface()
                || type.isAssignableFrom(Module.class)
                || Module.class.isAssignableFrom(type)
                || Tensor.class.isAssignableFrom(type)
                || Collection.class.isAssignableFrom(type)
                || Map.class.isAssignableFrom(type);
    }

    private void read(Field field) {
        put(snakeCase(field.getName()), valueOf(field), source(field));
    }

    /** Reads the compiler's field for a local variable that the class uses, unless it is also in a field of its own. */
    private void readCaptured(Field field) {
        Object value = valueOf(field);
        if (!seen.contains(value)) {
            put(snakeCase(field.getName().substring(CAPTURED.length())), value, source(field));
        }
    }

    private void put(String name, Object value, String source) {
        seen.add(value);
        if (Members.isMember(value)) {
            putMember(name, value, source);
        } else if (value instanceof Map<?, ?> map) {
            inOrder(map).forEach(entry -> put(name + "." + key(entry, source), entry.getValue(), source));
        } else if (value instanceof Set<?> set) {
            refuseMembers(set, source);
        } else if (value instanceof Collection<?> collection) {
            int i = 0;
            for (Object element : collection) {
                put(name + "." + i++, element, source);
            }
        } else if (value instanceof Object[] array) {
            put(name, Arrays.asList(array), source);
        }
    }

    private void putMember(String name, Object member, String source) {
        Object before = members.put(name, member);
        String first = sources.put(name, source);
        if (before != null && before != member) {
            throw new IllegalStateException("two members of " + module.name() + " would both be '" + name
                    + "' in its state: " + first + " and " + source + "; rename one of them");
        }
    }

    /** The entries in the map's own order if it keeps one, else by key: that of Map.of differs from run to run. */
    private static List<Map.Entry<?, ?>> inOrder(Map<?, ?> map) {
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (!(map instanceof LinkedHashMap || map instanceof SortedMap)) {
            entries.sort(Comparator.comparing(entry -> String.valueOf(entry.getKey())));
        }
        return entries;
    }

    private static String key(Map.Entry<?, ?> entry, String source) {
        String key = String.valueOf(entry.getKey());
        if (Members.isMember(entry.getValue()) && (key.isEmpty() || key.contains("."))) {
            throw new IllegalStateException("wanted keys without a dot, since they become names in the state, but got '"
                    + key + "' in " + source + "; use another key");
        }
        return key;
    }

    private static void refuseMembers(Set<?> set, String source) {
        if (set.stream().anyMatch(Members::isMember)) {
            throw new IllegalStateException("members are named by their position, which those of a Set do not keep, in "
                    + source + "; hold them in a List");
        }
    }

    private Object valueOf(Field field) {
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

    private static String source(Field field) {
        String owner = field.getDeclaringClass().getSimpleName();
        return "field " + (owner.isEmpty() ? "" : owner + ".") + field.getName().replace(CAPTURED, "");
    }

    private static String snakeCase(String name) {
        return CAPITAL.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    }
}
