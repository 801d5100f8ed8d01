package dev.cadenza.callback;

/** Refuse wrong values where they are given. */
final class Checks {
    private Checks() {}

    static void require(boolean holds, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + wanted + ", but got: " + value);
        }
    }
}
