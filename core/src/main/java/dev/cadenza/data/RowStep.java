package dev.cadenza.data;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.function.Function;

/**
 * Make a tensor of a value, or write its elements straight into its row of a batch: as the last step of a
 * {@link Pipeline}, it spares small samples a tensor each.
 *
 * <p>Both must give the same elements. Which of the two is called is up to the data set: a batch of small samples is
 * written, a sample that is asked for by itself, or a large one, is made.
 *
 * <pre>{@code
 * Block<String> length = () -> Pipeline.of("length", new RowStep<String>() {
 *     public Tensor apply(String text) {
 *         return Tensor.full(DType.INT64, text.length());
 *     }
 *
 *     public DType dtype() {
 *         return DType.INT64;
 *     }
 *
 *     public long[] shape(String text) {
 *         return new long[0];
 *     }
 *
 *     public void write(String text, java.nio.ByteBuffer row) {
 *         row.putLong(text.length());
 *     }
 * });
 * }</pre>
 *
 * @param <A> what goes in
 */
public interface RowStep<A> extends Function<A, Tensor> {
    /** Return the dtype of all tensors that this step makes. */
    DType dtype();

    /** Return the shape of the tensor that would be made of a value, without a batch dimension. */
    long[] shape(A value);

    /**
     * Write all elements, row by row.
     *
     * @param row zeros, of as many bytes as the elements need, in this machine's byte order; must be full afterwards. Not to
     *     be kept
     */
    void write(A value, ByteBuffer row);
}
