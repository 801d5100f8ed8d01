package dev.cadenza.metric;

import java.util.Arrays;

/** A growing array of numbers. */
final class Doubles {
    private static final int MOST = Integer.MAX_VALUE - 8;

    private double[] data = new double[0];
    private int size;

    void add(double[] more) {
        long wanted = (long) size + more.length;
        Checks.require(
                wanted <= MOST, "the numbers that a metric keeps", "at most " + MOST + "; use less data", wanted);
        if (wanted > data.length) {
            data = Arrays.copyOf(data, (int) Math.min(MOST, Math.max(wanted, 2L * data.length)));
        }
        System.arraycopy(more, 0, data, size, more.length);
        size = (int) wanted;
    }

    double get(int index) {
        return data[index];
    }

    int size() {
        return size;
    }

    double[] toArray() {
        return Arrays.copyOf(data, size);
    }
}
