package dev.cadenza.metric;

import java.util.List;

/** How far predictions and right labels agree beyond chance, from a confusion matrix. */
final class Agreement {
    private Agreement() {}

    /** The mean recall of the classes that there are. */
    static double balanced(ConfusionMatrix matrix) {
        return matrix.perClass().stream()
                .filter(each -> each.actual() > 0)
                .mapToDouble(Counts::recall)
                .average()
                .orElse(Double.NaN);
    }

    static double errors(ConfusionMatrix matrix) {
        Counts sum = Counts.sum(matrix.perClass());
        return (double) (sum.actual() - sum.hits()) / sum.actual();
    }

    static double kappa(ConfusionMatrix matrix, Weighting weighting) {
        List<Counts> classes = matrix.perClass();
        long[][] counts = matrix.matrix();
        double total = matrix.total();
        double seen = 0;
        double byChance = 0;
        for (int i = 0; i < counts.length; i++) {
            for (int j = 0; j < counts.length; j++) {
                double weight = weighting.of(i, j);
                seen += weight * counts[i][j];
                byChance += weight * classes.get(i).actual() * (classes.get(j).predicted() / total);
            }
        }
        return 1 - seen / byChance;
    }

    /** Sums of products that cannot cancel, unlike those of the textbook. */
    static double matthews(ConfusionMatrix matrix) {
        double together = 0;
        double predicted = 0;
        double actual = 0;
        for (Counts each : matrix.perClass()) {
            double total = each.total();
            together += each.hits() * total - (double) each.actual() * each.predicted();
            predicted += each.predicted() * (total - each.predicted());
            actual += each.actual() * (total - each.actual());
        }
        return Counts.ratio(together, Math.sqrt(predicted) * Math.sqrt(actual));
    }
}
