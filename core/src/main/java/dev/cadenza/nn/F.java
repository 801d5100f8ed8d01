package dev.cadenza.nn;

import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.Consumer;

/**
 * Compute what layers and losses compute, as functions ({@code torch.nn.functional}).
 *
 * <p>All of them record gradients, and leave their arguments as they are. A wrong shape or dtype is a
 * {@link TensorException}.
 *
 * <pre>{@code
 * Tensor logits = F.linear(F.relu(F.linear(x, w1, b1)), w2, b2);
 * Tensor loss = F.crossEntropy(logits, labels, o -> o.labelSmoothing = 0.1);
 * }</pre>
 */
public final class F {
    private F() {}

    // Layers

    /** Compute {@code x·weightᵀ + bias}; x {@code [*, in]}, weight {@code [out, in]}, bias {@code [out]} or null. */
    public static Tensor linear(Tensor x, Tensor weight, Tensor bias) {
        return Kernels.linear(x, weight, bias);
    }

    /** Convolve with stride 1 and no padding; see {@link Conv2d}. */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias) {
        return conv2d(x, weight, bias, new ConvOptions());
    }

    /** Convolve; x {@code [N, in, H, W]}, weight {@code [out, in/groups, kh, kw]}, bias {@code [out]} or null. */
    public static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, Consumer<ConvOptions> options) {
        ConvOptions o = new ConvOptions();
        options.accept(o);
        return conv2d(x, weight, bias, o);
    }

    static Tensor conv2d(Tensor x, Tensor weight, Tensor bias, ConvOptions o) {
        return Kernels.conv2d(x, weight, bias, o.strides(), o.paddings(), o.dilations(), o.groups);
    }

    /** Take the largest of each window, which do not overlap; x {@code [N, C, H, W]}; see {@link MaxPool2d}. */
    public static Tensor maxPool2d(Tensor x, int kernel) {
        return new MaxPool2d(kernel).forward(x);
    }

    /** Take the largest of each window; x {@code [N, C, H, W]}; see {@link MaxPool2d}. */
    public static Tensor maxPool2d(Tensor x, int kernel, Consumer<MaxPool2d.Options> options) {
        return new MaxPool2d(kernel, options).forward(x);
    }

    /**
     * Normalise each channel; x {@code [N, C, *]}, weight and bias {@code [C]} or null; see {@link BatchNorm}.
     *
     * @throws TensorException if a batch for training has one value per channel: its variance says nothing
     */
    public static Tensor batchNorm(Tensor x, Tensor weight, Tensor bias, Consumer<BatchNormOptions> options) {
        BatchNormOptions o = new BatchNormOptions();
        options.accept(o);
        if (o.training && x.dim() > 1 && x.numel() == x.size(1)) {
            throw new TensorException("batchNorm: wanted more than 1 value per channel when training, but got "
                    + x.describe() + "; use a larger batch, drop a last batch of one sample, or call eval()");
        }
        return Kernels.batchNorm(x, weight, bias, o.runningMean, o.runningVar, o.training, o.momentum, o.eps);
    }

    /** Set each element to 0 with probability p and scale the others by {@code 1/(1-p)}; x itself if not training. */
    public static Tensor dropout(Tensor x, double p, boolean training) {
        return Kernels.dropout(x, p, training);
    }

    /** Look up the rows of weight {@code [n, dim]} that an index {@code [*]} (int64) names; gives {@code [*, dim]}. */
    public static Tensor embedding(Tensor index, Tensor weight) {
        return embedding(index, weight, -1);
    }

    /**
     * Look up rows, of which one, {@code paddingIdx}, gets no gradient (-1: none).
     *
     * @throws TensorException if an index is out of range or of another dtype than int64
     */
    public static Tensor embedding(Tensor index, Tensor weight, long paddingIdx) {
        Checks.indices("embedding", index);
        try {
            return Kernels.embedding(weight, index, paddingIdx);
        } catch (TensorException e) {
            throw Checks.outside("embedding", index, weight.size(0), 0, e); // 0 is in range: none is ignored
        }
    }

    // Activations

    /** Compute {@code max(0, x)}; the gradient at 0 is 0. */
    public static Tensor relu(Tensor x) {
        return x.relu();
    }

    /** Compute x where it is positive, else {@code slope · x}; PyTorch's default slope is 0.01. */
    public static Tensor leakyRelu(Tensor x, double slope) {
        return Kernels.leakyRelu(x, slope);
    }

    /** Compute x where it is positive, else {@code alpha · (e^x - 1)}; PyTorch's default alpha is 1. */
    public static Tensor elu(Tensor x, double alpha) {
        return Kernels.elu(x, alpha);
    }

    /** Compute {@code x · Φ(x)}, Φ being the distribution function of N(0, 1) (Hendrycks and Gimpel 2016). */
    public static Tensor gelu(Tensor x) {
        return Kernels.gelu(x, true);
    }

    /** Approximate {@link #gelu}: {@code x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))}, as GPT-2 does. */
    public static Tensor geluTanh(Tensor x) {
        return Kernels.gelu(x, false);
    }

    /** Compute {@code x · sigmoid(x)}, also called swish (Ramachandran et al. 2017). */
    public static Tensor silu(Tensor x) {
        return Kernels.silu(x);
    }

    /** Compute {@code x · tanh(softplus(x))} (Misra 2019). */
    public static Tensor mish(Tensor x) {
        return Kernels.mish(x);
    }

    /** Compute {@code 1 / (1 + e^-x)}. */
    public static Tensor sigmoid(Tensor x) {
        return x.sigmoid();
    }

    /** Compute the hyperbolic tangent. */
    public static Tensor tanh(Tensor x) {
        return x.tanh();
    }

    /** Compute {@code log(1 + e^x)}, which is x itself above 20. */
    public static Tensor softplus(Tensor x) {
        return Kernels.softplus(x);
    }

    /** Compute {@code x · relu6(x + 3) / 6} (Howard et al. 2019, MobileNetV3). */
    public static Tensor hardswish(Tensor x) {
        return Kernels.hardswish(x);
    }

    /** Compute {@code 1.0507 · elu(x, 1.6733)}, which keeps mean 0 and variance 1 (Klambauer et al. 2017). */
    public static Tensor selu(Tensor x) {
        return Kernels.selu(x);
    }

    /** Compute {@code min(max(0, x), 6)}. */
    public static Tensor relu6(Tensor x) {
        return Kernels.relu6(x);
    }

    /** Compute {@code e^x / sum(e^x)} along a dimension. */
    public static Tensor softmax(Tensor x, long dim) {
        return x.softmax(dim);
    }

    /** Compute {@code x - logsumexp(x)} along a dimension, the logarithm of softmax without overflow. */
    public static Tensor logSoftmax(Tensor x, long dim) {
        return Kernels.logSoftmax(x, dim);
    }

    /** Compute {@code low + (high - low) · sigmoid(x)}: a number known to lie in a range (fastai's SigmoidRange). */
    public static Tensor sigmoidRange(Tensor x, double low, double high) {
        return x.sigmoid().mul(high - low).add(low);
    }

    // Losses

    /** Compute {@link #crossEntropy(Tensor, Tensor, Consumer)} as it is by default. */
    public static Tensor crossEntropy(Tensor pred, Tensor target) {
        return crossEntropy(pred, target, new LossOptions.CrossEntropy());
    }

    /**
     * Compute {@code -log softmax(pred)[target]}, the surprise at the right class.
     *
     * @param pred scores {@code [N, C]} or {@code [N, C, *]}, of any size: nothing overflows
     * @param target labels {@code [N]} or {@code [N, *]}, int64, from 0 to C - 1; or the probabilities of all classes,
     *     of pred's shape and dtype
     * @throws TensorException if the target is neither, or a label is out of range
     */
    public static Tensor crossEntropy(Tensor pred, Tensor target, Consumer<LossOptions.CrossEntropy> options) {
        return crossEntropy(pred, target, LossOptions.of(new LossOptions.CrossEntropy(), options));
    }

    static Tensor crossEntropy(Tensor pred, Tensor target, LossOptions.CrossEntropy o) {
        Checks.classes("crossEntropy", pred, target);
        try {
            return Kernels.crossEntropy(pred, target, o.weight, o.reduction.ordinal(), o.ignoreIndex, o.labelSmoothing);
        } catch (TensorException e) {
            throw Checks.outside("crossEntropy", target, pred.size(Checks.classDim(pred)), o.ignoreIndex, e);
        }
    }

    /** Compute {@link #nllLoss(Tensor, Tensor, Consumer)} as it is by default. */
    public static Tensor nllLoss(Tensor pred, Tensor target) {
        return nllLoss(pred, target, new LossOptions.Nll());
    }

    /**
     * Compute {@code -pred[target]}, the negative log-likelihood.
     *
     * @param pred log-probabilities {@code [N, C]} or {@code [N, C, *]}, what {@link #logSoftmax} gives
     * @param target labels {@code [N]} or {@code [N, *]}, int64, from 0 to C - 1
     * @throws TensorException if the target is something else, or a label is out of range
     */
    public static Tensor nllLoss(Tensor pred, Tensor target, Consumer<LossOptions.Nll> options) {
        return nllLoss(pred, target, LossOptions.of(new LossOptions.Nll(), options));
    }

    static Tensor nllLoss(Tensor pred, Tensor target, LossOptions.Nll o) {
        Checks.labels("nllLoss", pred, target);
        try {
            return Kernels.nllLoss(pred, target, o.weight, o.reduction.ordinal(), o.ignoreIndex);
        } catch (TensorException e) {
            throw Checks.outside("nllLoss", target, pred.size(Checks.classDim(pred)), o.ignoreIndex, e);
        }
    }

    /** Compute {@link #mseLoss(Tensor, Tensor, Consumer)} as it is by default. */
    public static Tensor mseLoss(Tensor pred, Tensor target) {
        return mseLoss(pred, target, new LossOptions());
    }

    /** Compute {@code (pred - target)²}; both of one shape and dtype, or a {@link TensorException}. */
    public static Tensor mseLoss(Tensor pred, Tensor target, Consumer<LossOptions> options) {
        return mseLoss(pred, target, LossOptions.of(new LossOptions(), options));
    }

    static Tensor mseLoss(Tensor pred, Tensor target, LossOptions o) {
        Checks.alike("mseLoss", pred, target);
        return Kernels.mseLoss(pred, target, o.reduction.ordinal());
    }

    /** Compute {@link #l1Loss(Tensor, Tensor, Consumer)} as it is by default. */
    public static Tensor l1Loss(Tensor pred, Tensor target) {
        return l1Loss(pred, target, new LossOptions());
    }

    /** Compute {@code |pred - target|}; both of one shape and dtype, or a {@link TensorException}. */
    public static Tensor l1Loss(Tensor pred, Tensor target, Consumer<LossOptions> options) {
        return l1Loss(pred, target, LossOptions.of(new LossOptions(), options));
    }

    static Tensor l1Loss(Tensor pred, Tensor target, LossOptions o) {
        Checks.alike("l1Loss", pred, target);
        return Kernels.l1Loss(pred, target, o.reduction.ordinal());
    }

    /** Compute {@link #huberLoss(Tensor, Tensor, Consumer)} as it is by default. */
    public static Tensor huberLoss(Tensor pred, Tensor target) {
        return huberLoss(pred, target, new LossOptions.Huber());
    }

    /**
     * Compute {@code d²/2} of the difference d where {@code |d| ≤ delta}, else {@code delta · (|d| - delta/2)} (Huber
     * 1964); both of one shape and dtype, or a {@link TensorException}.
     */
    public static Tensor huberLoss(Tensor pred, Tensor target, Consumer<LossOptions.Huber> options) {
        return huberLoss(pred, target, LossOptions.of(new LossOptions.Huber(), options));
    }

    static Tensor huberLoss(Tensor pred, Tensor target, LossOptions.Huber o) {
        Checks.alike("huberLoss", pred, target);
        return Kernels.huberLoss(pred, target, o.reduction.ordinal(), o.delta);
    }

    /** Compute {@link #bceWithLogits(Tensor, Tensor, Consumer)} as it is by default. */
    public static Tensor bceWithLogits(Tensor pred, Tensor target) {
        return bceWithLogits(pred, target, new LossOptions.BceWithLogits());
    }

    /**
     * Compute {@code -(y · log sigmoid(x) + (1 - y) · log(1 - sigmoid(x)))} of scores x (any size) and probabilities y
     * in [0, 1] ({@code binary_cross_entropy_with_logits}); both of one shape and dtype, or a {@link TensorException}.
     */
    public static Tensor bceWithLogits(Tensor pred, Tensor target, Consumer<LossOptions.BceWithLogits> options) {
        return bceWithLogits(pred, target, LossOptions.of(new LossOptions.BceWithLogits(), options));
    }

    static Tensor bceWithLogits(Tensor pred, Tensor target, LossOptions.BceWithLogits o) {
        Checks.alike("bceWithLogits", pred, target);
        return Kernels.bceWithLogits(pred, target, o.weight, o.posWeight, o.reduction.ordinal());
    }
}
