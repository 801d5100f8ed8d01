package dev.cadenza.metric;

import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** The area under a curve for each class, label or sample, averaged; NaN if one of them is undefined. */
final class Curves {
    private Curves() {}

    /** The area under a curve, from the scores of what is true and of what is not. */
    @FunctionalInterface
    interface Area {
        double of(double[] ofTrue, double[] ofFalse);
    }

    /** The area where there is a target, true or not, for each score. */
    static double ofLabels(Scores all, Average average, Area area) {
        int rows = all.rows();
        int columns = all.columns();
        return switch (average) {
            case MICRO -> of(all, area, IntStream.range(0, rows * columns));
            case SAMPLES ->
                IntStream.range(0, rows)
                        .mapToDouble(i -> of(all, area, IntStream.range(i * columns, (i + 1) * columns)))
                        .average()
                        .orElse(Double.NaN);
            default -> {
                Mean mean = new Mean();
                for (int j = 0; j < columns; j++) {
                    mean.add(
                            of(all, area, column(all, j)),
                            average == Average.MACRO ? 1 : trueOnes(all, column(all, j)));
                }
                yield mean.value();
            }
        };
    }

    private static IntStream column(Scores all, int column) {
        return IntStream.range(0, all.rows()).map(row -> row * all.columns() + column);
    }

    private static long trueOnes(Scores all, IntStream places) {
        return places.filter(place -> all.target(place) != 0).count();
    }

    private static double of(Scores all, Area area, IntStream places) {
        int[] each = places.toArray();
        return area.of(
                IntStream.of(each)
                        .filter(place -> all.target(place) != 0)
                        .mapToDouble(all::score)
                        .toArray(),
                IntStream.of(each)
                        .filter(place -> all.target(place) == 0)
                        .mapToDouble(all::score)
                        .toArray());
    }

    /** The area under the ROC curve where there is one target, a class, for each row of probabilities. */
    static double ofClasses(Scores all, MetricOptions.RocAuc o) {
        boolean weighted = o.average == Average.WEIGHTED;
        return o.oneVsOne ? oneVsOne(all, weighted) : oneVsRest(all, weighted);
    }

    private static double oneVsRest(Scores all, boolean weighted) {
        Mean mean = new Mean();
        IntStream.range(0, all.columns())
                .forEach(a -> mean.add(told(all, a, label -> label != a), weighted ? support(all, a) : 1));
        return mean.value();
    }

    private static double oneVsOne(Scores all, boolean weighted) {
        Mean mean = new Mean();
        IntStream.range(0, all.columns())
                .forEach(a -> IntStream.range(0, a).forEach(b -> {
                    double area = (told(all, a, label -> label == b) + told(all, b, label -> label == a)) / 2;
                    mean.add(area, weighted ? support(all, a) + support(all, b) : 1);
                }));
        return mean.value();
    }

    /** How well a class's probability tells its samples from those of some others. */
    private static double told(Scores all, int label, IntPredicate others) {
        return Ranking.auc(where(all, label, x -> x == label), where(all, label, others));
    }

    private static double[] where(Scores all, int column, IntPredicate labels) {
        return IntStream.range(0, all.rows())
                .filter(row -> labels.test((int) all.target(row)))
                .mapToDouble(row -> all.score(row * all.columns() + column))
                .toArray();
    }

    private static long support(Scores all, int label) {
        return IntStream.range(0, all.rows())
                .filter(row -> all.target(row) == label)
                .count();
    }

    private static final class Mean {
        private double sum;
        private double weights;

        void add(double value, double weight) {
            sum += weight * value;
            weights += weight;
        }

        double value() {
            return sum / weights;
        }
    }
}
