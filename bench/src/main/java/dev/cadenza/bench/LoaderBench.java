package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Batch;
import dev.cadenza.data.CategoryBlock;
import dev.cadenza.data.DataBlock;
import dev.cadenza.data.DataDir;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Labels;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.vision.Cifar10;
import dev.cadenza.vision.ImageBlock;
import dev.cadenza.vision.ImageFiles;
import dev.cadenza.vision.ImageTransform;
import dev.cadenza.vision.ImageTransforms;
import dev.cadenza.vision.PadMode;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measure how fast loaders bring images, beside the decoder alone (OpenCV, reading the same files and throwing the pixels
 * away), the decoder called as the loader calls it (off the grid), and, where it is installed, Python's Pillow.
 */
@Command(name = "loader", description = "Images per second through a DataLoader, beside the decoder alone and Pillow.")
final class LoaderBench implements Subcommand {
    private static final int BATCH = 64;
    private static final int SMALL_FILES = 10_000;

    @Option(
            names = "--photos",
            paramLabel = "DIR",
            description = "A folder of photographs; default: hymenoptera of the data directory.")
    private Path photos;

    @Option(
            names = "--small",
            paramLabel = "DIR",
            description = "A folder of images of 32×32 pixels; default: the first 10,000 of CIFAR-10's test part.")
    private Path small;

    @Option(names = "--rounds", defaultValue = "5", description = "Rounds to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--workers",
            split = ",",
            defaultValue = "1,2",
            description = "Threads (default: ${DEFAULT-VALUE}).")
    private int[] workers;

    @Option(names = "--no-pillow", description = "Leave Python out.")
    private boolean noPillow;

    @Mixin
    private Report report;

    /** Files, and what is made of them. */
    private record Work(String name, List<Path> files, int size, boolean crops) {
        List<ImageTransform> transforms() {
            return crops
                    ? List.of(ImageTransforms.randomResizedCrop(size), ImageTransforms.flip(0.5))
                    : List.of(ImageTransforms.randomCrop(size, 4, PadMode.REFLECTION), ImageTransforms.flip(0.5));
        }

        Dataset dataset() {
            return DataBlock.of(
                            ImageBlock.of(transforms().toArray(ImageTransform[]::new)),
                            CategoryBlock.of(Labels.parent()))
                    .fit(files)
                    .dataset(files);
        }
    }

    @Override
    public int run(Terminal terminal) throws Exception {
        Report.require(rounds >= 5, "--rounds", "5 or more", rounds);
        Engine.threads(1);
        List<Path> tiny = ImageFiles.in(small == null ? Cifar10.folder().resolve("test") : small);
        List<Path> large = ImageFiles.in(photos == null ? DataDir.find("hymenoptera") : photos);
        List<Work> works = List.of(
                new Work("photographs", large, 128, true),
                new Work("cifar10", tiny.subList(0, Math.min(SMALL_FILES, tiny.size())), 32, false));
        Map<String, Object> figures = new LinkedHashMap<>();
        for (Work work : works) {
            for (int threads : workers) {
                figures.put(work.name + " " + threads, measure(terminal, work, threads));
            }
        }
        @SuppressWarnings("unchecked")
        Map<String, Double> first =
                (Map<String, Double>) figures.values().iterator().next();
        figures.put("ratio", first.get("ratio"));
        report.result(terminal, "loader", "us/image", first.get("ours"), first.get("limit"), figures);
        return 0;
    }

    private Map<String, Double> measure(Terminal terminal, Work work, int threads) throws Exception {
        Dataset dataset = work.dataset();
        List<Path> files = work.files;
        Map<String, double[]> times = new LinkedHashMap<>();
        for (int round = -1; round < rounds; round++) { // the first is to warm up
            double ours = micros(files.size(), () -> load(dataset, threads));
            double decoder = micros(files.size(), () -> RawDecoder.decode(files, threads, RawDecoder::plain));
            double offGrid = micros(files.size(), () -> RawDecoder.decode(files, threads, RawDecoder::offGrid));
            if (round >= 0) {
                put(times, "ours", round, ours);
                put(times, "limit", round, decoder);
                put(times, "off grid", round, offGrid);
                put(times, "ratio", round, ours / decoder);
                if (!noPillow) {
                    OptionalDouble pillow = Pillow.microsPerImage(files, work.size, work.crops, threads);
                    if (pillow.isPresent()) {
                        put(times, "pillow", round, pillow.getAsDouble());
                    }
                }
            }
        }
        Map<String, Double> figures = new LinkedHashMap<>();
        times.forEach((name, each) -> figures.put(name, Machine.median(each)));
        Report.line(terminal, "%s, %,d files, %d thread(s):", work.name, files.size(), threads);
        figures.forEach((name, value) -> print(terminal, name, value));
        return figures;
    }

    private void put(Map<String, double[]> times, String name, int round, double value) {
        times.computeIfAbsent(name, key -> new double[rounds])[round] = value;
    }

    private static void print(Terminal terminal, String name, double value) {
        if (name.equals("ratio")) {
            Report.line(terminal, "  ratio of loader to decoder %.3f", value);
            return;
        }
        String label = switch (name) {
            case "ours" -> "loader";
            case "limit" -> "decoder alone";
            case "off grid" -> "  off the grid";
            default -> name;
        };
        Report.line(terminal, "  %-14s %8.1f us/image  %,8.0f images/s", label, value, 1e6 / value);
    }

    private static void load(Dataset dataset, int threads) {
        DataLoader loader = new DataLoader(dataset, o -> {
            o.batchSize = BATCH;
            o.workers = threads;
            o.drawSeed = 1L;
        });
        try (var epoch = loader.epoch(0)) {
            for (Iterator<Batch> batches = epoch.iterator(); batches.hasNext(); ) {
                try (Scope scope = Scope.open()) {
                    batches.next();
                }
            }
        }
    }

    private interface Task {
        void run() throws Exception;
    }

    private static double micros(int images, Task task) throws Exception {
        long begun = System.nanoTime();
        task.run();
        return (System.nanoTime() - begun) / 1e3 / images;
    }
}
