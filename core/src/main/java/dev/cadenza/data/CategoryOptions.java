package dev.cadenza.data;

import java.util.Collection;
import java.util.List;

/** What can be chosen of labels: how their vocabulary comes about. */
public final class CategoryOptions {
    /** All labels, in the order of their numbers; default null: those of the training part. */
    public List<String> vocab;

    /** Whether the labels of the training part are sorted, not in the order of appearance; default true. */
    public boolean sort = true;

    /** Whether 0 stands for labels that are missing or unknown, under the name {@link Vocab#NA}; default false. */
    public boolean addNa;

    CategoryOptions() {}

    /** The vocabulary that was given, or null. */
    Vocab given() {
        return vocab == null ? null : finish(Vocab.of(vocab));
    }

    Vocab learn(Collection<String> labels) {
        return finish(sort ? Vocab.sorted(labels) : Vocab.inOrder(labels));
    }

    private Vocab finish(Vocab plain) {
        return addNa ? plain.withNa() : plain;
    }
}
