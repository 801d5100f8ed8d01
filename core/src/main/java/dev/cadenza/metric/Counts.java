package dev.cadenza.metric;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How often a class was predicted and right; all scores per class are functions of these.
 *
 * @param hits how often it was both predicted and right
 * @param predicted how often it was predicted
 * @param actual how often it was right
 * @param total how often it could have been either
 */
record Counts(long hits, long predicted, long actual, long total) {
    static final Counts NONE = new Counts(0, 0, 0, 0);

    static Counts sum(List<Counts> all) {
        return all.stream().reduce(NONE, Counts::plus);
    }

    Counts plus(Counts other) {
        return new Counts(hits + other.hits, predicted + other.predicted, actual + other.actual, total + other.total);
    }

    boolean occurs() {
        return predicted + actual > 0;
    }

    double precision() {
        return ratio(hits, predicted);
    }

    double recall() {
        return ratio(hits, actual);
    }

    double f1() {
        return fBeta(1);
    }

    static ToDoubleFunction<Counts> fBetaOf(double beta) {
        Checks.require(beta > 0 && beta < Double.POSITIVE_INFINITY, "beta", "above 0", beta);
        return counts -> counts.fBeta(beta);
    }

    double fBeta(double beta) {
        double b = beta * beta;
        return ratio((1 + b) * hits, b * actual + predicted);
    }

    double jaccard() {
        return ratio(hits, predicted + actual - hits);
    }

    /** F1 that is NaN, and not 0, where the class does not occur. */
    double dice() {
        return occurs() ? f1() : Double.NaN;
    }

    /** Jaccard that is NaN, and not 0, where the class does not occur. */
    double jaccardCoeff() {
        return occurs() ? jaccard() : Double.NaN;
    }

    double errors() {
        return (double) (predicted + actual - 2 * hits) / total;
    }

    double matthews() {
        double spread =
                Math.sqrt((double) predicted * (total - predicted)) * Math.sqrt((double) actual * (total - actual));
        return ratio((double) hits * total - (double) predicted * actual, spread);
    }

    /** A quotient that is 0 over 0, as in scikit-learn. */
    static double ratio(double a, double b) {
        return b == 0 ? 0 : a / b;
    }
}
