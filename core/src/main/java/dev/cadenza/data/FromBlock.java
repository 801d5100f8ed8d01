package dev.cadenza.data;

import dev.cadenza.tensor.Tensor;
import java.util.AbstractList;
import java.util.List;
import java.util.function.Function;

/**
 * A block for items that hold its raw value.
 *
 * @param <T> the item
 * @param <A> the raw value
 */
record FromBlock<T, A>(Block<A> block, String name, Function<? super T, ? extends A> getter) implements Block<T> {
    /** What is described of a block begins at the raw value. */
    @Override
    public Block<?> ofRawValue() {
        return block.ofRawValue();
    }

    @Override
    public Pipeline<T, Tensor> pipeline() {
        return Pipeline.<T, A>of(name, getter).then(block.pipeline());
    }

    @Override
    public Block<T> fit(List<T> training) {
        return new FromBlock<>(block.fit(raw(training)), name, getter);
    }

    @Override
    public void check(List<T> validation) {
        block.check(raw(validation));
    }

    /** A view: a block that learns nothing reads nothing. */
    private List<A> raw(List<T> items) {
        return new AbstractList<>() {
            @Override
            public A get(int index) {
                T item = items.get(index);
                return Items.name(() -> getter.apply(item), "getting " + name + " of", item);
            }

            @Override
            public int size() {
                return items.size();
            }
        };
    }

    @Override
    public List<String> classes() {
        return block.classes();
    }

    @Override
    public List<BatchTransform> batchTransforms() {
        return block.batchTransforms();
    }

    @Override
    public String toString() {
        return block + " of " + name;
    }
}
