package dev.cadenza.nn;

import java.util.List;

/**
 * Say what {@link Module#loadWhatFits} took over and what it did not: what {@code load_state_dict(strict=False)} returns
 * in PyTorch, with what was loaded and the wrong shapes too.
 *
 * <pre>{@code
 * LoadReport report = model.loadWhatFits(Weights.read(dir.resolve("resnet18.pth")));
 * if (report.loaded().isEmpty()) {
 *     throw new IllegalStateException(report.toString());
 * }
 * }</pre>
 *
 * @param loaded names whose values the module now has, in the order of its state
 * @param missing names of the module for which the state had no value, in the order of its state
 * @param unexpected names in the state that the module has not, sorted
 * @param wrongShape names of both whose shapes differ, each with both:
 *     {@code fc.weight: wanted float32[10, 512], but got float32[1000, 512]}
 */
public record LoadReport(List<String> loaded, List<String> missing, List<String> unexpected, List<String> wrongShape) {
    private static final int SHOWN = 5;

    /** Keep copies of the lists. */
    public LoadReport {
        loaded = List.copyOf(loaded);
        missing = List.copyOf(missing);
        unexpected = List.copyOf(unexpected);
        wrongShape = List.copyOf(wrongShape);
    }

    /** Tell whether everything fitted: then {@link Module#loadStateDict} would have taken it too. */
    public boolean isComplete() {
        return missing.isEmpty() && unexpected.isEmpty() && wrongShape.isEmpty();
    }

    /** Write a line for each kind, with its number and the first five names: {@code missing 2: fc.weight, fc.bias}. */
    @Override
    public String toString() {
        return line("loaded", ", ", loaded)
                + line("missing", ", ", missing)
                + line("unexpected", ", ", unexpected)
                + line("wrong shape", "; ", wrongShape).stripTrailing();
    }

    private static String line(String kind, String between, List<String> names) {
        String first = String.join(between, names.subList(0, Math.min(SHOWN, names.size())));
        String more = names.size() > SHOWN ? between + "… " + (names.size() - SHOWN) + " more" : "";
        return kind + " " + names.size() + (names.isEmpty() ? "" : ": ") + first + more + "\n";
    }
}
