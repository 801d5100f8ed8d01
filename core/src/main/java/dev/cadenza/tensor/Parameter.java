package dev.cadenza.tensor;

/**
 * A tensor that is trained: a leaf with a gradient, owned by its module and never by a scope
 * ({@code torch.nn.Parameter}).
 *
 * <p>A field of this type in a {@code Module} is found by itself: it is trained, saved and moved with the module.
 *
 * <pre>{@code
 * final class Scale extends Module {
 *     final Parameter factor = new Parameter(Tensor.ones(1));
 *
 *     protected Tensor compute(Tensor x) {
 *         return x.mul(factor);
 *     }
 * }
 * }</pre>
 */
public final class Parameter extends Tensor {
    /** Wraps a handle to a parameter that there is already. */
    Parameter(org.bytedeco.pytorch.Tensor own) {
        super(own);
    }

    /**
     * Make a parameter with the values of a tensor; the two share their memory.
     *
     * @param data a floating-point tensor of any shape
     * @throws TensorException if its dtype is not floating-point: integers have no gradient
     */
    public Parameter(Tensor data) {
        super(Native.read("Parameter", data, x -> {
            if (!x.is_floating_point()) {
                throw new TensorException("Parameter: wanted a floating-point tensor, but got " + data.describe());
            }
            org.bytedeco.pytorch.Tensor leaf = x.detach();
            leaf.set_requires_grad(true);
            return leaf;
        }));
    }
}
