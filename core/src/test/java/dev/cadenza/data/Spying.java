package dev.cadenza.data;

import java.util.function.IntConsumer;

/** A data set that tells which sample is asked for, before it gives it; the listener may throw. */
record Spying(Dataset inner, IntConsumer listener) implements Dataset {
    static Dataset on(Dataset inner, IntConsumer listener) {
        return new Spying(inner, listener);
    }

    @Override
    public int size() {
        return inner.size();
    }

    @Override
    public Sample get(int index) {
        return get(index, Draw.NONE);
    }

    @Override
    public Sample get(int index, Draw draw) {
        listener.accept(index);
        return inner.get(index, draw);
    }
}
