/**
 * Numbers and gradients: the one package that talks to libtorch.
 *
 * <h2>Tensors</h2>
 *
 * A {@link dev.cadenza.tensor.Tensor} has a shape, a {@link dev.cadenza.tensor.DType} and a
 * {@link dev.cadenza.tensor.Device}. Operations have PyTorch's names in camelCase, and a trailing underscore where they
 * change the tensor itself. A {@link dev.cadenza.tensor.Parameter} is a tensor that is trained, a
 * {@link dev.cadenza.tensor.Buffer} one that belongs to a model but is not, a {@link dev.cadenza.tensor.TensorList}
 * several that are computed with as one.
 *
 * <h2>Memory</h2>
 *
 * Native memory is not the garbage collector's: it would wait while gigabytes pile up. The innermost
 * {@link dev.cadenza.tensor.Scope} open on a thread owns what is created in it and frees it when it closes.
 * {@link dev.cadenza.tensor.Tensor#keep} hands a tensor up to the enclosing scope, {@link dev.cadenza.tensor.Tensor#close}
 * ends it now. Using a tensor after that is an exception, never a crash.
 *
 * <h2>Gradients</h2>
 *
 * Operations on tensors that require a gradient are recorded; {@link dev.cadenza.tensor.Tensor#backward} goes back
 * through the record and adds to the gradient of each leaf. {@link dev.cadenza.tensor.NoGrad} switches the recording off.
 *
 * <h2>Randomness</h2>
 *
 * {@link dev.cadenza.tensor.Rng#global} is libtorch's process-wide generator, for initial weights and dropout; its
 * numbers are those of Python for the same seed. For data, make a generator from a key, so that nothing depends on who
 * draws first.
 *
 * <h2>All of it in ten lines</h2>
 *
 * <pre>{@code
 * Rng.global().seed(42);
 * Parameter w = new Parameter(Tensor.zeros(3, 1));
 * Tensor x = Tensor.randn(100, 3);
 * Tensor y = x.matmul(Tensor.of(new float[] {1, -2, 3}, 3, 1));
 * for (int i = 0; i < 100; i++) {
 *     try (Scope scope = Scope.open()) {
 *         x.matmul(w).sub(y).square().mean().backward();
 *         try (NoGrad off = NoGrad.open()) {
 *             w.add_(w.grad(), -0.1);
 *         }
 *         w.zeroGrad();
 *     }
 * }
 * System.out.println(w);
 * }</pre>
 *
 * {@link dev.cadenza.tensor.Engine} loads libtorch and holds what libtorch keeps for the whole process;
 * {@link dev.cadenza.tensor.Kernels} are its kernels for neural networks, on which {@code dev.cadenza.nn} stands.
 */
package dev.cadenza.tensor;
