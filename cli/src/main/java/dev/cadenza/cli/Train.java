package dev.cadenza.cli;

import dev.cadenza.callback.Checkpointing;
import dev.cadenza.callback.Digests;
import dev.cadenza.callback.Progress;
import dev.cadenza.data.Datasets;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains a network on images of one class each. */
@Command(
        name = "train",
        description = {
            "Train a network to tell classes of images, with cross-entropy; its weights go to model.safetensors of the run.",
            "",
            "The table and the progress go to standard error. A run whose loss stops being a number ends as done, with"
                    + " a warning. Ctrl-C ends a run after the current batch with a checkpoint (exit code 130; 143 by SIGTERM);"
                    + " the same command with --resume and --run goes on from it, and from the last one of a run that was"
                    + " killed, to the same numbers. The same seed and number of threads give the same digest.",
            ""
        },
        sortOptions = false)
final class Train implements Subcommand {
    @Mixin
    private TrainOptions options;

    @Override
    public int run(Terminal terminal) {
        options.check();
        try (Interrupt interrupt = new Interrupt()) {
            Datasets datasets = options.setup.datasets();
            Learner learn = options.learner(datasets);
            TrainReport report =
                    new TrainReport(options, terminal, learn, datasets.classes().size());
            report.start();
            options.fit(learn, callbacks(terminal, report));
            options.export(learn, RunFolder.model(report.folder().path()));
            report.end();
            return learn.outcome().kind() == Outcome.Kind.CANCELLED ? Main.INTERRUPTED : Main.DONE;
        }
    }

    private Callback[] callbacks(Terminal terminal, TrainReport report) {
        Checkpointing checkpoints = new Checkpointing(report.folder().checkpoints(), o -> {
            o.everySteps = options.checkpointEvery == null ? 0 : options.checkpointEvery;
        });
        List<Callback> callbacks = new ArrayList<>(List.of(checkpoints, new Reporting(report)));
        if (options.digests) {
            callbacks.add(new Digests(report.folder().path().resolve(DigestFile.NAME)));
        }
        if (!options.quiet) {
            callbacks.add(new Progress(o -> {
                o.out = terminal.err();
                o.bar = terminal.tty();
                o.columns = terminal.columns();
            }));
        }
        return callbacks.toArray(Callback[]::new);
    }
}
