package dev.cadenza.data;

import dev.cadenza.io.DataException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Choose which items are trained on and which validated on.
 *
 * <p>Where a splitter would leave a part without items, it says so, with the counts; only {@link #none}, and a share of
 * 0, do without validation.
 *
 * <pre>{@code
 * Split split = Splitter.<String>random(0.2, seed).split(List.of("a", "b", "c", "d", "e"));
 * Splitter<String> shortOnes = Splitter.function(text -> text.length() < 10);
 * }</pre>
 *
 * @param <T> the item: a file, a row of a table, a text
 */
@FunctionalInterface
public interface Splitter<T> {
    /**
     * Split the items, always in the same way.
     *
     * @throws IllegalArgumentException if they cannot be split so: says how many there are and what to do
     */
    Split split(List<T> items);

    /** Train on all items as they stand, and validate on none. */
    static <T> Splitter<T> none() {
        return items -> Split.withoutValid(Splits.range(0, items.size()));
    }

    /**
     * Validate on a random part ({@code RandomSplitter}): the first {@code (int) (validShare * n)} of a permutation.
     *
     * @param validShare from 0 (do without) to below 1; fastai's default is 0.2
     * @param seed the key of the permutation
     * @throws IllegalArgumentException if the share is out of range
     */
    static <T> Splitter<T> random(double validShare, long seed) {
        Splits.requireShare("validShare", validShare);
        return items -> Splits.random(Splits.permutation(items.size(), seed), validShare);
    }

    /**
     * Use a random part of the items only, for a quick trial ({@code RandomSubsetSplitter}).
     *
     * @param trainShare of all items, above 0 and below 1
     * @param validShare of all items, from 0 (do without); together at most 1
     * @param seed the key of the permutation: its first {@code (int) (trainShare * n)} are trained on, the next ones
     *     validated on
     * @throws IllegalArgumentException if a share is out of range
     */
    static <T> Splitter<T> randomSubset(double trainShare, double validShare, long seed) {
        Splits.requireShare("trainShare", trainShare);
        Splits.requireShare("validShare", validShare);
        if (trainShare == 0 || trainShare + validShare > 1) {
            throw new IllegalArgumentException(
                    "wanted a trainShare above 0 and, with validShare, of at most 1, but got: " + trainShare + " and "
                            + validShare);
        }
        return items -> Splits.subset(Splits.permutation(items.size(), seed), trainShare, validShare);
    }

    /**
     * Validate on a random part in which each class has its share ({@code TrainTestSplitter} with {@code stratify}).
     *
     * <p>In all {@code (int) (validShare * n)} items; what is left over goes to the classes with the largest
     * remainders. A class always keeps an item to train on.
     *
     * @param validShare from 0 (do without) to below 1
     * @param seed the key of the permutation
     * @param label the class of an item
     * @throws IllegalArgumentException if the share is out of range
     */
    static <T> Splitter<T> stratified(double validShare, long seed, Function<? super T, ?> label) {
        Splits.requireShare("validShare", validShare);
        return items -> Stratified.split(items.stream().<Object>map(label).toList(), validShare, seed);
    }

    /**
     * Validate on the last part, such as the latest in time ({@code EndSplitter}).
     *
     * @param validShare from 0 (do without) to below 1, of which {@code (int) (validShare * n)} items are the last ones
     * @throws IllegalArgumentException if the share is out of range
     */
    static <T> Splitter<T> end(double validShare) {
        Splits.requireShare("validShare", validShare);
        return items -> Splits.end(items.size(), validShare);
    }

    /**
     * Validate on the items at these places, in this order, and train on all others ({@code IndexSplitter}).
     *
     * @param valid each from 0 and once, at least one
     * @throws IllegalArgumentException if there is none, one is negative or comes twice; when splitting, if one is
     *     beyond the last item
     */
    static <T> Splitter<T> index(int... valid) {
        List<Integer> chosen = Splits.indices(valid);
        return items -> Splits.index(items.size(), chosen);
    }

    /**
     * Validate on the items that are marked true, by place ({@code MaskSplitter}).
     *
     * @param isValid as many marks as there will be items
     */
    static <T> Splitter<T> mask(boolean... isValid) {
        boolean[] marks = isValid.clone();
        return items -> Splits.mask(items.size(), marks);
    }

    /**
     * Validate on the items for which this holds, such as {@code Row::isValid} ({@code FuncSplitter}, and {@code
     * ColSplitter} for a column).
     */
    static <T> Splitter<T> function(Predicate<? super T> isValid) {
        return items -> Splits.function(items, isValid);
    }

    /**
     * Tell the parts by the folder above that of the class, as in {@code train/cat/1.jpg} ({@code
     * GrandparentSplitter}); files in other folders are left out.
     *
     * @param train the folder's name, as {@code "train"}
     * @param valid the folder's name, as {@code "valid"}
     * @throws IllegalArgumentException if both are the same; when splitting, if a folder has no item: says which there
     *     are, and how many items each has
     */
    static Splitter<Path> grandparent(String train, String valid) {
        if (train.equals(valid)) {
            throw new IllegalArgumentException(
                    "wanted two folders, but got '" + train + "' to train and to validate on");
        }
        return items -> Splits.grandparent(items, train, valid);
    }

    /**
     * Validate on the files that a text file lists, one a line ({@code FileSplitter}).
     *
     * @param list each line a file's name or the end of its path, as {@code cat/1.jpg}; read at once
     * @throws DataException if the file cannot be read; when splitting, if a line names no item
     */
    static Splitter<Path> file(Path list) {
        return Listed.in(list);
    }
}
