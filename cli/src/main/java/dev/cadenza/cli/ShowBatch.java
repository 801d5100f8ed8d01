package dev.cadenza.cli;

import dev.cadenza.data.Batch;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Epoch;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.vision.ImageGrid;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what a network would see of {@link Train}'s data. */
@Command(
        name = "show-batch",
        description = {
            "Write a picture of the first batch as the network sees it: resized, varied, with the labels under the images.",
            ""
        },
        sortOptions = false)
final class ShowBatch implements Subcommand {
    @Mixin
    private DataOptions data;

    @Option(names = "--out", paramLabel = "FILE", description = "The PNG to write; default: ${DEFAULT-VALUE}.")
    private Path out = Path.of("batch.png");

    @Option(names = "--valid", description = "Show the first batch of validation; default: of training.")
    private boolean valid;

    @Override
    public int run(Terminal terminal) {
        data.check();
        Engine.threads(1);
        Datasets datasets = data.datasets();
        var loaders = data.loaders(datasets, ArchOption.SMALL_RESNET);
        try (Scope scope = Scope.open();
                Epoch epoch = (valid ? loaders.valid() : loaders.train()).epoch(0, Device.CPU)) {
            Iterator<Batch> batches = epoch.iterator();
            if (!batches.hasNext()) {
                throw new BadInputException(
                        "--data: there is no " + (valid ? "validation" : "training") + " image in " + data.data);
            }
            Batch batch = batches.next();
            Tensor images = data.kind().recipe.shown(batch.input());
            List<String> labels = Arrays.stream(batch.target().toLongs())
                    .mapToObj(label -> datasets.classes().get((int) label))
                    .toList();
            ImageGrid.write(out, images, labels);
            terminal.err()
                    .println(batch.size() + " images of " + images.size(2) + "×" + images.size(3) + " pixels are in "
                            + out);
        }
        return Main.DONE;
    }
}
