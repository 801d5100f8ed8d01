package dev.cadenza.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** Turns values of options into those few kinds that a {@link Spec} holds, or says where one is that it cannot hold. */
final class SpecValue {
    private SpecValue() {}

    static Object plain(String name, Object value) {
        if (value instanceof Described described) {
            return describe(name, described);
        }
        if (value instanceof Collection<?> || value.getClass().isArray()) {
            return list(name, value);
        }
        if (value instanceof Float || value instanceof Double) {
            double number = ((Number) value).doubleValue();
            if (Double.isFinite(number)) {
                return number;
            }
            throw new IllegalArgumentException(name + ": wanted a finite number, but got: " + value);
        }
        if (value instanceof Long || value instanceof Integer) {
            return ((Number) value).longValue();
        }
        if (value instanceof Boolean || value instanceof String || value instanceof Spec) {
            return value;
        }
        if (value instanceof Enum<?> each) {
            return each.name();
        }
        throw new Undescribed(name, value);
    }

    private static Spec describe(String name, Described described) {
        try {
            return Objects.requireNonNull(
                    described.spec(), () -> described.getClass().getName() + ".spec() gave null");
        } catch (Undescribed e) {
            throw e.below(name);
        }
    }

    private static List<Object> list(String name, Object value) {
        List<Object> all = new ArrayList<>();
        if (value instanceof long[] numbers) {
            Arrays.stream(numbers).forEach(all::add);
        } else if (value instanceof int[] numbers) {
            Arrays.stream(numbers).forEach(number -> all.add((long) number));
        } else if (value instanceof double[] numbers) {
            Arrays.stream(numbers).forEach(number -> all.add(plain(name, number)));
        } else if (value instanceof Collection<?> each) {
            each.forEach(element -> all.add(plain(name + "." + all.size(), element)));
        } else {
            throw new Undescribed(name, value);
        }
        return Collections.unmodifiableList(all);
    }

    /** What cannot be written down, and where it stands. */
    private static final class Undescribed extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;
        private final String where;
        private final String what;

        Undescribed(String where, Object value) {
            this(where, value.getClass().isHidden() || value.getClass().isSynthetic() ? "a function" : name(value));
        }

        private Undescribed(String where, String what) {
            super(where + " is " + what + ", which does not say what it is; use a ready one, such as Activation.relu()"
                    + " for Tensor::relu, or let your class implement Described");
            this.where = where;
            this.what = what;
        }

        private static String name(Object value) {
            return "of " + value.getClass().getName();
        }

        Undescribed below(String name) {
            return new Undescribed(name + "." + where, what);
        }
    }
}
