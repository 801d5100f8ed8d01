package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Number names, and name the numbers again ({@code CategoryMap}).
 *
 * <pre>{@code
 * Vocab vocab = Vocab.sorted(List.of("dog", "cat", "dog"));
 * int cat = vocab.index("cat");        // 0
 * String dog = vocab.name(1);
 * }</pre>
 */
public final class Vocab {
    /** The name of what has no name of its own: missing or unknown. */
    public static final String NA = "#na#";

    private final List<String> names;
    private final boolean hasNa;
    private final Map<String, Integer> indices = new HashMap<>();

    private Vocab(List<String> names, boolean hasNa) {
        this.names = List.copyOf(names);
        this.hasNa = hasNa;
        for (String name : names) {
            Integer before = indices.putIfAbsent(name, indices.size());
            if (before != null) {
                throw new IllegalArgumentException("wanted each name once, but '" + name + "' comes twice");
            }
        }
        if (names.isEmpty()) {
            throw new IllegalArgumentException("wanted a vocabulary of at least one name, but got none");
        }
    }

    /**
     * Number names as they stand, from 0.
     *
     * @throws IllegalArgumentException if there is none, or one comes twice
     */
    public static Vocab of(List<String> names) {
        return new Vocab(names, false);
    }

    /**
     * Number the different names among these by their order, that of Unicode code points: {@code 10, 9, B, a}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Vocab sorted(Collection<String> names) {
        // String.compareTo would put an emoji, two chars from U+D800, before U+FF01
        Comparator<String> byCodePoint =
                Comparator.comparing(name -> name.codePoints().toArray(), Arrays::compare);
        return of(names.stream().distinct().sorted(byCodePoint).toList());
    }

    /**
     * Number the different names among these in the order in which they first come.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Vocab inOrder(Collection<String> names) {
        return of(List.copyOf(new LinkedHashSet<>(names)));
    }

    /** Return a vocabulary in which 0 is {@link #NA}, for all names that are null or unknown ({@code add_na}). */
    public Vocab withNa() {
        return hasNa
                ? this
                : new Vocab(
                        Stream.concat(Stream.of(NA), names.stream().filter(name -> !name.equals(NA)))
                                .toList(),
                        true);
    }

    /**
     * Return the number of a name.
     *
     * @throws IllegalArgumentException if it is unknown, and there is no {@link #NA}: says which are known
     */
    public int index(String name) {
        Integer index = indices.get(name);
        if (index == null && !hasNa) {
            throw new IllegalArgumentException("wanted one of the " + size() + " known labels, but got "
                    + (name == null ? "null" : "'" + name + "'") + "; known are: " + Items.some(names));
        }
        return index == null ? 0 : index;
    }

    /** Tell whether a name has a number of its own. */
    public boolean contains(String name) {
        return indices.containsKey(name);
    }

    /**
     * Return the name of a number.
     *
     * @throws IllegalArgumentException if it is not from 0 to {@code size() - 1}
     */
    public String name(long index) {
        if (index < 0 || index >= size()) {
            throw new IllegalArgumentException("wanted an index from 0 to " + (size() - 1) + ", but got: " + index);
        }
        return names.get((int) index);
    }

    /** Name all numbers of an int64 tensor of any shape, row by row. */
    public List<String> decode(Tensor indices) {
        return Arrays.stream(indices.toLongs()).mapToObj(this::name).toList();
    }

    /** Return all names, in the order of their numbers. */
    public List<String> names() {
        return names;
    }

    /** Return how many names there are. */
    public int size() {
        return names.size();
    }

    @Override
    public String toString() {
        return "Vocab(" + Items.some(names) + ")";
    }
}
