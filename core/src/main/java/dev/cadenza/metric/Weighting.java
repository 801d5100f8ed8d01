package dev.cadenza.metric;

/**
 * Say how much worse a mistake is that is further off (scikit-learn's {@code weights} of Cohen's kappa).
 *
 * <pre>{@code
 * Metric kappa = Metrics.cohenKappa(Weighting.QUADRATIC);
 * }</pre>
 */
public enum Weighting {
    /** Count every mistake the same; for classes without an order. */
    NONE,
    /** Count a mistake by the distance of the labels, {@code |i - j|}. */
    LINEAR,
    /** Count a mistake by the square of the distance, {@code (i - j)²}; usual for grades. */
    QUADRATIC;

    double of(int i, int j) {
        return switch (this) {
            case NONE -> i == j ? 0 : 1;
            case LINEAR -> Math.abs(i - j);
            case QUADRATIC -> (double) (i - j) * (i - j);
        };
    }
}
