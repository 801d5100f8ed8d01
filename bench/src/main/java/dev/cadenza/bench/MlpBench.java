package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Batch;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Digits;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Learner;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measure what a {@code Learner} costs: the lesson's network (784-50-10, batch 64, SGD) through it, beside the same loop
 * written by hand on JavaCPP-PyTorch.
 *
 * <p>Epochs of the two alternate in one process; reported are medians, and the median of the ratios pair by pair.
 */
@Command(name = "mlp", description = "Steps per second through Learner, beside a loop written by hand.")
final class MlpBench implements Subcommand {
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

    @Override
    public int run(Terminal terminal) {
        Report.require(rounds >= 5, "--rounds", "5 or more", rounds);
        Report.require(warmUp >= 0, "--warm-up", "0 or more", warmUp);
        Engine.threads(threads);
        Rng.global().seed(1);
        Dataset digits = Digits.make(1).train();
        Batch all = digits.batch(IntStream.range(0, digits.size()).toArray());
        Learner learn = LearnerMlp.learner(digits, 50);
        int steps = learn.data().train().size();
        double[] ours = new double[rounds];
        double[] theirs = new double[rounds];
        try (HandWrittenMlp byHand = new HandWrittenMlp(all, 50)) {
            for (int round = -warmUp; round < rounds; round++) {
                double a = microsPerStep(steps, () -> learn.fit(1));
                double b = microsPerStep(steps, byHand::epoch);
                if (round >= 0) {
                    ours[round] = a;
                    theirs[round] = b;
                }
            }
        }
        Report.line(terminal, "MLP 784-50-10, batch 64, SGD: medians of %d alternating pairs of epochs", rounds);
        Report.line(terminal, "of %d steps each, after %d such pairs to warm up", steps, warmUp);
        compare(terminal, ours, theirs);
        return 0;
    }

    private static double microsPerStep(int steps, Runnable epoch) {
        long begun = System.nanoTime();
        epoch.run();
        return (System.nanoTime() - begun) / 1e3 / steps;
    }

    private void compare(Terminal terminal, double[] ours, double[] theirs) {
        double[] ratios = IntStream.range(0, ours.length)
                .mapToDouble(i -> ours[i] / theirs[i])
                .sorted()
                .toArray();
        double us = Machine.median(ours);
        double limit = Machine.median(theirs);
        double ratio = Machine.median(ratios);
        Report.line(terminal, "Learner  %7.1f us/step  %6.0f steps/s", us, 1e6 / us);
        Report.line(terminal, "by hand  %7.1f us/step  %6.0f steps/s", limit, 1e6 / limit);
        Report.line(
                terminal,
                "ratio    %7.3f, from pair to pair %.3f to %.3f",
                ratio,
                ratios[0],
                ratios[ratios.length - 1]);
        report.result(terminal, "mlp", "us/step", us, limit, ratio);
    }
}
