package dev.cadenza.cli;

import dev.cadenza.data.Datasets;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.ImageBlock;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be chosen for {@link Train}; {@link #check} refuses what is out of range before anything is read or made. */
final class TrainOptions {
    private static final double FINE_TUNE_LR = 2e-3;
    private static final String WHAT_FITS = "what-fits";

    @Mixin
    SetupOptions setup;

    @Option(names = "--epochs", description = "How often to go through the data; default: ${DEFAULT-VALUE}.")
    int epochs = 3;

    @Option(
            names = "--lr",
            description =
                    "Learning rate, the greatest of a schedule; default: 0.5 for sgd, for the others some 1e-3; with"
                            + " --weights 2e-3.")
    Double lr;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description =
                    "How the rate goes: none, one-cycle, flat-cos or sgdr; default: none with mlp, else one-cycle.")
    String schedule;

    @Option(
            names = "--weights",
            paramLabel = "FILE",
            description =
                    "Start the body from these weights of the same --arch (.safetensors, or .pt, .pth of PyTorch) and"
                            + " fine-tune: one epoch of a new head alone, then --epochs of all.")
    Path weights;

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description =
                    "New or empty folder for plan.json, metrics.csv, checkpoints and model; default: runs/<time>-<data>.")
    Path run;

    @Option(
            names = "--checkpoint-every",
            paramLabel = "N",
            description = "Write a checkpoint after every N batches, not only after each epoch.")
    Integer checkpointEvery;

    @Option(
            names = "--resume",
            arity = "0..1",
            fallbackValue = "exact",
            paramLabel = "what-fits",
            description =
                    "Go on in the folder of --run from its newest checkpoint, with the options that it was begun with, to the"
                            + " same numbers as if nothing had happened; --workers may be others. With --resume=what-fits"
                            + " other options may be, too, and the rest starts anew.")
    String resume;

    @Option(
            names = "--digests",
            description = "Write hashes of each step to digests.jsonl of the run, for cadenza diff; costs time.")
    boolean digests;

    @Option(names = "--json", description = "Write JSON lines to standard output: start, each epoch, done.")
    boolean json;

    @Option(names = "--quiet", description = "Write only warnings and errors to standard error.")
    boolean quiet;

    void check() {
        setup.check();
        SetupOptions.atLeastOne("--epochs", epochs);
        if (lr != null) {
            SetupOptions.finite("--lr", lr);
        }
        if (checkpointEvery != null) {
            SetupOptions.atLeastOne("--checkpoint-every", checkpointEvery);
        }
        if (resume != null && !List.of("exact", WHAT_FITS).contains(resume)) {
            throw BadInputException.option("--resume", "nothing, or " + WHAT_FITS, resume);
        }
        if (resume != null && run == null) {
            throw BadInputException.option("--resume", "the folder of the run with --run DIR", "none");
        }
        schedule();
        if (weights != null && !setup.arch().takesImages()) {
            throw BadInputException.option("--weights", "an --arch for images", setup.arch());
        }
        if (weights != null && schedule != null) {
            throw BadInputException.option(
                    "--schedule", "none with --weights, which fine-tunes by one-cycle", schedule);
        }
    }

    boolean resumes() {
        return resume != null;
    }

    boolean resumesWhatFits() {
        return WHAT_FITS.equals(resume);
    }

    double lr() {
        return OptimizerOption.or(lr, weights == null ? setup.optimizer().lr : FINE_TUNE_LR);
    }

    ScheduleOption schedule() {
        String name = schedule == null ? setup.arch().takesImages() ? "one-cycle" : "none" : schedule;
        return ScheduleOption.of(name, epochs);
    }

    Learner learner(Datasets datasets) {
        return setup.learner(datasets, weights);
    }

    void fit(Learner learn, Callback... callbacks) {
        if (weights == null) {
            schedule().fit(learn, this, callbacks);
        } else {
            learn.fineTune(epochs, lr(), o -> {}, callbacks);
        }
    }

    /** Writes the file that {@link Predict} reads. */
    void export(Learner learn, Path file) {
        ImageBlock input = setup.data.kind().recipe.input();
        learn.export(file, o -> {
            if (input != null) {
                o.input = input;
                o.transforms = Stream.concat(input.batchTransforms().stream(), o.transforms.stream())
                        .toList();
            }
        });
    }

    /** Puts down all that has an influence on the result. */
    void describe(Map<String, Object> plan) {
        setup.describe(plan);
        plan.put("epochs", epochs);
        plan.put("lr", lr());
        plan.put("schedule", schedule().toString());
        plan.put("weights", weights == null ? null : weights.toString());
    }
}
