package dev.cadenza.tensor;

/**
 * Report that a tensor operation could not be done: a wrong shape, dtype, device or index.
 *
 * <p>The message names the operation, what libtorch says in one line, and the operands. libtorch's own error with its
 * C++ frames is the cause.
 *
 * <pre>
 * matmul: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3); operands: float32[2, 3], float32[2, 3]
 * </pre>
 */
public final class TensorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Say what was wanted, what came, and what to do. */
    public TensorException(String message) {
        super(message);
    }

    /** Say it, and keep libtorch's own error as the cause. */
    TensorException(String message, Throwable cause) {
        super(message, cause);
    }
}
