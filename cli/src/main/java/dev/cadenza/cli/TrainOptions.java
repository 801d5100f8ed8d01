package dev.cadenza.cli;

import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What can be chosen for {@link Train}; {@link #check} refuses what is out of range before anything is read or made. */
final class TrainOptions {
    @Mixin
    SetupOptions setup;

    @Option(names = "--epochs", description = "How often to go through the data; default: ${DEFAULT-VALUE}.")
    int epochs = 3;

    @Option(
            names = "--lr",
            description = "Learning rate, the greatest of a schedule; default: 0.5 for sgd, for the others some 1e-3.")
    Double lr;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How the rate goes: none, one-cycle, flat-cos or sgdr; default: ${DEFAULT-VALUE}.")
    String schedule = "none";

    @Option(
            names = "--run",
            paramLabel = "DIR",
            description = "New or empty folder for plan.json and metrics.csv; default: runs/<time>-<data>.")
    Path run;

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
        schedule();
    }

    double lr() {
        return OptimizerOption.or(lr, OptimizerOption.of(setup.opt).lr);
    }

    ScheduleOption schedule() {
        return ScheduleOption.of(schedule, epochs);
    }

    /** Puts down all that has an influence on the result. */
    void describe(Map<String, Object> plan) {
        setup.describe(plan);
        plan.put("epochs", epochs);
        plan.put("lr", lr());
        plan.put("schedule", schedule);
    }
}
