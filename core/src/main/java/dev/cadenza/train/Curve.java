package dev.cadenza.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Numbers that grow by one at each iteration; in pieces, since one array would be copied again and again. */
final class Curve {
    private static final int PIECE = 4096;

    private final List<double[]> pieces = new ArrayList<>();
    private int size;

    void add(double value) {
        if (size % PIECE == 0) {
            pieces.add(new double[PIECE]);
        }
        pieces.get(size / PIECE)[size % PIECE] = value;
        size++;
    }

    void clear() {
        pieces.clear();
        size = 0;
    }

    int size() {
        return size;
    }

    double[] toArray() {
        return Arrays.copyOf(pieces.stream().flatMapToDouble(Arrays::stream).toArray(), size);
    }
}
