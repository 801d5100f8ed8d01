package dev.cadenza.metric;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.function.ToDoubleFunction;

/**
 * Choose a metric for predictions that are numbers.
 *
 * <p>All take predictions and targets {@code [N, *]} of one shape (dimensions of size 1 do not matter) and any dtype,
 * compute in float64, and look at all items of all batches: the root in {@link #rmse} is taken at the end. Other shapes
 * and NaN are a {@link TensorException}, for a diverged model should not look like one without a value. No items at all
 * give NaN.
 *
 * <pre>{@code
 * learn.metrics(RegressionMetrics.rmse(), RegressionMetrics.r2());
 * }</pre>
 */
public final class RegressionMetrics {
    private RegressionMetrics() {}

    // Distances; 0 is best

    /** Measure the mean of {@code (p - y)²}. */
    public static Metric mse() {
        return new ItemMetric(
                "mse", (pred, target) -> errors("mse", pred, target).square());
    }

    /** Measure the root of the mean of {@code (p - y)²}, in the unit of the targets. */
    public static Metric rmse() {
        return new ItemMetric(
                "rmse", (pred, target) -> errors("rmse", pred, target).square(), Math::sqrt);
    }

    /** Measure the mean of {@code |p - y|}, which outliers sway less than {@link #rmse}. */
    public static Metric mae() {
        return new ItemMetric(
                "mae", (pred, target) -> errors("mae", pred, target).abs());
    }

    /** Measure the mean of {@code (log(1 + p) - log(1 + y))²}; numbers not above -1 are a {@link TensorException}. */
    public static Metric msle() {
        return new ItemMetric("msle", (pred, target) -> {
            Checks.numbers("msle", pred, target);
            return logOf1Plus(pred).sub(logOf1Plus(target)).square();
        });
    }

    private static Tensor logOf1Plus(Tensor tensor) {
        if (tensor.numel() > 0 && tensor.min().item() <= -1) {
            throw new TensorException("msle: wanted numbers above -1, but " + tensor.describe() + " goes down to "
                    + tensor.min().item() + "; use mse, or a model that cannot give such numbers");
        }
        return flat(tensor).add(1).log();
    }

    /**
     * Measure the root of the mean of {@code ((e^y - e^p) / e^y)²}: the relative error of a model that predicts
     * logarithms, as of prices.
     */
    public static Metric expRmspe() {
        return new ItemMetric(
                "exp_rmspe",
                (pred, target) -> errors("exp_rmspe", pred, target).exp().sub(1).square(),
                Math::sqrt);
    }

    // Shares of the variance; 1 is best

    /**
     * Measure {@code 1 - Var(y - p) / Var(y)}, at most 1: as {@link #r2}, but an error that is the same everywhere costs
     * nothing. Of constant targets 1 or 0 is explained; fewer than 2 items give NaN.
     */
    public static Metric explainedVariance() {
        return ofErrors("explained_variance_score", Moments::explained);
    }

    /**
     * Measure {@code 1 - sum (y - p)² / sum (y - mean y)²}, at most 1; 0 is as good as always giving the mean
     * ({@code R2Score}). Constant targets give 1 if all are met, else 0; fewer than 2 items give NaN.
     *
     * <p>Several outputs per sample are taken together; scikit-learn takes the mean of their values.
     */
    public static Metric r2() {
        return ofErrors("r2_score", Moments::determined);
    }

    private static Metric ofErrors(String name, ToDoubleFunction<Moments> score) {
        return new MomentsMetric(name, (pred, target) -> errors(name, pred, target), score);
    }

    // Correlations; 1 is best

    /** Measure how far predictions and targets lie on a line, in [-1, 1]; NaN if either is constant. */
    public static Metric pearson() {
        return new MomentsMetric(
                "pearsonr",
                (pred, target) -> {
                    Checks.numbers("pearsonr", pred, target);
                    return flat(pred);
                },
                Moments::correlation);
    }

    /**
     * Measure how far predictions and targets are in the same order, in [-1, 1] (Spearman 1904): {@link #pearson} of
     * their ranks, where equal numbers share the mean of theirs. Keeps all numbers. NaN if either is constant.
     */
    public static Metric spearman() {
        return new ScoresMetric(
                "spearmanr",
                (pred, target) -> {
                    Checks.numbers("spearmanr", pred, target);
                    return flat(pred).unsqueeze(1);
                },
                all -> Moments.of(Ranking.ranks(all.allScores()), Ranking.ranks(all.allTargets()))
                        .correlation());
    }

    private static Tensor errors(String metric, Tensor pred, Tensor target) {
        Checks.numbers(metric, pred, target);
        return flat(pred).sub(flat(target));
    }

    private static Tensor flat(Tensor tensor) {
        return tensor.to(DType.FLOAT64).reshape(-1);
    }
}
