package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;

/** What scores of classes {@code [N, C, *]} say of each label {@code [N, *]}; all refuse what are not these. */
final class Classes {
    private Classes() {}

    /** Whether the class with the highest score is the label. */
    static Tensor right(String metric, Tensor pred, Tensor target) {
        Checks.classes(metric, pred, target);
        return pred.argmax(1).eq(target);
    }

    /** Whether fewer than k classes are before the label's; equal scores are in the order of the classes. */
    static Tensor amongBest(String metric, int k, Tensor pred, Tensor target) {
        Checks.classes(metric, pred, target);
        if (k > pred.size(1)) {
            throw new TensorException(metric + ": wanted at least k = " + k + " classes, but got " + pred.describe()
                    + "; choose a smaller k");
        }
        Tensor label = target.to(DType.INT64).unsqueeze(1);
        Tensor own = pred.gather(1, label);
        long[] alongClasses = new long[pred.dim()];
        Arrays.fill(alongClasses, 1);
        alongClasses[1] = -1;
        Tensor smaller = Tensor.arange(pred.size(1))
                .to(pred.device())
                .reshape(alongClasses)
                .lt(label);
        Tensor before = pred.gt(own).add(pred.eq(own).mul(smaller));
        return before.to(DType.INT64).sum(1).lt(k);
    }

    /** The cross-entropy, {@code -log softmax(pred)[target]}. */
    static Tensor crossEntropy(String metric, Tensor pred, Tensor target) {
        Checks.classes(metric, pred, target);
        Tensor scores = pred.dtype().bytes() < Float.BYTES ? pred.to(DType.FLOAT32) : pred;
        Tensor own = scores.gather(1, target.to(DType.INT64).unsqueeze(1)).squeeze(1);
        Tensor losses = scores.logsumexp(1).sub(own);
        Checks.noNaN(metric, losses);
        return losses;
    }

    /** The probabilities {@code [N, C]} in float64; only for one label per sample. */
    static Tensor probabilities(String metric, boolean softmax, Tensor pred, Tensor target) {
        Checks.classes(metric, pred, target);
        if (pred.dim() != 2) {
            throw new TensorException(metric + ": wanted scores [N, classes] and labels [N], but got "
                    + pred.describe() + " and " + target.describe() + "; bring them to these shapes with permute and"
                    + " reshape");
        }
        if (softmax) {
            Tensor probabilities = pred.to(DType.FLOAT64).softmax(1);
            Checks.noNaN(metric, probabilities);
            return probabilities;
        }
        Checks.probabilities(metric, pred, "o.softmax");
        return pred.to(DType.FLOAT64);
    }

    /** The squared distance of probabilities and truth; half of it for two classes: {@code (p - y)²} of either. */
    static Tensor brier(String metric, boolean softmax, Tensor pred, Tensor target) {
        Tensor probabilities = probabilities(metric, softmax, pred, target);
        Tensor ofLabel =
                probabilities.gather(1, target.to(DType.INT64).unsqueeze(1)).squeeze(1);
        // The truth is 1 at the label and 0 elsewhere: sum p² - p_label² + (1 - p_label)².
        Tensor all = probabilities.square().sum(1).add(ofLabel, -2).add(1);
        return pred.size(1) == 2 ? all.div(2) : all;
    }

    /** How much more the scores speak for class 1 than for class 0, {@code [N, 1]} in float64. */
    static Tensor forClassOne(String metric, Tensor pred, Tensor target) {
        boolean single = pred.dim() == 1 || (pred.dim() == 2 && pred.size(1) == 1);
        boolean pairs = pred.dim() == 2 && pred.size(1) == 2;
        boolean labels = target.dim() == 1 || (target.dim() == 2 && target.size(1) == 1);
        if (!(single || pairs) || !labels || pred.size(0) != target.size(0)) {
            throw new TensorException(metric
                    + ": wanted scores [N, 2], [N, 1] or [N] and labels [N] of 0 and 1, but got " + pred.describe()
                    + " and " + target.describe() + "; for more classes use Metrics.rocAuc()");
        }
        Checks.noNaN(metric, pred);
        Checks.zerosAndOnes(metric, target);
        Tensor scores = pred.to(DType.FLOAT64);
        // The order of the probabilities of class 1, but exact where those are rounded to 0 or 1.
        Tensor score = pairs ? scores.select(1, 1).sub(scores.select(1, 0)) : scores.reshape(-1);
        Checks.noNaN(metric, score);
        return score.unsqueeze(1);
    }
}
