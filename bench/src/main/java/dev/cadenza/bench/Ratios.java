package dev.cadenza.bench;

import dev.cadenza.cli.Terminal;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;

/** Results of JMH by rule and by who did it, and how they compare with the floor: the row that the others cannot beat. */
final class Ratios {
    private static final String KERNEL = "kernel";
    private static final String FUSED = "fused";

    /**
     * Milliseconds a step, of the best iteration and on average. Compared are the best: what else runs on a machine makes
     * a step slower, never faster.
     */
    record Time(double best, double mean) {}

    private final Map<String, Map<String, Time>> rules = new TreeMap<>();

    static Ratios of(Collection<RunResult> results) {
        Ratios ratios = new Ratios();
        for (RunResult run : results) {
            BenchmarkParams params = run.getParams();
            String method = params.getBenchmark();
            Result<?> time = run.getPrimaryResult();
            ratios.add(
                    params.getParam("rule"),
                    method.substring(method.lastIndexOf('.') + 1),
                    new Time(time.getStatistics().getMin(), time.getScore()));
        }
        return ratios;
    }

    void add(String rule, String row, Time time) {
        rules.computeIfAbsent(rule, r -> new LinkedHashMap<>()).put(row, time);
    }

    boolean has(String row) {
        return rules.values().stream().anyMatch(rows -> rows.containsKey(row));
    }

    double ours(String rule) {
        return rules.get(rule).get(FUSED).best();
    }

    /** The time of libtorch's own kernel. */
    double floor(String rule) {
        return rules.get(rule).get(KERNEL).best();
    }

    /** The best times in milliseconds, by names such as {@code adam.loop}. */
    Map<String, Object> flat() {
        Map<String, Object> flat = new LinkedHashMap<>();
        rules.forEach((rule, rows) -> rows.forEach((row, time) -> flat.put(rule + "." + row, time.best())));
        return flat;
    }

    void print(Terminal terminal) {
        rules.forEach((rule, rows) -> {
            Report.line(terminal, "%n%-6s%-12s%10s%10s  ratio over %s", rule, "", "best ms", "mean", KERNEL);
            rows.forEach((row, time) -> Report.line(
                    terminal,
                    "%-6s%-12s%10.2f%10.2f  %.2f",
                    "",
                    row,
                    time.best(),
                    time.mean(),
                    time.best() / floor(rule)));
        });
    }
}
