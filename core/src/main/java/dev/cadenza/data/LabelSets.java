package dev.cadenza.data;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The labels of items and their vocabulary, as long as it is unknown null: what both blocks of labels share.
 *
 * @param <T> the item
 */
record LabelSets<T>(Function<? super T, ? extends Collection<String>> labels, CategoryOptions options, Vocab vocab) {
    static <T> LabelSets<T> of(
            Function<? super T, ? extends Collection<String>> labels, Consumer<CategoryOptions> options) {
        CategoryOptions chosen = new CategoryOptions();
        options.accept(chosen);
        return new LabelSets<>(labels, chosen, chosen.given());
    }

    /** A list of one label, which may be null. */
    static List<String> one(String label) {
        return Collections.singletonList(label);
    }

    /** The labels of an item, none of them null unless null has a class. */
    List<String> of(T item) {
        Collection<String> found = labels.apply(item);
        if (found == null || (!options.addNa && found.stream().anyMatch(label -> label == null))) {
            throw new IllegalArgumentException("wanted a label, but got null, of: " + Items.describe(item)
                    + "; label the item, leave it out, or give missing labels a class: o -> o.addNa = true");
        }
        return new ArrayList<>(found); // List.copyOf refuses null
    }

    LabelSets<T> fit(List<T> training) {
        List<String> all = new ArrayList<>();
        training.forEach(item -> all.addAll(Items.name(() -> of(item), "labelling", item)));
        all.removeIf(label -> label == null);
        if (vocab != null) {
            check(training);
            return this;
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException("wanted at least one label to learn from, but none of the "
                    + training.size() + " items to train on has one");
        }
        return new LabelSets<>(labels, options, options.learn(all));
    }

    void check(List<T> items) {
        for (T item : items) {
            for (String label : Items.name(() -> of(item), "labelling", item)) {
                if (!options.addNa && !requireVocab().contains(label)) {
                    throw new IllegalArgumentException("wanted one of the " + vocab.size() + " known labels, but got '"
                            + label + "', of: " + Items.describe(item) + "; known are: " + Items.some(vocab.names())
                            + "; "
                            + (options.vocab != null
                                    ? "add it to the vocabulary"
                                    : "split so that each label is trained on, or give all labels: o -> o.vocab = …"));
                }
            }
        }
    }

    Vocab requireVocab() {
        if (vocab == null) {
            throw new IllegalStateException("the labels are not known yet: fit the block to the training items first,"
                    + " as DataBlock.datasets does, or give them: o -> o.vocab = …");
        }
        return vocab;
    }

    List<String> classes() {
        return vocab == null ? List.of() : vocab.names();
    }
}
