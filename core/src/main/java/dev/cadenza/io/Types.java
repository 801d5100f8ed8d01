package dev.cadenza.io;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Know how things are made of what {@link Spec specs} say, by the names of their types. No class is looked up by its
 * name: a file makes only what was added here.
 *
 * <pre>{@code
 * Types types = new Types().add("Pair", s -> Map.entry(s.text("key"), s.whole("value")));
 * var pair = types.make(Spec.parse("{\"type\":\"Pair\",\"key\":\"a\",\"value\":1}"), Map.Entry.class);
 * }</pre>
 */
public final class Types {
    private final Map<String, Function<Spec, ?>> makers = new TreeMap<>();

    /** Know nothing yet. */
    public Types() {}

    /**
     * Know a type.
     *
     * @param type its name, that of {@link Spec#type}
     * @param maker makes one of its options, all of which it must read
     * @return this
     * @throws IllegalArgumentException if the name is known already
     */
    public Types add(String type, Function<Spec, ?> maker) {
        if (makers.putIfAbsent(type, maker) != null) {
            throw new IllegalArgumentException("wanted a new type, but '" + type
                    + "' is known already; name yours with a prefix, as acme." + type);
        }
        return this;
    }

    /** Know all that others know; see {@link #add(String, Function)}. */
    public Types add(Types others) {
        others.makers.forEach(this::add);
        return this;
    }

    /**
     * Make what a spec describes, with all its parts.
     *
     * @param kind what it must be
     * @throws IllegalArgumentException if a type is unknown, an option is missing, wrong or unknown, or what comes out is
     *     of another kind: names where
     */
    public <T> T make(Spec spec, Class<T> kind) {
        try {
            Object made = spec.madeBy(this, maker(spec));
            if (!kind.isInstance(made)) {
                throw new IllegalArgumentException("wanted a " + kind.getSimpleName() + " here, but that is a "
                        + made.getClass().getSimpleName());
            }
            return kind.cast(made);
        } catch (Misplaced e) {
            throw e; // it tells where already
        } catch (RuntimeException e) {
            throw new Misplaced(spec.where() + ": " + e.getMessage(), e);
        }
    }

    private Function<Spec, ?> maker(Spec spec) {
        Function<Spec, ?> maker = makers.get(spec.type());
        if (maker == null) {
            throw new IllegalArgumentException("this type is unknown; known are " + makers.keySet()
                    + "; add how it is made: types.add(\"" + spec.type() + "\", s -> …)");
        }
        return maker;
    }

    /** An error that tells where it is. */
    private static final class Misplaced extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        Misplaced(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
