package dev.cadenza.data;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Say which items are trained on and which validated on, by index; an item may be in neither.
 *
 * <pre>{@code
 * Split split = Split.of(List.of(0, 1, 4), List.of(3, 2));
 * }</pre>
 */
public final class Split {
    private final List<Integer> train;
    private final List<Integer> valid;

    private Split(List<Integer> train, List<Integer> valid) {
        this.train = List.copyOf(train);
        this.valid = List.copyOf(valid);
        requireApart();
    }

    /**
     * Split into two parts that both have items.
     *
     * @param train indices from 0, in the order that the training part will have
     * @param valid indices from 0, in the order that the validation part will have
     * @throws IllegalArgumentException if a part is empty, an index is negative or comes twice
     */
    public static Split of(List<Integer> train, List<Integer> valid) {
        if (train.isEmpty() || valid.isEmpty()) {
            throw new IllegalArgumentException("wanted items to train on and items to validate on, but the split has "
                    + train.size() + " and " + valid.size()
                    + "; to do without validation, say so: Splitter.none() or Split.withoutValid");
        }
        return new Split(train, valid);
    }

    /**
     * Train on these and validate on none.
     *
     * @param train indices from 0, in the order that the training part will have
     * @throws IllegalArgumentException if there is none, an index is negative or comes twice
     */
    public static Split withoutValid(List<Integer> train) {
        if (train.isEmpty()) {
            throw new IllegalArgumentException("wanted items to train on, but there are 0");
        }
        return new Split(train, List.of());
    }

    private void requireApart() {
        Set<Integer> seen = new HashSet<>();
        for (List<Integer> part : List.of(train, valid)) {
            for (int index : part) {
                if (index < 0 || !seen.add(index)) {
                    throw new IllegalArgumentException("wanted " + train.size() + " indices to train on and "
                            + valid.size() + " others to validate on, each from 0 and once, but " + index
                            + (index < 0 ? " is negative" : " comes twice"));
                }
            }
        }
    }

    /** Return this split, if all its indices are of {@code items} items. */
    Split within(int items) {
        for (List<Integer> part : List.of(train, valid)) {
            for (int index : part) {
                if (index >= items) {
                    throw new IllegalArgumentException("wanted indices from 0 to " + (items - 1) + ", for " + items
                            + " items, but the splitter gave " + index + " to "
                            + (part == train ? "train" : "validate") + " on");
                }
            }
        }
        return this;
    }

    /** Return the indices of the items to train on. */
    public List<Integer> train() {
        return train;
    }

    /** Return the indices of the items to validate on; none if that was asked for. */
    public List<Integer> valid() {
        return valid;
    }

    @Override
    public String toString() {
        return "Split(train=" + train.size() + ", valid=" + valid.size() + ")";
    }
}
