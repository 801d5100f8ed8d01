package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Measure Cadenza on this machine: {@code cadenza bench NAME}.
 *
 * <p>With {@code --json} a benchmark ends in one line on standard output that has at least {@code name}, {@code ours},
 * {@code limit} and {@code ratio} (ours over the limit).
 */
@Command(
        name = "bench",
        description = "Measure Cadenza on this machine, beside what it is compared with.",
        subcommands = {
            MlpBench.class,
            TimelineBench.class,
            MemoryBench.class,
            OptimizersBench.class,
            LoaderBench.class,
            ResNetBench.class,
            CheckpointBench.class,
            TortureBench.class
        })
public final class BenchCommand implements Subcommand {
    @Spec
    private CommandSpec spec;

    @Override
    public int run(Terminal terminal) {
        spec.commandLine().usage(terminal.err(), CommandLine.Help.Ansi.OFF);
        return 2;
    }
}
