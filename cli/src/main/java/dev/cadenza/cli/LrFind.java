package dev.cadenza.cli;

import dev.cadenza.io.Json;
import dev.cadenza.train.Learner;
import dev.cadenza.train.LrCurve;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Looks for a learning rate for what {@link Train} would train. */
@Command(
        name = "lr-find",
        description = {
            "Train some batches with a learning rate that rises, and suggest one: valley (the middle of the longest"
                    + " descent; take this if unsure), slide, minimum (a tenth of the best) and steepest.",
            ""
        },
        sortOptions = false)
final class LrFind implements Subcommand {
    @Mixin
    private SetupOptions setup;

    @Option(names = "--start", description = "The first rate; default: ${DEFAULT-VALUE}.")
    private double start = 1e-7;

    @Option(names = "--end", description = "The last rate; default: ${DEFAULT-VALUE}.")
    private double end = 10;

    @Option(names = "--iterations", description = "Batches to train; default: ${DEFAULT-VALUE}.")
    private int iterations = 100;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description = "New or empty folder for lr_find.csv, the curve; default: runs/<time>-lr-find.")
    private Path run;

    @Option(names = "--json", description = "Write the suggestions as a line of JSON to standard output.")
    private boolean json;

    @Override
    public int run(Terminal terminal) {
        check();
        Learner learn = setup.learner(setup.datasets(), null);
        LrCurve curve = learn.lrFind(o -> {
            o.startLr = start;
            o.endLr = end;
            o.iterations = iterations;
        });
        Path file = RunFolder.make(run, "lr-find").resolve("lr_find.csv");
        curve.writeCsv(file);
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>(Map.of("event", "done"));
            line.putAll(curve.suggestions());
            line.put("iterations", curve.lrs().length);
            line.put("curve", file.toString());
            terminal.out().println(Json.line(line));
        }
        curve.suggestions()
                .forEach((name, lr) -> terminal.err().println(String.format(Locale.ROOT, "%-9s %.2e", name, lr)));
        terminal.err().println("the curve of " + curve.lrs().length + " batches is in " + file);
        return Main.DONE;
    }

    private void check() {
        setup.check();
        if (!(start > 0 && end > start && end <= Float.MAX_VALUE)) {
            throw BadInputException.option("--start, --end", "a rate above 0 and a greater one", start + ", " + end);
        }
        if (iterations < 16) {
            throw BadInputException.option("--iterations", "16 or more, to have a curve", iterations);
        }
    }
}
