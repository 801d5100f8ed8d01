package dev.cadenza.tensor;

import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;
import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;

/**
 * Hold floating-point tensors that are computed with as one: all parameters of an optimizer's group, or their gradients.
 *
 * <p>The list cannot be changed, its tensors can. Operations with another list pair the elements; both must be of the
 * same length.
 *
 * <pre>{@code
 * params.add_(grads, -lr);                       // a step of gradient descent
 * average.mul_(mom).add_(grads, 1 - mom);
 * }</pre>
 */
public final class TensorList extends AbstractList<Tensor> implements RandomAccess {
    private final Tensor[] tensors;

    /** Hold the tensors of a collection, in its order. */
    public TensorList(List<? extends Tensor> tensors) {
        this.tensors = tensors.toArray(Tensor[]::new);
    }

    @Override
    public Tensor get(int index) {
        return tensors[index];
    }

    @Override
    public int size() {
        return tensors.length;
    }

    /** Add {@code alpha · others} in place. */
    public TensorList add_(List<? extends Tensor> others, double alpha) {
        return scaled(
                alpha,
                scalar -> pairwise("add_", others, (x, y) -> Native.change("add_", x, y, (a, b) -> a.add_(b, scalar))));
    }

    /** Multiply by a number in place. */
    public TensorList mul_(double factor) {
        return scaled(factor, scalar -> each(x -> Native.change("mul_", x, a -> a.mul_(scalar))));
    }

    /** Add a number in place. */
    public TensorList add_(double number) {
        return scaled(number, scalar -> each(x -> Native.change("add_", x, a -> a.add_(scalar))));
    }

    /** Add {@code value · as · bs} in place. */
    public TensorList addcmul_(List<? extends Tensor> as, List<? extends Tensor> bs, double value) {
        return byTriples("addcmul_", as, bs, value, org.bytedeco.pytorch.Tensor::addcmul_);
    }

    /** Add {@code value · as / bs} in place. */
    public TensorList addcdiv_(List<? extends Tensor> as, List<? extends Tensor> bs, double value) {
        return byTriples("addcdiv_", as, bs, value, org.bytedeco.pytorch.Tensor::addcdiv_);
    }

    /** Go the share {@code weight} of the way to {@code ends} in place. */
    public TensorList lerp_(List<? extends Tensor> ends, double weight) {
        return scaled(
                weight,
                scalar ->
                        pairwise("lerp_", ends, (x, y) -> Native.change("lerp_", x, y, (a, b) -> a.lerp_(b, scalar))));
    }

    /** Copy the others' elements here. */
    public TensorList copy_(List<? extends Tensor> others) {
        return pairwise("copy_", others, Tensor::copy_);
    }

    /** Take the sign of each element, in new tensors. */
    public TensorList sign() {
        return map(Tensor::sign);
    }

    /** Take the square root of each element, in new tensors. */
    public TensorList sqrt() {
        return map(Tensor::sqrt);
    }

    /** Apply a function to each tensor and hold the results. */
    public TensorList map(UnaryOperator<Tensor> f) {
        Tensor[] results = new Tensor[tensors.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = f.apply(tensors[i]);
        }
        return new TensorList(List.of(results));
    }

    /** Apply a function to each tensor and its partner in another list, and hold the results. */
    public TensorList map(List<? extends Tensor> others, BinaryOperator<Tensor> f) {
        requireSameSize("map", others);
        Tensor[] results = new Tensor[tensors.length];
        for (int i = 0; i < results.length; i++) {
            results[i] = f.apply(tensors[i], others.get(i));
        }
        return new TensorList(List.of(results));
    }

    /** Limit each element to {@code [min, max]} in place. */
    public TensorList clamp_(double min, double max) {
        return each(x -> Native.change("clamp_", x, a -> {
            try (Scalar low = new Scalar(min);
                    Scalar high = new Scalar(max);
                    ScalarOptional from = new ScalarOptional(low);
                    ScalarOptional to = new ScalarOptional(high)) {
                a.clamp_(from, to);
            }
        }));
    }

    /** Take the 2-norm of all elements of all tensors together; 0 for an empty list. */
    public double norm() {
        return norm(2);
    }

    /**
     * Take the p-norm of all elements of all tensors together, {@code (Σ |x|^p)^(1/p)}; 0 for an empty list.
     *
     * @param p above 0; infinity gives the largest absolute value
     */
    public double norm(double p) {
        if (!(p > 0)) {
            throw new IllegalArgumentException("wanted a p above 0 for a norm, but got: " + p);
        }
        double sum = 0;
        for (Tensor tensor : tensors) {
            double norm = Native.read("norm", tensor, x -> {
                try (Scalar scalar = new Scalar(p);
                        org.bytedeco.pytorch.Tensor one = x.norm(scalar)) {
                    return one.item_double();
                }
            });
            sum = Double.isInfinite(p) ? Math.max(sum, norm) : sum + Math.pow(norm, p);
        }
        return Double.isInfinite(p) ? sum : Math.pow(sum, 1 / p);
    }

    /** Do {@link #clipNorm_(double, double)} by the 2-norm. */
    public double clipNorm_(double max) {
        return clipNorm_(max, 2);
    }

    /**
     * Scale all tensors down in place so that their common p-norm is at most {@code max}
     * ({@code clip_grad_norm_}: the factor is {@code max / (norm + 1e-6)} where that is below 1).
     *
     * @param max 0 or more
     * @param p above 0; infinity gives the largest absolute value
     * @return the norm before
     */
    public double clipNorm_(double max, double p) {
        if (!(max >= 0)) {
            throw new IllegalArgumentException("wanted a norm of 0 or more, but got: " + max);
        }
        double norm = norm(p);
        double factor = max / (norm + 1e-6);
        if (factor < 1) {
            mul_(factor);
        }
        return norm;
    }

    private interface Ternary {
        void apply(
                org.bytedeco.pytorch.Tensor x,
                org.bytedeco.pytorch.Tensor a,
                org.bytedeco.pytorch.Tensor b,
                Scalar value);
    }

    private TensorList byTriples(
            String op, List<? extends Tensor> as, List<? extends Tensor> bs, double value, Ternary f) {
        requireSameSize(op, as);
        requireSameSize(op, bs);
        return scaled(value, scalar -> {
            for (int i = 0; i < tensors.length; i++) {
                Native.changeAll(op, in -> f.apply(in[0], in[1], in[2], scalar), tensors[i], as.get(i), bs.get(i));
            }
            return this;
        });
    }

    /** One native number serves all tensors; making one for each would cost as much as a small operation. */
    private static TensorList scaled(double value, Function<Scalar, TensorList> f) {
        try (Scalar scalar = new Scalar(value)) {
            return f.apply(scalar);
        }
    }

    private TensorList each(Consumer<Tensor> f) {
        for (Tensor tensor : tensors) {
            f.accept(tensor);
        }
        return this;
    }

    private TensorList pairwise(String op, List<? extends Tensor> others, BiConsumer<Tensor, Tensor> f) {
        requireSameSize(op, others);
        for (int i = 0; i < tensors.length; i++) {
            f.accept(tensors[i], others.get(i));
        }
        return this;
    }

    private void requireSameSize(String op, List<? extends Tensor> others) {
        if (others.size() != tensors.length) {
            throw new TensorException(
                    op + ": wanted a list of " + tensors.length + " tensors, but got " + others.size());
        }
    }
}
