package dev.cadenza.io;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Hold what something is as plain data: the name of its type, and options by name, among them the specs of its parts.
 * What {@link Described} things say of themselves, and what {@link Types} make things of.
 *
 * <p>An option is true or false, a whole number, a number, a text, another spec, or a list of one kind of these. It is
 * written as JSON, the type first: {@code {"type":"Linear","in":784,"out":10,"bias":true}}.
 *
 * <pre>{@code
 * Spec spec = Spec.of("Conv2d").with("in", 3).with("out", 8).with("kernel", 5);
 * Spec same = Spec.parse(spec.toString());
 * long in = same.whole("in");
 * }</pre>
 *
 * <p>Reading an option that is missing, or is of another kind, is an {@link IllegalArgumentException} that says so.
 */
public final class Spec {
    static final String TYPE = "type";

    private final String type;
    private final Map<String, Object> options = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();

    /** Where it stands in what was read; empty at the top. */
    private final String place;

    private Types types;

    Spec(String type, String place) {
        this.type = type;
        this.place = place;
    }

    /** Begin a spec without options. */
    public static Spec of(String type) {
        return new Spec(Objects.requireNonNull(type, "type"), "");
    }

    /**
     * Read a spec as {@link #toString} writes it.
     *
     * @throws IllegalArgumentException if it is none: says why
     */
    public static Spec parse(String json) {
        return SpecJson.read(json);
    }

    /**
     * Add an option.
     *
     * @param name of the option; not {@code type}
     * @param value a {@link Boolean}, number, {@link String}, {@link Enum}, array of numbers, {@link Spec}, something
     *     {@link Described}, or a collection of these; null: there is no such option
     * @return this
     * @throws IllegalArgumentException if the value is of another type, such as a function, or not finite
     */
    public Spec with(String name, Object value) {
        if (name.equals(TYPE) || options.containsKey(name)) {
            throw new IllegalArgumentException("wanted a new name for an option of " + type + ", but got: " + name);
        }
        if (value != null) {
            options.put(name, SpecValue.plain(name, value));
        }
        return this;
    }

    /** Return the name of the type. */
    public String type() {
        return type;
    }

    /** Return the names of all options, in their order. */
    public List<String> names() {
        return List.copyOf(options.keySet());
    }

    /** Tell whether there is an option of this name. */
    public boolean has(String name) {
        return options.containsKey(name);
    }

    /** Read true or false. */
    public boolean flag(String name) {
        return read(name, Boolean.class, "true or false");
    }

    /** Read a whole number. */
    public long whole(String name) {
        return read(name, Long.class, "a whole number");
    }

    /** Read a whole number of 32 bits. */
    public int integer(String name) {
        return narrow(name, whole(name));
    }

    /** Read a whole number of 32 bits that may be missing: null then. */
    public Integer integerOrNull(String name) {
        return has(name) ? integer(name) : null;
    }

    private int narrow(String name, long value) {
        if (value != (int) value) {
            throw wrong(name, "a whole number of 32 bits", value);
        }
        return (int) value;
    }

    /** Read a number. */
    public double number(String name) {
        return read(name, Number.class, "a number").doubleValue();
    }

    /** Read a text. */
    public String text(String name) {
        return read(name, String.class, "a text");
    }

    /** Read one of the constants of an enum. */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
        String text = text(name);
        return Arrays.stream(type.getEnumConstants())
                .filter(each -> each.name().equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(name, "one of " + Arrays.toString(type.getEnumConstants()), text));
    }

    /** Read whole numbers. */
    public long[] wholes(String name) {
        return all(name, Long.class, "whole numbers").stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /** Read whole numbers of 32 bits. */
    public int[] integers(String name) {
        return Arrays.stream(wholes(name))
                .mapToInt(number -> narrow(name, number))
                .toArray();
    }

    /** Read numbers. */
    public double[] numbers(String name) {
        return all(name, Number.class, "numbers").stream()
                .mapToDouble(Number::doubleValue)
                .toArray();
    }

    /** Read texts. */
    public List<String> texts(String name) {
        return all(name, String.class, "texts");
    }

    /** Read a spec as it stands. */
    public Spec spec(String name) {
        return read(name, Spec.class, "a spec");
    }

    /**
     * Make a part that this spec describes.
     *
     * @param kind what it must be, such as {@code Module.class}
     * @throws IllegalArgumentException if its type is unknown, of another kind, or what it says is wrong
     */
    public <T> T part(String name, Class<T> kind) {
        return make(spec(name), kind);
    }

    /** Make all parts of a list, in its order; see {@link #part}. */
    public <T> List<T> parts(String name, Class<T> kind) {
        return all(name, Spec.class, "specs").stream()
                .map(each -> make(each, kind))
                .toList();
    }

    private <T> T make(Spec part, Class<T> kind) {
        return Objects.requireNonNull(types, "a spec makes its parts when Types.make is given it")
                .make(part, kind);
    }

    private <T> T read(String name, Class<T> kind, String wanted) {
        Object value = options.get(name);
        if (!kind.isInstance(value)) {
            throw wrong(name, wanted, value);
        }
        read.add(name);
        return kind.cast(value);
    }

    private <T> List<T> all(String name, Class<T> kind, String wanted) {
        List<?> values = read(name, List.class, wanted);
        return values.stream()
                .map(value -> {
                    if (!kind.isInstance(value)) {
                        throw wrong(name, wanted, value);
                    }
                    return kind.cast(value);
                })
                .toList();
    }

    private IllegalArgumentException wrong(String name, String wanted, Object value) {
        return new IllegalArgumentException(
                "wanted '" + name + "' to be " + wanted + ", but got: " + (value == null ? "nothing" : value));
    }

    /** What the maker did not ask for: it would be ignored in silence. */
    void requireAllRead() {
        Set<String> left = new TreeSet<>(options.keySet());
        left.removeAll(read);
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("got options that are unknown here: " + left);
        }
    }

    /** Runs a maker on a copy, so that a spec can be made several times, by several threads. */
    Object madeBy(Types all, Function<Spec, ?> maker) {
        Spec copy = new Spec(type, place);
        copy.options.putAll(options);
        copy.types = all;
        Object made = Objects.requireNonNull(maker.apply(copy), "its maker gave null");
        copy.requireAllRead();
        return made;
    }

    Map<String, Object> options() {
        return options;
    }

    String where() {
        return place.isEmpty() ? type : place + " (" + type + ")";
    }

    /** Tell whether the other has the same type and options. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Spec spec && type.equals(spec.type) && options.equals(spec.options);
    }

    @Override
    public int hashCode() {
        return Objects.hash(type, options);
    }

    /** Write it as JSON, in one line. */
    @Override
    public String toString() {
        return SpecJson.write(this);
    }
}
