package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Digits;
import dev.cadenza.optim.Hyper;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Measure what a timeline of every batch costs, of a fit in which each batch sets the learning rate. */
@Command(name = "timeline", description = "Steps per second with a timeline of every batch, beside one without.")
final class TimelineBench implements Subcommand {
    @Mixin
    private Pairs pairs;

    @Override
    public int run(Terminal terminal) {
        pairs.require();
        Rng.global().seed(1);
        Dataset digits = Digits.make(1).train();
        Callback schedule = Callback.on(Event.BEFORE_BATCH, l -> l.optimizer().set(Hyper.lr(0.5 - 0.4 * l.progress())));
        Learner learn = LearnerMlp.learner(digits, 50, schedule);
        pairs.compare(
                terminal,
                "timeline",
                learn.data().train().size(),
                new Pairs.Side("on", () -> fit(learn, true)),
                new Pairs.Side("off", () -> fit(learn, false)));
        return 0;
    }

    private static void fit(Learner learn, boolean everyBatch) {
        learn.timeline().everyBatch(everyBatch);
        learn.fit(1);
    }
}
