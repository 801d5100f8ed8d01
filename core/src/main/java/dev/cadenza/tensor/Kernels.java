package dev.cadenza.tensor;

import java.util.Arrays;
import java.util.function.BiFunction;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Call libtorch's kernels for neural networks; the module layers and {@code F} in {@code dev.cadenza.nn} stand on them.
 *
 * <p>Use {@code F}: it takes options by name. Here arguments are checked only so far that no value can crash the
 * process. An optional tensor may be null.
 */
public final class Kernels {
    private static final long LARGEST = 1 << 20;

    private Kernels() {}

    /** Compute {@code x · weightᵀ + bias}: x {@code [*, in]}, weight {@code [out, in]}, bias {@code [out]} or null. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return call("linear", 2, (in, optional) -> torch.linear(in[0], in[1], optional[0]), x, weight, bias);
    }

    /**
     * Convolve: x {@code [N, in, H, W]}, weight {@code [out, in/groups, kh, kw]}, bias {@code [out]} or null.
     *
     * @param stride pixels between two results: {down, right}, each at least 1
     * @param padding zeros added around: {above and below, left and right}
     * @param dilation distance of two taps of the kernel, each at least 1
     * @param groups into how many independent parts channels are split, at least 1
     */
    public static Tensor conv2d(
            Tensor x, Tensor weight, Tensor bias, long[] stride, long[] padding, long[] dilation, long groups) {
        requirePair("conv2d", "stride", stride, 1);
        requirePair("conv2d", "padding", padding, 0);
        requirePair("conv2d", "dilation", dilation, 1);
        require("conv2d", "groups", groups >= 1 && groups <= LARGEST, groups);
        Convolution convolution = new Convolution(stride, padding, dilation, groups);
        return call("conv2d", 2, (in, optional) -> convolution.run(in[0], in[1], optional[0]), x, weight, bias);
    }

    /**
     * Normalise over all but the channel dimension, 1: with the batch's statistics when training (which the running
     * ones, if given, then move towards by the share {@code momentum}), else with the running ones.
     */
    public static Tensor batchNorm(
            Tensor x,
            Tensor weight,
            Tensor bias,
            Tensor runningMean,
            Tensor runningVar,
            boolean training,
            double momentum,
            double eps) {
        return call(
                "batchNorm",
                1,
                (in, o) -> torch.batch_norm(in[0], o[0], o[1], o[2], o[3], training, momentum, eps, true),
                x,
                weight,
                bias,
                runningMean,
                runningVar);
    }

    /** Set each element to 0 with probability p in [0, 1] and scale the others by {@code 1/(1-p)}, when training. */
    public static Tensor dropout(Tensor x, double p, boolean training) {
        require("dropout", "p", p >= 0 && p <= 1, p);
        return Native.call("dropout", x, h -> torch.dropout(h, p, training));
    }

    /** Look rows of weight {@code [n, dim]} up by index {@code [*]}; {@code paddingIdx} has no gradient, -1: none. */
    public static Tensor embedding(Tensor weight, Tensor index, long paddingIdx) {
        return Native.call("embedding", weight, index, (w, i) -> torch.embedding(w, i, paddingIdx, false, false));
    }

    /**
     * Count how many elements fall into each of some classes of equal width, {@code [bins]}; what lies outside is left
     * out.
     *
     * @param bins number of classes, at least 1
     * @param min where the first class begins
     * @param max where the last class ends, itself included; above min
     */
    public static Tensor histc(Tensor x, int bins, double min, double max) {
        require("histc", "bins", bins >= 1, bins);
        require("histc", "max", max > min && Double.isFinite(max - min), max);
        return Native.call("histc", x, h -> {
            try (Scalar low = new Scalar(min);
                    Scalar high = new Scalar(max)) {
                return torch.histc(h, bins, low, high);
            }
        });
    }

    /** Replace negative elements x by {@code slope · x}. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Native.call("leakyRelu", x, h -> {
            try (Scalar scalar = new Scalar(slope)) {
                return torch.leaky_relu(h, scalar);
            }
        });
    }

    /** Replace negative elements x by {@code alpha · (e^x - 1)}. */
    public static Tensor elu(Tensor x, double alpha) {
        return Native.call("elu", x, h -> {
            try (Scalar scalar = new Scalar(alpha);
                    Scalar one = new Scalar(1.0)) {
                return torch.elu(h, scalar, one, one);
            }
        });
    }

    /** Replace negative elements x by {@code alpha · (e^(x/alpha) - 1)}; alpha is not 0. */
    public static Tensor celu(Tensor x, double alpha) {
        require("celu", "alpha", alpha != 0, alpha);
        return Native.call("celu", x, h -> {
            try (Scalar scalar = new Scalar(alpha)) {
                return torch.celu(h, scalar);
            }
        });
    }

    /** Multiply each element by the share of N(0, 1) below it: exactly, or by a formula with tanh. */
    public static Tensor gelu(Tensor x, boolean exact) {
        return Native.call("gelu", x, h -> torch.gelu(h, exact ? "none" : "tanh"));
    }

    /** Compute {@code x · sigmoid(x)}. */
    public static Tensor silu(Tensor x) {
        return Native.call("silu", x, torch::silu);
    }

    /** Compute {@code x · tanh(softplus(x))}. */
    public static Tensor mish(Tensor x) {
        return Native.call("mish", x, torch::mish);
    }

