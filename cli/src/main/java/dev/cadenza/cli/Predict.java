package dev.cadenza.cli;

import dev.cadenza.io.DataException;
import dev.cadenza.io.Json;
import dev.cadenza.vision.ImagePredictor;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says what a trained network sees in images. */
@Command(
        name = "predict",
        description = {
            "Say what a network trained by `cadenza train` sees in images, with its probabilities.",
            "",
            "An image that cannot be read is told on standard error, the others are done; the exit code is then 2.",
            ""
        },
        sortOptions = false)
final class Predict implements Subcommand {
    @Parameters(index = "0", paramLabel = "MODEL", description = "The folder of a run, or its model.safetensors.")
    private Path model;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "IMAGE", description = "Files: JPEG, PNG and others.")
    private List<Path> images;

    @Option(names = "--top", description = "How many classes to name; default: ${DEFAULT-VALUE}.")
    private int top = 3;

    @Option(names = "--json", description = "Write a line of JSON for each image.")
    private boolean json;

    @Override
    public int run(Terminal terminal) {
        SetupOptions.atLeastOne("--top", top);
        int code = Main.DONE;
        try (ImagePredictor predictor = ImagePredictor.load(RunFolder.model(model))) {
            for (Path image : images) {
                try {
                    print(terminal, image, predictor.predict(image).top(top));
                } catch (DataException e) {
                    terminal.err().println("cadenza: " + e.getMessage());
                    code = Main.BAD_INPUT;
                }
            }
        }
        return code;
    }

    private void print(Terminal terminal, Path image, Map<String, Double> best) {
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("image", image.toString());
            line.put("class", best.keySet().iterator().next());
            line.put("probabilities", best);
            terminal.out().println(Json.line(line));
        } else {
            terminal.out()
                    .println(image + ": "
                            + best.entrySet().stream()
                                    .map(each -> String.format(
                                            Locale.ROOT, "%s %.1f %%", each.getKey(), 100 * each.getValue()))
                                    .collect(Collectors.joining(", ")));
        }
    }
}
