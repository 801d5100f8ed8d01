package dev.cadenza.metric;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The table of scikit-learn's {@code classification_report}. */
final class Report {
    private static final String LAST = "weighted avg";

    private final int width;
    private final StringBuilder text = new StringBuilder();

    private Report(int width) {
        this.width = width;
    }

    static String of(ConfusionMatrix matrix, String... names) {
        List<Counts> all = matrix.perClass();
        int[] labels =
                IntStream.range(0, all.size()).filter(i -> all.get(i).occurs()).toArray();
        List<Counts> classes = IntStream.of(labels).mapToObj(all::get).toList();
        String[] shown = IntStream.of(labels)
                .mapToObj(i -> names.length == 0 ? String.valueOf(i) : names[i])
                .toArray(String[]::new);
        Report report = new Report(
                IntStream.range(0, shown.length).map(i -> shown[i].length()).reduce(LAST.length(), Math::max));
        report.line("", "precision", "recall", "f1-score", "support").append('\n');
        for (int i = 0; i < shown.length; i++) {
            report.row(shown[i], Average.MICRO, List.of(classes.get(i)));
        }
        Counts sum = Counts.sum(classes);
        report.text.append('\n');
        report.line("accuracy", "", "", number(sum.recall()), String.valueOf(sum.actual()));
        report.row("macro avg", Average.MACRO, classes);
        report.row(LAST, Average.WEIGHTED, classes);
        return report.text.toString();
    }

    private void row(String name, Average average, List<Counts> classes) {
        ToDoubleFunction<ToDoubleFunction<Counts>> mean = score -> average.of(classes, score);
        line(
                name,
                number(mean.applyAsDouble(Counts::precision)),
                number(mean.applyAsDouble(Counts::recall)),
                number(mean.applyAsDouble(Counts::f1)),
                String.valueOf(Counts.sum(classes).actual()));
    }

    private StringBuilder line(String name, String... cells) {
        text.append(" ".repeat(width - name.length())).append(name).append(' ');
        for (String cell : cells) {
            text.append(String.format(Locale.ROOT, " %9s", cell));
        }
        return text.append('\n');
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
