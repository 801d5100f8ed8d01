package dev.cadenza.tensor;

/**
 * A tensor that belongs to a module's state but is not trained, such as a running mean ({@code register_buffer}).
 *
 * <p>A field of this type in a {@code Module} is saved and moved with the module. Like a {@link Parameter} it is never
 * owned by a scope. Optimizers keep their state in buffers.
 *
 * <pre>{@code
 * final Buffer runningMean = new Buffer(Tensor.zeros(channels));
 * }</pre>
 */
public final class Buffer extends Tensor {
    /** Wraps a handle to a buffer that there is already. */
    Buffer(org.bytedeco.pytorch.Tensor own) {
        super(own);
    }

    /** Make a buffer with the values of a tensor of any shape and dtype; the two share their memory. */
    public Buffer(Tensor data) {
        super(Native.read("Buffer", data, org.bytedeco.pytorch.Tensor::detach));
    }
}
