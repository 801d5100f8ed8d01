package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.Consumer;

/**
 * Make the usual losses. The functions of the same names in {@link F} compute them without an object.
 *
 * <pre>{@code
 * Loss loss = Losses.crossEntropy(o -> { o.labelSmoothing = 0.1; o.ignoreIndex = 0; });
 * Tensor value = loss.apply(model.forward(x), labels);
 * Tensor probabilities = loss.activation(model.forward(x));
 * }</pre>
 *
 * <p><b>Which one.</b> One class of several: {@link #crossEntropy}; if most samples are easy or of one class,
 * {@link #focal}; if pixels have classes and few of them matter, {@link #dice}. Labels of which several can be true:
 * {@link #bceWithLogits}. Numbers: {@link #mse}; with outliers {@link #huber} or {@link #l1}.
 *
 * <p><b>Targets.</b> Losses of classes take labels, int64, from 0 to C - 1: {@code [N]} for predictions
 * {@code [N, C]}, {@code [N, *]} for {@code [N, C, *]} (or {@code [N, *, C]}, with {@code classesLast}). All others
 * take targets of the prediction's shape and dtype. Anything else is a {@link TensorException}; nothing is broadcast.
 *
 * <p><b>Options.</b> By default the loss is the mean over all elements; {@link LossOptions#reduction} changes that.
 * Option values out of range are an {@link IllegalArgumentException}, at once.
 */
public final class Losses {
    private Losses() {}

    /** Make {@link #crossEntropy(Consumer)} as it is by default: the usual one for one class of several. */
    public static Loss crossEntropy() {
        return crossEntropy(o -> {});
    }

    /**
     * Make the loss {@code -log softmax(pred)[target]}, the surprise at the right class.
     *
     * <p>Predictions are scores of any size; nothing overflows. Instead of labels, the target may be the probabilities
     * of all classes, of the prediction's shape and dtype. Activation: softmax over the classes; decision: the most
     * probable class, int64 {@code [N, *]}. (fastai: CrossEntropyLossFlat.)
     */
    public static Loss crossEntropy(Consumer<LossOptions.CrossEntropy> options) {
        LossOptions.CrossEntropy o = LossOptions.lasting(new LossOptions.CrossEntropy(), options);
        return ReadyLoss.ofScores("CrossEntropyLoss", o, (x, y, r) -> LossFunctions.crossEntropy(x, y, o, r));
    }

    /**
     * Make {@link #crossEntropy} that wants no class to be certain: the share eps, in [0, 1], of the target is spread
     * over all classes (Szegedy et al. 2016; fastai: LabelSmoothingCrossEntropy, with eps 0.1).
     */
    public static Loss labelSmoothing(double eps) {
        return crossEntropy(o -> o.labelSmoothing = eps);
    }

    /** Make {@link #nll(Consumer)} as it is by default. */
    public static Loss nll() {
        return nll(o -> {});
    }

    /**
     * Make the loss {@code -pred[target]}, the negative log-likelihood, for a model that ends in {@link F#logSoftmax};
     * without it, use {@link #crossEntropy}. Activation: exp; decision: the most probable class, int64 {@code [N, *]}.
     */
    public static Loss nll(Consumer<LossOptions.Nll> options) {
        LossOptions.Nll o = LossOptions.lasting(new LossOptions.Nll(), options);
        return ReadyLoss.ofClasses("NLLLoss", o, (x, y, r) -> LossFunctions.nllLoss(x, y, o, r), Tensor::exp);
    }

    /** Make {@link #focal(Consumer)} as it is by default. */
    public static Loss focal() {
        return focal(o -> {});
    }

    /**
     * Make the loss {@code (1 - e^-ce)^gamma · ce} of the {@link #crossEntropy} ce, class weights in it: samples that
     * are right already hardly count (Lin et al. 2017).
     *
     * <p>Not for balanced classes, where cross-entropy learns faster. Unlike that, the mean is divided by the number of
     * samples that are not ignored, not by their weights (as in fastai: FocalLossFlat). Activation: softmax over the
     * classes; decision: the most probable class.
     */
    public static Loss focal(Consumer<LossOptions.Focal> options) {
        LossOptions.Focal o = LossOptions.lasting(new LossOptions.Focal(), options);
        return ReadyLoss.ofScores("FocalLoss", o, (x, y, r) -> LossFunctions.focalLoss(x, y, o, r));
    }

    /** Make {@link #dice(Consumer)} as it is by default. */
    public static Loss dice() {
        return dice(o -> {});
    }

