package dev.cadenza.nn;

import java.util.Arrays;
import java.util.function.Supplier;

/**
 * Makes layers whose weights come from elsewhere right after: nothing is drawn, and there may be no more numbers in them
 * than were announced, so that a small hostile file cannot ask for much memory. It holds for the calling thread.
 */
final class Blank {
    /** How many numbers may still be asked for; unset when layers are made as always. */
    private static final ThreadLocal<Long> LEFT = new ThreadLocal<>();

    private Blank() {}

    static <T> T make(long numbers, Supplier<T> maker) {
        Long outer = LEFT.get();
        LEFT.set(numbers);
        try {
            return maker.get();
        } finally {
            if (outer == null) {
                LEFT.remove();
            } else {
                LEFT.set(outer);
            }
        }
    }

    static boolean isOn() {
        return LEFT.get() != null;
    }

    /** Says that weights of this shape are about to be made. */
    static long[] claim(long... shape) {
        Long left = LEFT.get();
        if (left != null) {
            long wanted = 1;
            for (long length : shape) {
                wanted = length > 0 && wanted > left / length ? Long.MAX_VALUE : wanted * length;
            }
            if (wanted > left) {
                throw new IllegalArgumentException(
                        "wanted weights " + Arrays.toString(shape) + ", more numbers than the file has left: " + left);
            }
            LEFT.set(left - wanted);
        }
        return shape;
    }
}
