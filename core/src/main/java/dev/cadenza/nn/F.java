package dev.cadenza.nn;

import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.PoolKernels;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.Consumer;

/**
 * Compute what layers and losses compute, as functions ({@code torch.nn.functional}).
 *
 * <p>All of them record gradients, and leave their arguments as they are. A wrong shape or dtype is a
 * {@link TensorException}. What a loss computes and wants stands in {@link Losses}.
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

    /** Take the average of each window; x {@code [N, C, H, W]}; see {@link AvgPool2d}. */
    public static Tensor avgPool2d(Tensor x, int kernel, Consumer<AvgPool2d.Options> options) {
        return new AvgPool2d(kernel, options).forward(x);
    }

    /** Average down to a size, {@code [N, C, height, width]}, of any x {@code [N, C, H, W]}; {@link AdaptiveAvgPool2d}. */
    public static Tensor adaptiveAvgPool2d(Tensor x, int height, int width) {
        return PoolKernels.adaptiveAvgPool2d(x, new long[] {height, width});
    }

    /** Take the largest values, {@code [N, C, height, width]} of them; see {@link AdaptiveMaxPool2d}. */
    public static Tensor adaptiveMaxPool2d(Tensor x, int height, int width) {
        return PoolKernels.adaptiveMaxPool2d(x, new long[] {height, width});
    }

    /** Normalise each channel; x {@code [N, C, *]}, weight and bias {@code [C]} or null; see {@link BatchNorm}. */
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

    /** Compute {@link Losses#crossEntropy}, of scores and labels. */
    public static Tensor crossEntropy(Tensor pred, Tensor target) {
        return crossEntropy(pred, target, o -> {});
    }

    /** Compute {@link Losses#crossEntropy(Consumer)} with options. */
    public static Tensor crossEntropy(Tensor pred, Tensor target, Consumer<LossOptions.CrossEntropy> options) {
        LossOptions.CrossEntropy o = LossOptions.of(new LossOptions.CrossEntropy(), options);
        return LossFunctions.crossEntropy(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#nll}, of log-probabilities and labels. */
    public static Tensor nllLoss(Tensor pred, Tensor target) {
        return nllLoss(pred, target, o -> {});
    }

    /** Compute {@link Losses#nll(Consumer)} with options. */
    public static Tensor nllLoss(Tensor pred, Tensor target, Consumer<LossOptions.Nll> options) {
        LossOptions.Nll o = LossOptions.of(new LossOptions.Nll(), options);
        return LossFunctions.nllLoss(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#focal}, of scores and labels. */
    public static Tensor focalLoss(Tensor pred, Tensor target) {
        return focalLoss(pred, target, o -> {});
    }

    /** Compute {@link Losses#focal(Consumer)} with options. */
    public static Tensor focalLoss(Tensor pred, Tensor target, Consumer<LossOptions.Focal> options) {
        LossOptions.Focal o = LossOptions.of(new LossOptions.Focal(), options);
        return LossFunctions.focalLoss(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#dice}, of scores and labels. */
    public static Tensor diceLoss(Tensor pred, Tensor target) {
        return diceLoss(pred, target, o -> {});
    }

    /** Compute {@link Losses#dice(Consumer)} with options. */
    public static Tensor diceLoss(Tensor pred, Tensor target, Consumer<LossOptions.Dice> options) {
        LossOptions.Dice o = LossOptions.of(new LossOptions.Dice(), options);
        return LossFunctions.diceLoss(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#bce}, of probabilities and truths (PyTorch: binary_cross_entropy). */
    public static Tensor bce(Tensor pred, Tensor target) {
        return bce(pred, target, o -> {});
    }

    /** Compute {@link Losses#bce(Consumer)} with options. */
    public static Tensor bce(Tensor pred, Tensor target, Consumer<LossOptions.Bce> options) {
        LossOptions.Bce o = LossOptions.of(new LossOptions.Bce(), options);
        return LossFunctions.bce(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#bceWithLogits}, of scores and truths. */
    public static Tensor bceWithLogits(Tensor pred, Tensor target) {
        return bceWithLogits(pred, target, o -> {});
    }

    /** Compute {@link Losses#bceWithLogits(Consumer)} with options. */
    public static Tensor bceWithLogits(Tensor pred, Tensor target, Consumer<LossOptions.BceWithLogits> options) {
        LossOptions.BceWithLogits o = LossOptions.of(new LossOptions.BceWithLogits(), options);
        return LossFunctions.bceWithLogits(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#mse}, of numbers. */
    public static Tensor mseLoss(Tensor pred, Tensor target) {
        return mseLoss(pred, target, o -> {});
    }

    /** Compute {@link Losses#mse(Consumer)} with options. */
    public static Tensor mseLoss(Tensor pred, Tensor target, Consumer<LossOptions> options) {
        LossOptions o = LossOptions.of(new LossOptions(), options);
        return LossFunctions.mseLoss(pred, target, o.reduction);
    }

    /** Compute {@link Losses#l1}, of numbers. */
    public static Tensor l1Loss(Tensor pred, Tensor target) {
        return l1Loss(pred, target, o -> {});
    }

    /** Compute {@link Losses#l1(Consumer)} with options. */
    public static Tensor l1Loss(Tensor pred, Tensor target, Consumer<LossOptions> options) {
        LossOptions o = LossOptions.of(new LossOptions(), options);
        return LossFunctions.l1Loss(pred, target, o.reduction);
    }

    /** Compute {@link Losses#smoothL1}, of numbers. */
    public static Tensor smoothL1Loss(Tensor pred, Tensor target) {
        return smoothL1Loss(pred, target, o -> {});
    }

    /** Compute {@link Losses#smoothL1(Consumer)} with options. */
    public static Tensor smoothL1Loss(Tensor pred, Tensor target, Consumer<LossOptions.SmoothL1> options) {
        LossOptions.SmoothL1 o = LossOptions.of(new LossOptions.SmoothL1(), options);
        return LossFunctions.smoothL1Loss(pred, target, o, o.reduction);
    }

    /** Compute {@link Losses#huber}, of numbers. */
    public static Tensor huberLoss(Tensor pred, Tensor target) {
        return huberLoss(pred, target, o -> {});
    }

    /** Compute {@link Losses#huber(Consumer)} with options. */
    public static Tensor huberLoss(Tensor pred, Tensor target, Consumer<LossOptions.Huber> options) {
        LossOptions.Huber o = LossOptions.of(new LossOptions.Huber(), options);
        return LossFunctions.huberLoss(pred, target, o, o.reduction);
    }
}
