package dev.cadenza.vision;

import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Treats the samples of a batch in several ways: each way on the whole batch, and of each sample the result of its own.
 *
 * <p>So a sample that nothing happens to keeps its bits, whatever happens to its neighbours.
 */
final class Kinds {
    private Kinds() {}

    /**
     * @param kinds of each sample, at least one
     * @param result of all samples for one kind, {@code [N, C, H, W]}
     */
    static Tensor merge(int[] kinds, Device device, IntFunction<Tensor> result) {
        Tensor merged = null;
        for (int kind : Arrays.stream(kinds).distinct().sorted().toArray()) {
            Tensor next = result.apply(kind);
            merged = merged == null ? next : Tensor.where(mask(kinds, kind).to(device), next, merged);
        }
        return merged;
    }

    private static Tensor mask(int[] kinds, int kind) {
        boolean[] mask = new boolean[kinds.length];
        for (int i = 0; i < kinds.length; i++) {
            mask[i] = kinds[i] == kind;
        }
        return Tensor.of(mask, kinds.length, 1, 1, 1);
    }

    /** One number for each sample, ready to be combined with images. */
    static Tensor column(double[] values, Tensor like) {
        return Tensor.of(values, values.length, 1, 1, 1).to(like.dtype()).to(like.device());
    }
}
