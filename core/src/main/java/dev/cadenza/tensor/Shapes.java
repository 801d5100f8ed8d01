package dev.cadenza.tensor;

import java.util.Arrays;

/** Check shapes in Java where a wrong one is a user's likely mistake: a failed native call costs milliseconds. */
final class Shapes {
    private Shapes() {}

    /** The number of elements; refuses negative sizes and more than a {@code long} can count. */
    static long numel(long... shape) {
        long numel = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new TensorException("wanted sizes of 0 or more, but the shape is " + Arrays.toString(shape));
            }
            try {
                numel = Math.multiplyExact(numel, size);
            } catch (ArithmeticException e) {
                throw new TensorException("shape " + Arrays.toString(shape) + " has more elements than 2^63", e);
            }
        }
        return numel;
    }
}
