package dev.cadenza.cli;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Draw;
import dev.cadenza.io.DataException;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.ImageBlock;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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
        Path file = ModelFile.in(model);
        ModelFile description = ModelFile.read(file);
        Module network = description.model(file);
        ImageBlock block = description.recipe().block(description.size());
        int code = Main.DONE;
        for (Path image : images) {
            try (Scope scope = Scope.open();
                    NoGrad off = NoGrad.open()) {
                print(terminal, image, description.classes(), probabilities(description, network, block, image));
            } catch (DataException e) {
                terminal.err().println("cadenza: " + e.getMessage());
                code = Main.BAD_INPUT;
            }
        }
        return code;
    }

    private static double[] probabilities(ModelFile description, Module network, ImageBlock block, Path image) {
        Tensor pixels = block.pipeline().run(image, Draw.NONE);
        Batch batch = new Batch(List.of(pixels.unsqueeze(0)), List.of());
        List<BatchTransform> transforms = Stream.concat(
                        block.batchTransforms().stream(),
                        description.recipe().batchTransforms(description.arch()).stream())
                .toList();
        for (BatchTransform transform : transforms) {
            batch = transform.apply(batch, List.of(Draw.NONE));
        }
        return network.forward(batch.input()).softmax(1).select(0, 0).toDoubles();
    }

    private void print(Terminal terminal, Path image, List<String> classes, double[] probabilities) {
        Map<String, Double> best = new LinkedHashMap<>();
        IntStream.range(0, probabilities.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer i) -> -probabilities[i]))
                .limit(top)
                .forEach(i -> best.put(classes.get(i), probabilities[i]));
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
