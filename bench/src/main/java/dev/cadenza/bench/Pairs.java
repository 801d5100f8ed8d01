package dev.cadenza.bench;

import dev.cadenza.cli.Terminal;
import dev.cadenza.tensor.Engine;
import java.util.stream.IntStream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Two ways to do an epoch that alternate in one process: medians, and the median of the ratios pair by pair. */
final class Pairs {
    @Option(
            names = "--rounds",
            defaultValue = "21",
            description = "Pairs of epochs to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm-up",
            defaultValue = "24",
            description = "Pairs before that, while Java compiles itself (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of libtorch (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private Report report;

    /**
     * One of the two.
     *
     * @param label what a line about it begins with
     * @param epoch does it once
     */
    record Side(String label, Runnable epoch) {}

    void require() {
        Report.require(rounds >= 5, "--rounds", "5 or more", rounds);
        Report.require(warmUp >= 0, "--warm-up", "0 or more", warmUp);
        Engine.threads(threads);
    }

    void compare(Terminal terminal, String name, int steps, Side ours, Side limit) {
        double[] a = new double[rounds];
        double[] b = new double[rounds];
        for (int round = -warmUp; round < rounds; round++) {
            double first = microsPerStep(steps, ours.epoch());
            double second = microsPerStep(steps, limit.epoch());
            if (round >= 0) {
                a[round] = first;
                b[round] = second;
            }
        }
        Report.line(terminal, "MLP 784-50-10, batch 64, SGD: medians of %d alternating pairs of epochs", rounds);
        Report.line(terminal, "of %d steps each, after %d such pairs to warm up", steps, warmUp);
        print(terminal, name, a, b, ours.label(), limit.label());
    }

    private static double microsPerStep(int steps, Runnable epoch) {
        long begun = System.nanoTime();
        epoch.run();
        return (System.nanoTime() - begun) / 1e3 / steps;
    }

    private void print(Terminal terminal, String name, double[] ours, double[] theirs, String us, String them) {
        double[] ratios = IntStream.range(0, ours.length)
                .mapToDouble(i -> ours[i] / theirs[i])
                .sorted()
                .toArray();
        double ourMedian = Machine.median(ours);
        double limit = Machine.median(theirs);
        double ratio = Machine.median(ratios);
        Report.line(terminal, "%-8s %7.1f us/step  %6.0f steps/s", us, ourMedian, 1e6 / ourMedian);
        Report.line(terminal, "%-8s %7.1f us/step  %6.0f steps/s", them, limit, 1e6 / limit);
        Report.line(
                terminal,
                "ratio    %7.3f, from pair to pair %.3f to %.3f",
                ratio,
                ratios[0],
                ratios[ratios.length - 1]);
        report.result(terminal, name, "us/step", ourMedian, limit, ratio);
    }
}
