package dev.cadenza.data;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * What a pipeline makes for one sample: a tensor, or the value that its last step can write into a batch.
 *
 * @param step null if the value is a tensor
 */
record Row(String name, RowStep<Object> step, Object value) {
    static Row of(Tensor made) {
        return new Row("", null, made);
    }

    boolean isMade() {
        return step == null;
    }

    Tensor tensor() {
        return isMade() ? (Tensor) value : Pipeline.named(name, () -> step.apply(value));
    }

    DType dtype() {
        return step.dtype();
    }

    long[] shape() {
        return Pipeline.named(name, () -> step.shape(value));
    }

    /** As {@link Tensor#describe} would. */
    String describe() {
        return dtype() + Arrays.toString(shape());
    }

    void write(ByteBuffer row) {
        Pipeline.named(name, () -> {
            step.write(value, row);
            return null;
        });
        if (row.hasRemaining()) {
            throw new IllegalStateException("wanted all " + row.limit() + " bytes of " + describe() + " from the step "
                    + name + ", but it wrote " + row.position() + "; write them relative to the position");
        }
    }
}
