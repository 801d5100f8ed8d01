package dev.cadenza.callback;

import java.util.function.Consumer;

/** Take options, and refuse wrong values where they are given. */
final class Checks {
    private Checks() {}

    /** The options, once they were chosen. */
    static <O> O chosen(O options, Consumer<? super O> choose) {
        choose.accept(options);
        return options;
    }

    static void require(boolean holds, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + wanted + ", but got: " + value);
        }
    }
}