    /** Compute {@code log(1 + e^x)}. */
    public static Tensor softplus(Tensor x) {
        return Native.call("softplus", x, torch::softplus);
    }

    /** Compute {@code x · relu6(x + 3) / 6}. */
    public static Tensor hardswish(Tensor x) {
        return Native.call("hardswish", x, torch::hardswish);
    }

    /** Compute {@code scale · elu(x, alpha)} with the two constants that keep N(0, 1) as it is. */
    public static Tensor selu(Tensor x) {
        return Native.call("selu", x, torch::selu);
    }

    /** Limit each element to {@code [0, 6]}. */
    public static Tensor relu6(Tensor x) {
        return Native.call("relu6", x, torch::relu6);
    }

    /** Compute {@code x - logsumexp(x)} along a dimension. */
    public static Tensor logSoftmax(Tensor x, long dim) {
        return Native.call("logSoftmax", x, h -> torch.log_softmax(h, dim));
    }

    /**
     * Compute the cross-entropy of scores with labels (int64) or probabilities.
     *
     * @param weight of each class, or null
     * @param reduction 0: none, 1: mean, 2: sum, here and below
     */
    public static Tensor crossEntropy(
            Tensor pred, Tensor target, Tensor weight, int reduction, long ignoreIndex, double labelSmoothing) {
        return call(
                "crossEntropy",
                2,
                (in, o) -> torch.cross_entropy_loss(in[0], in[1], o[0], reduction, ignoreIndex, labelSmoothing),
                pred,
                target,
                weight);
    }

    /** Compute the negative log-likelihood of labels, given log-probabilities. */
    public static Tensor nllLoss(Tensor pred, Tensor target, Tensor weight, int reduction, long ignoreIndex) {
        return call(
                "nllLoss",
                2,
                (in, optional) -> torch.nll_loss_nd(in[0], in[1], optional[0], reduction, ignoreIndex),
                pred,
                target,
                weight);
    }

    /** Compute the squared difference. */
    public static Tensor mseLoss(Tensor pred, Tensor target, int reduction) {
        return Native.call("mseLoss", pred, target, (x, y) -> torch.mse_loss(x, y, reduction));
    }

    /** Compute the absolute difference. */
    public static Tensor l1Loss(Tensor pred, Tensor target, int reduction) {
        return Native.call("l1Loss", pred, target, (x, y) -> torch.l1_loss(x, y, reduction));
    }

    /** Compute half the squared difference up to delta, and go on straight from there. */
    public static Tensor huberLoss(Tensor pred, Tensor target, int reduction, double delta) {
        return Native.call("huberLoss", pred, target, (x, y) -> torch.huber_loss(x, y, reduction, delta));
    }

    /** Compute half the squared difference over beta up to beta, and go on straight from there. */
    public static Tensor smoothL1Loss(Tensor pred, Tensor target, int reduction, double beta) {
        return Native.call("smoothL1Loss", pred, target, (x, y) -> torch.smooth_l1_loss(x, y, reduction, beta));
    }

    /** Compute the binary cross-entropy of probabilities with probabilities, no logarithm being below -100. */
    public static Tensor bce(Tensor pred, Tensor target, Tensor weight, int reduction) {
        return call(
                "bce", 2, (in, o) -> torch.binary_cross_entropy(in[0], in[1], o[0], reduction), pred, target, weight);
    }

    /** Compute the binary cross-entropy of scores with probabilities. */
    public static Tensor bceWithLogits(Tensor pred, Tensor target, Tensor weight, Tensor posWeight, int reduction) {
        return call(
                "bceWithLogits",
                2,
                (in, o) -> torch.binary_cross_entropy_with_logits(in[0], in[1], o[0], o[1], reduction),
                pred,
                target,
                weight,
                posWeight);
    }

    /**
     * See memory with other strides ({@code as_strided}): element {@code [i, j, …]} is element
     * {@code offset + i · stride[0] + j · stride[1] + …} of the memory of x.
     *
     * @param size of each dimension, 0 or more
     * @param stride elements between two neighbours of each dimension, 0 or more; as many as sizes
     */
    public static Tensor asStrided(Tensor x, long[] size, long[] stride, long offset) {
        return Native.call("asStrided", x, h -> {
            try (LongOptional start = new LongOptional(offset)) {
                return h.as_strided(size, stride, start); // refuses what lies outside the memory
            }
        });
    }

    /** Calls with operands of which those after the first {@code required} may be null. */
    private static Tensor call(
            String op,
            int required,
            BiFunction<org.bytedeco.pytorch.Tensor[], TensorOptional[], org.bytedeco.pytorch.Tensor> f,
            Tensor... operands) {
        return Native.call(
                op,
                in -> {
                    TensorOptional[] optional = Arrays.stream(in, required, in.length)
                            .map(Native::optional)
                            .toArray(TensorOptional[]::new);
                    try {
                        return f.apply(in, optional);
                    } finally {
                        Arrays.stream(optional).forEach(Native::close);
                    }
                },
                operands);
    }

    static void requirePair(String op, String name, long[] pair, long least) {
        boolean holds = pair.length == 2
                && Math.min(pair[0], pair[1]) >= least
                && Math.max(pair[0], pair[1]) <= LARGEST; // oneDNN cuts to 32 bits, and dies of a stride of 2^32
        require(op, name, holds, Arrays.toString(pair));
    }

    static void require(String op, String name, boolean holds, Object value) {
        if (!holds) {
            throw new TensorException(op + ": " + name + " is out of range: " + value);
        }
    }
}