    /**
     * Make the loss {@code 1 - (2·Σpt + smooth) / (Σ(p + t) + smooth)}, one less the overlap of predicted and true
     * regions, however small these are (Milletari et al. 2016).
     *
     * <p>p is the softmax of scores {@code [N, C, H, W]}, t is 1 at the label and 0 elsewhere; sums go over the pixels.
     * That makes a loss for each sample and class, {@code [N, C]}, of which the mean is taken (fastai's DiceLoss takes
     * the sum: {@code o -> o.reduction = Reduction.SUM}). Gradients vanish where a prediction misses all of a region;
     * add cross-entropy to begin with. Activation: softmax over the classes; decision: the most probable class.
     */
    public static Loss dice(Consumer<LossOptions.Dice> options) {
        LossOptions.Dice o = LossOptions.lasting(new LossOptions.Dice(), options);
        return ReadyLoss.ofScores("DiceLoss", o, (x, y, r) -> LossFunctions.diceLoss(x, y, o, r));
    }

    /** Make {@link #bce(Consumer)} as it is by default. */
    public static Loss bce() {
        return bce(o -> {});
    }

    /**
     * Make the loss {@code -(y · log p + (1 - y) · log(1 - p))} of probabilities p and y, no logarithm being below
     * -100; for a model that ends in sigmoid. Without it, use {@link #bceWithLogits}, which is exact for all scores.
     *
     * <p>A prediction outside of [0, 1] is a {@link TensorException}. Activation: none; decision: whether p is above
     * the threshold, bool. (PyTorch: BCELoss.)
     */
    public static Loss bce(Consumer<LossOptions.Bce> options) {
        LossOptions.Bce o = LossOptions.lasting(new LossOptions.Bce(), options);
        return ReadyLoss.ofTruths("BCELoss", o, (x, y, r) -> LossFunctions.bce(x, y, o, r), x -> x);
    }

    /** Make {@link #bceWithLogits(Consumer)} as it is by default: for labels of which several can be true. */
    public static Loss bceWithLogits() {
        return bceWithLogits(o -> {});
    }

    /**
     * Make the loss {@code -(y · log sigmoid(x) + (1 - y) · log(1 - sigmoid(x)))} of scores x (any size) and
     * probabilities y in [0, 1]. Activation: sigmoid; decision: whether that is above the threshold, bool.
     */
    public static Loss bceWithLogits(Consumer<LossOptions.BceWithLogits> options) {
        LossOptions.BceWithLogits o = LossOptions.lasting(new LossOptions.BceWithLogits(), options);
        return ReadyLoss.ofTruths(
                "BCEWithLogitsLoss", o, (x, y, r) -> LossFunctions.bceWithLogits(x, y, o, r), Tensor::sigmoid);
    }

    /** Make {@link #mse(Consumer)} as it is by default: the usual one for numbers. */
    public static Loss mse() {
        return mse(o -> {});
    }

    /** Make the loss {@code (pred - target)²}. */
    public static Loss mse(Consumer<LossOptions> options) {
        LossOptions o = LossOptions.lasting(new LossOptions(), options);
        return ReadyLoss.ofNumbers("MSELoss", o, LossFunctions::mseLoss);
    }

    /** Make {@link #l1(Consumer)} as it is by default. */
    public static Loss l1() {
        return l1(o -> {});
    }

    /** Make the loss {@code |pred - target|}, for numbers with outliers: they pull no more than others. */
    public static Loss l1(Consumer<LossOptions> options) {
        LossOptions o = LossOptions.lasting(new LossOptions(), options);
        return ReadyLoss.ofNumbers("L1Loss", o, LossFunctions::l1Loss);
    }

    /** Make {@link #smoothL1(Consumer)} as it is by default. */
    public static Loss smoothL1() {
        return smoothL1(o -> {});
    }

    /**
     * Make the loss {@code d²/(2·beta)} of the difference d where {@code |d| < beta}, else {@code |d| - beta/2}
     * (Girshick 2015): {@link #huber} divided by its delta, so that it nears {@link #l1} as beta gets small.
     */
    public static Loss smoothL1(Consumer<LossOptions.SmoothL1> options) {
        LossOptions.SmoothL1 o = LossOptions.lasting(new LossOptions.SmoothL1(), options);
        return ReadyLoss.ofNumbers("SmoothL1Loss", o, (x, y, r) -> LossFunctions.smoothL1Loss(x, y, o, r));
    }

    /** Make {@link #huber(Consumer)} as it is by default. */
    public static Loss huber() {
        return huber(o -> {});
    }

    /**
     * Make the loss {@code d²/2} of the difference d where {@code |d| ≤ delta}, else {@code delta · (|d| - delta/2)}
     * (Huber 1964): for numbers with outliers, smooth at 0.
     */
    public static Loss huber(Consumer<LossOptions.Huber> options) {
        LossOptions.Huber o = LossOptions.lasting(new LossOptions.Huber(), options);
        return ReadyLoss.ofNumbers("HuberLoss", o, (x, y, r) -> LossFunctions.huberLoss(x, y, o, r));
    }
}
