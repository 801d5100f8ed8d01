package dev.cadenza.metric;

/** Means, squares and products of pairs of numbers, taken in one by one without loss (Welford 1962). */
final class Moments {
    private long count;
    private double meanA;
    private double meanB;
    private double squaresA;
    private double squaresB;
    private double products;

    static Moments of(double[] a, double[] b) {
        Moments moments = new Moments();
        for (int i = 0; i < a.length; i++) {
            moments.add(a[i], b[i]);
        }
        return moments;
    }

    void add(double a, double b) {
        count++;
        double fromA = a - meanA;
        double fromB = b - meanB;
        meanA += fromA / count;
        meanB += fromB / count;
        squaresA += fromA * (a - meanA);
        squaresB += fromB * (b - meanB);
        products += fromA * (b - meanB);
    }

    double correlation() {
        if (count < 2) {
            return Double.NaN;
        }
        return Math.max(-1, Math.min(1, products / (Math.sqrt(squaresA) * Math.sqrt(squaresB))));
    }

    /** The share of b's variance that is left out of a, which are the errors. */
    double explained() {
        return shareWithout(squaresA);
    }

    /** The same with errors measured from 0, and not from their mean. */
    double determined() {
        return shareWithout(squaresA + count * meanA * meanA);
    }

    /** Of constant targets all is explained, or nothing, as scikit-learn has it. */
    private double shareWithout(double unexplained) {
        if (count < 2) {
            return Double.NaN;
        }
        return squaresB == 0 ? (unexplained == 0 ? 1 : 0) : 1 - unexplained / squaresB;
    }
}
