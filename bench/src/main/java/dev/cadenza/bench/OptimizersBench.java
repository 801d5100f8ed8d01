package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.tensor.Engine;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measure one step of an optimizer over ResNet-34's parameters: by hand, composed of steps, fused, and by DJL where it is
 * on the class path. JMH finds the rows there by itself and starts a process for each.
 */
@Command(name = "optimizers", description = "Time of one optimizer step over ResNet-34's 110 parameters, by JMH.")
final class OptimizersBench implements Subcommand {
    @Mixin
    private Report report;

    @Option(names = "--forks", description = "Processes for each row; 0 stays in this one. Default: ${DEFAULT-VALUE}.")
    private int forks = 2;

    @Option(names = "--warm-up", description = "Iterations that are not counted. Default: ${DEFAULT-VALUE}.")
    private int warmUp = 3;

    @Option(names = "--iterations", description = "Iterations that are counted. Default: ${DEFAULT-VALUE}.")
    private int iterations = 5;

    @Option(names = "--millis", description = "How long an iteration takes at least. Default: ${DEFAULT-VALUE}.")
    private int millis = 1000;

    @Override
    public int run(Terminal terminal) throws RunnerException {
        Report.require(forks >= 0, "--forks", "0 or more", forks);
        Report.require(warmUp >= 0, "--warm-up", "0 or more", warmUp);
        Report.require(iterations >= 1, "--iterations", "1 or more", iterations);
        Report.require(millis >= 1, "--millis", "1 or more", millis);
        Ratios ratios = Ratios.of(
                new Runner(options(), OutputFormatFactory.createFormatInstance(terminal.err(), VerboseMode.NORMAL))
                        .run());
        ratios.print(terminal);
        if (!ratios.has("djl")) {
            Report.line(terminal, "%nfor DJL's row: bench/djl/optimizers, which fetches it and runs all rows");
        }
        Engine.threads(1); // as in the processes that measured
        report.result(terminal, "optimizers", "ms/step", ratios.ours("adam"), ratios.floor("adam"), ratios.flat());
        return 0;
    }

    private Options options() {
        return new OptionsBuilder()
                .include("^dev\\.cadenza\\.bench\\.(\\w+\\.)*\\w+Benchmark\\.")
                .shouldFailOnError(true)
                .threads(1)
                .forks(forks)
                .warmupIterations(warmUp)
                .warmupTime(TimeValue.milliseconds(millis))
                .measurementIterations(iterations)
                .measurementTime(TimeValue.milliseconds(millis))
                .build();
    }
}
