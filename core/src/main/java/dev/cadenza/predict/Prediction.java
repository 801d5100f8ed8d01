package dev.cadenza.predict;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Hold what a model says of one sample, in Java's own memory: a class with its probability, labels of which several are
 * true, or numbers.
 *
 * <pre>{@code
 * Prediction seen = Predictor.load(dir.resolve("digits.safetensors")).predict(x);
 * String digit = seen.label();
 * double sure = seen.probability();
 * Map<String, Double> best = seen.top(3);
 * }</pre>
 */
public final class Prediction {
    /** What the decisions of a loss are. */
    enum Kind {
        CLASS,
        LABELS,
        NUMBERS
    }

    private final Kind kind;
    private final List<String> names;
    private final long[] shape;
    private final double[] values;
    private final double[] decided;

    /** The names are those of the classes, as many as there are values, if it is of classes or labels. */
    Prediction(Kind kind, List<String> names, long[] shape, double[] values, double[] decided) {
        this.kind = kind;
        this.names = names;
        this.shape = shape;
        this.values = values;
        this.decided = decided;
    }

    /**
     * Return the name of the most probable class.
     *
     * @throws IllegalStateException if the model does not tell one class of several
     */
    public String label() {
        require(kind == Kind.CLASS && decided.length == 1, "one class");
        return names.get((int) decided[0]);
    }

    /** Return the names of the labels that are true, in the order of the classes; for one class of several, that one. */
    public List<String> labels() {
        if (kind == Kind.CLASS) {
            return List.of(label());
        }
        require(kind == Kind.LABELS && shape.length == 1, "labels");
        return IntStream.range(0, names.size())
                .filter(i -> decided[i] != 0)
                .mapToObj(names::get)
                .toList();
    }

    /** Return the probability of {@link #label}. */
    public double probability() {
        return probability(label());
    }

    /**
     * Return the probability of a class.
     *
     * @throws IllegalArgumentException if there is no such class: lists them
     */
    public double probability(String label) {
        requireProbabilities();
        int i = names.indexOf(label);
        if (i < 0) {
            throw new IllegalArgumentException("wanted one of the classes " + names + ", but got: " + label);
        }
        return values[i];
    }

    /** Return the probabilities by class, in the order of the classes. */
    public Map<String, Double> probabilities() {
        requireProbabilities();
        return byName(IntStream.range(0, values.length).boxed().toList());
    }

    /**
     * Return the most probable classes with their probabilities, the best first.
     *
     * @param k how many at most, 1 or more
     */
    public Map<String, Double> top(int k) {
        requireProbabilities();
        if (k < 1) {
            throw new IllegalArgumentException("wanted 1 class or more, but got: " + k);
        }
        return byName(IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -values[i]))
                .limit(k)
                .toList());
    }

    private Map<String, Double> byName(List<Integer> indices) {
        Map<String, Double> map = new LinkedHashMap<>();
        indices.forEach(i -> map.put(names.get(i), values[i]));
        return map;
    }

    /** Return the only number that the model gives. */
    public double value() {
        if (values.length != 1) {
            throw new IllegalStateException("the model gives " + values.length + " numbers, not one; read values()");
        }
        return values[0];
    }

    /** Return all that the model gives after the activation, row by row; probabilities, if it tells classes. */
    public double[] values() {
        return values.clone();
    }

    /** Return the shape of {@link #values}, such as {@code [C]} or {@code [C, H, W]}. */
    public long[] shape() {
        return shape.clone();
    }

    /** Return the decisions, row by row: numbers of classes, 1 for each label that is true, or the values themselves. */
    public double[] decided() {
        return decided.clone();
    }

    private void requireProbabilities() {
        require(kind != Kind.NUMBERS && shape.length == 1, "probabilities of classes");
    }

    private void require(boolean holds, String wanted) {
        if (!holds) {
            throw new IllegalStateException("the model does not tell " + wanted + ", but "
                    + kind.name().toLowerCase(java.util.Locale.ROOT) + " of shape " + Arrays.toString(shape)
                    + "; read values() or decided()");
        }
    }

    /** Write the classes with their probabilities, the three best, or the first numbers. */
    @Override
    public String toString() {
        if (kind == Kind.NUMBERS || shape.length != 1) {
            return "Prediction" + Arrays.toString(shape)
                    + Arrays.stream(values).limit(3).boxed().toList();
        }
        return top(3).entrySet().stream()
                .map(each -> String.format(java.util.Locale.ROOT, "%s %.1f %%", each.getKey(), 100 * each.getValue()))
                .collect(Collectors.joining(", "));
    }
}
