package dev.cadenza.cli;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Datasets;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** What chooses the data and its batches. */
final class DataOptions {
    private static final int LARGEST = 4096;
    private static final int MOST_WORKERS = 256;

    @Option(
            names = "--data",
            paramLabel = "NAME|DIR",
            description =
                    "digits (drawn on the spot), mnist, fashion-mnist, cifar10 or imagenette (from the data directory, or"
                            + " downloaded once), or a folder of images: DIR/train/<class>, DIR/valid/<class>, or DIR/<class>, of"
                            + " which a fifth is for validation; default: digits.")
    String data = "digits";

    @Option(names = "--bs", description = "Samples in a batch; default: ${DEFAULT-VALUE}.")
    int bs = 64;

    @Option(
            names = "--size",
            description =
                    "Pixels of a side of the images that the network sees; default: 32 for cifar10, 128 for others.")
    Integer size;

    @Option(
            names = "--workers",
            description =
                    "Threads that make batches ahead, 0 for none; it does not change results. Default: 0 for digits, else"
                            + " as many as there are processors.")
    Integer workers;

    @Option(
            names = "--seed",
            description = "Seed of the first weights, of the order of the data and of how it is varied; default:"
                    + " ${DEFAULT-VALUE}.")
    long seed = 1;

    @Option(
            names = "--skip-broken",
            description =
                    "Leave out images that cannot be read, and count them; without it the first one ends the run.")
    boolean skipBroken;

    DataKind kind() {
        return DataKind.of(data);
    }

    void check() {
        SetupOptions.atLeastOne("--bs", bs);
        if (size != null && (kind().isGrey() || size < 8 || size > LARGEST)) {
            throw BadInputException.option("--size", kind().isGrey() ? "none for " + data : "8 to " + LARGEST, size);
        }
        if (workers != null && (workers < 0 || workers > MOST_WORKERS)) {
            throw BadInputException.option("--workers", "0 to " + MOST_WORKERS, workers);
        }
    }

    int size() {
        return size == null ? kind().recipe.size : size;
    }

    int workers() {
        int processors = Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors());
        return workers != null ? workers : kind().isGrey() ? 0 : processors;
    }

    Datasets datasets() {
        try {
            return kind().read(data, size());
        } catch (IllegalArgumentException e) { // such as a class that is only in the validation part
            throw new BadInputException("--data " + data + ": " + e.getMessage());
        }
    }

    DataLoaders loaders(Datasets datasets, ArchOption arch) {
        return datasets.loaders(o -> {
            o.batchSize = bs;
            o.seed = seed;
            o.workers = workers();
            o.skipBroken = skipBroken;
            o.transforms = kind().isGrey() ? kind().recipe.batchTransforms(arch) : List.of();
        });
    }

    /** Puts down all that has an influence on the result; workers have none. */
    void describe(Map<String, Object> plan) {
        plan.put("data", data);
        plan.put("bs", bs);
        plan.put("size", kind().isGrey() ? null : size());
        plan.put("seed", seed);
        plan.put("skip_broken", skipBroken);
    }
}
