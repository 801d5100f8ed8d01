package dev.cadenza.metric;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Count how often each class was taken for each other ({@code sklearn.metrics.confusion_matrix}).
 *
 * <p>Rows are the right classes, columns the predicted ones: what is on the diagonal is right. It keeps
 * {@code classes²} numbers, whatever the data.
 *
 * <pre>{@code
 * ConfusionMatrix matrix = new ConfusionMatrix(3);
 * matrix.add(Tensor.of(new long[] {0, 2, 2, 1}), Tensor.of(new long[] {0, 1, 2, 1}));
 * System.out.println(matrix.report("cat", "dog", "fox"));
 * for (ConfusionMatrix.Confusion each : matrix.mostConfused(1)) {
 *     System.out.println(each.actual() + " was taken for " + each.predicted() + ": " + each.count()); // 1, 2: 1
 * }
 * }</pre>
 */
public final class ConfusionMatrix {
    private static final int MOST = 10_000;

    private final long[][] counts;

    /**
     * Say that one class was taken for another.
     *
     * @param actual the right class
     * @param predicted the wrong one that it was taken for
     * @param count how often
     */
    public record Confusion(int actual, int predicted, long count) {}

    /**
     * Say how well one class was found.
     *
     * @param label its number
     * @param precision the share of what was predicted as this class that is, in [0, 1]; 0 if it never was
     * @param recall the share of what is this class that was predicted as it, in [0, 1]; 0 if nothing is
     * @param f1 their harmonic mean
     * @param support how many samples are of this class
     */
    public record ClassScores(int label, double precision, double recall, double f1, long support) {}

    /**
     * Make a matrix of zeros.
     *
     * @throws IllegalArgumentException if there are no classes, or more than 10,000: a matrix of 800 MB
     */
    public ConfusionMatrix(int classes) {
        Checks.require(classes > 0 && classes <= MOST, "classes", "from 1 to " + MOST, classes);
        counts = new long[classes][classes];
    }

    /**
     * Count predictions and what would have been right, both labels of any integer dtype and one shape.
     *
     * <p>For scores {@code [N, C, *]}, predict first: {@code matrix.add(scores.argmax(1), target)}.
     *
     * @throws TensorException if the shapes differ, a dtype is floating-point, or a label is not from 0 to classes - 1;
     *     then nothing is counted
     */
    public void add(Tensor pred, Tensor target) {
        if (!Arrays.equals(pred.shape(), target.shape())
                || pred.dtype().isFloatingPoint()
                || target.dtype().isFloatingPoint()) {
            throw new TensorException("confusion matrix: wanted predicted and right labels, integers of one shape, but"
                    + " got " + pred.describe() + " and " + target.describe() + "; for scores, add(scores.argmax(1),"
                    + " target)");
        }
        Checks.inRange("confusion matrix (predictions)", pred, counts.length);
        Checks.inRange("confusion matrix (targets)", target, counts.length);
        long[] columns = pred.toLongs();
        long[] rows = target.toLongs();
        for (int i = 0; i < rows.length; i++) {
            counts[(int) rows[i]][(int) columns[i]]++;
        }
    }

    /** Return the number of classes. */
    public int classes() {
        return counts.length;
    }

    /** Return a copy of the counts: {@code matrix()[actual][predicted]}. */
    public long[][] matrix() {
        return Arrays.stream(counts).map(long[]::clone).toArray(long[][]::new);
    }

    /** Return how many were counted. */
    public long total() {
        return Arrays.stream(counts).flatMapToLong(Arrays::stream).sum();
    }

    /** List what was confused at least {@code minVal} times (and once), the most often first; then by class. */
    public List<Confusion> mostConfused(long minVal) {
        return IntStream.range(0, classes())
                .boxed()
                .flatMap(i -> IntStream.range(0, classes())
                        .filter(j -> i != j && counts[i][j] >= Math.max(1, minVal))
                        .mapToObj(j -> new Confusion(i, j, counts[i][j])))
                .sorted(Comparator.comparingLong(Confusion::count).reversed())
                .toList();
    }

    /** Return precision, recall, F1 and support of each class, in the order of the labels. */
    public List<ClassScores> scores() {
        List<Counts> classes = perClass();
        return IntStream.range(0, classes())
                .mapToObj(i -> {
                    Counts c = classes.get(i);
                    return new ClassScores(i, c.precision(), c.recall(), c.f1(), c.actual());
                })
                .toList();
    }

    /**
     * Write the scores of all classes that occur as a table for people ({@code classification_report}).
     *
     * @param names of the classes, in the order of the labels; none: their numbers
     * @throws IllegalArgumentException if there are names, but not one for each class
     */
    public String report(String... names) {
        Checks.require(
                names.length == 0 || names.length == classes(),
                "the number of names",
                classes() + ", one for each class, or 0",
                names.length);
        return Report.of(this, names);
    }

    List<Counts> perClass() {
        long[] predicted = new long[classes()];
        for (long[] row : counts) {
            Arrays.setAll(predicted, j -> predicted[j] + row[j]);
        }
        long total = total();
        return IntStream.range(0, classes())
                .mapToObj(i -> new Counts(
                        counts[i][i], predicted[i], Arrays.stream(counts[i]).sum(), total))
                .toList();
    }
}
