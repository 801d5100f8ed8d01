package dev.cadenza.data;

import dev.cadenza.io.Described;
import dev.cadenza.io.Spec;
import dev.cadenza.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Give the first input of each batch another shape: {@code [N, *]} becomes {@code [N, shape]}, of as many elements; and,
 * if asked for, repeat dimensions of size 1.
 *
 * <pre>{@code
 * Reshape rows = Reshape.of(784);                                      // [N, 1, 28, 28] to [N, 784]
 * Reshape colours = Reshape.of(1, 28, 28).expand(3, 28, 28);           // [N, 784] to [N, 3, 28, 28]
 * }</pre>
 */
public final class Reshape implements BatchTransform, Described {
    private final long[] shape;
    private final long[] expanded;

    private Reshape(long[] shape, long[] expanded) {
        this.shape = shape.clone();
        this.expanded = expanded.clone();
        boolean fits = shape.length == expanded.length
                && Arrays.stream(shape).allMatch(length -> length >= 1)
                && Arrays.stream(expanded).allMatch(length -> length >= 1);
        for (int i = 0; fits && i < shape.length; i++) {
            fits = shape[i] == expanded[i] || shape[i] == 1;
        }
        if (!fits) {
            throw new IllegalArgumentException("wanted lengths of 1 or more, of which those of 1 may be expanded, but"
                    + " got: " + Arrays.toString(shape) + " to " + Arrays.toString(expanded));
        }
    }

    /**
     * Give samples this shape.
     *
     * @param shape without the batch dimension
     * @throws IllegalArgumentException if a length is less than 1
     */
    public static Reshape of(long... shape) {
        return new Reshape(shape, shape);
    }

    /**
     * Return one that then repeats what has length 1, without copying it ({@code expand}).
     *
     * @param larger as many lengths as the shape has, each the same, or any where the shape has 1
     * @throws IllegalArgumentException if they are not so
     */
    public Reshape expand(long... larger) {
        return new Reshape(shape, larger);
    }

    static Reshape of(Spec spec) {
        return new Reshape(spec.wholes("shape"), spec.wholes("expanded"));
    }

    @Override
    public Batch apply(Batch batch, List<Draw> draws) {
        List<Tensor> inputs = new ArrayList<>(batch.inputs());
        Tensor reshaped = batch.input().reshape(withN(batch.size(), shape));
        inputs.set(0, Arrays.equals(shape, expanded) ? reshaped : reshaped.expand(withN(batch.size(), expanded)));
        return new Batch(inputs, batch.targets());
    }

    private static long[] withN(long n, long... sample) {
        long[] all = new long[sample.length + 1];
        all[0] = n;
        System.arraycopy(sample, 0, all, 1, sample.length);
        return all;
    }

    /** Return what this is as plain data. */
    @Override
    public Spec spec() {
        return Spec.of("Reshape").with("shape", shape).with("expanded", expanded);
    }

    @Override
    public String toString() {
        return "Reshape(" + Arrays.toString(shape)
                + (Arrays.equals(shape, expanded) ? "" : " to " + Arrays.toString(expanded)) + ")";
    }
}
