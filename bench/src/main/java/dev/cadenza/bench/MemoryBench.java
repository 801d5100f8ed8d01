package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Digits;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measure whether memory grows: resident memory and live native objects over many steps of the lesson's network. */
@Command(name = "memory", description = "Resident memory over many steps of training.")
final class MemoryBench implements Subcommand {
    @Option(names = "--steps", defaultValue = "200000", description = "Steps in all (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--after", defaultValue = "20000", description = "First reading (default: ${DEFAULT-VALUE}).")
    private int after;

    @Mixin
    private Report report;

    private record Reading(int step, long resident, long objects) {
        static Reading at(int step) {
            return new Reading(step, Machine.residentBytes(), Engine.liveObjects());
        }
    }

    private Reading first;
    private Reading last;

    @Override
    public int run(Terminal terminal) {
        Report.require(after >= 1, "--after", "1 or more", after);
        Report.require(steps > after, "--steps", "more than --after", steps);
        Engine.threads(1);
        Rng.global().seed(1);
        Dataset digits = Digits.make(1).train();
        Learner learn = LearnerMlp.learner(digits, 50, Callback.on(Event.AFTER_BATCH, this::read));
        learn.fit(steps / learn.data().train().size() + 1);
        for (Reading reading : new Reading[] {first, last}) {
            Report.line(
                    terminal,
                    "step %,9d: %6.1f MB resident, %d native objects",
                    reading.step(),
                    reading.resident() / 1e6,
                    reading.objects());
        }
        double ratio = (double) last.resident() / first.resident();
        Report.line(terminal, "ratio %.4f", ratio);
        report.result(terminal, "memory", "bytes resident", last.resident(), first.resident(), ratio);
        return 0;
    }

    private void read(Learner learn) {
        if (learn.iteration() == after) {
            first = Reading.at(after);
        } else if (learn.iteration() == steps) {
            last = Reading.at(steps);
            throw Cancel.fit("all steps done");
        }
    }
}
