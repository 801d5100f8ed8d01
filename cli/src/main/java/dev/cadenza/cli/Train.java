package dev.cadenza.cli;

import dev.cadenza.callback.Progress;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Datasets;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Trains the network of the first lesson, with one hidden layer, on images of digits. */
@Command(
        name = "train",
        description = {
            "Train a network with one hidden layer on images of digits, with SGD and cross-entropy.",
            "",
            "The table and the progress go to standard error. A run whose loss stops being a number ends as done, with"
                    + " a warning. Ctrl-C ends a run after the current batch, with all files complete (exit code 130;"
                    + " 143 by SIGTERM). The same seed and number of threads give the same digest.",
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
            Engine.threads(options.threads);
            Learner learn = learner(options.datasets());
            TrainReport report = new TrainReport(options, terminal, learn);
            report.start();
            learn.fit(options.epochs, options.lr, callbacks(terminal, interrupt, new OnEpoch(report::epoch)));
            report.end();
            return learn.outcome().kind() == Outcome.Kind.CANCELLED ? Main.INTERRUPTED : Main.DONE;
        }
    }

    private Learner learner(Datasets data) {
        Rng.global().seed(options.seed);
        Module model =
                Sequential.of(new Linear(784, options.hidden), Activation.relu(), new Linear(options.hidden, 10));
        DataLoaders loaders = data.loaders(o -> {
            o.batchSize = options.bs;
            o.seed = options.seed;
        });
        return new Learner(loaders, model.to(options.device()), Losses.crossEntropy())
                .optimizer(Optimizers.sgd(o -> {}))
                .metrics(Metrics.accuracy());
    }

    private Callback[] callbacks(Terminal terminal, Callback... always) {
        List<Callback> callbacks = new ArrayList<>(List.of(always));
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
