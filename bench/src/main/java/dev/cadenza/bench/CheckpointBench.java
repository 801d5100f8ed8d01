package dev.cadenza.bench;

import dev.cadenza.callback.Checkpointing;
import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.io.SealedFolder;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.models.ResNet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measure what a checkpoint in the middle of some steps of ResNet-18 with Adam adds to them. */
@Command(name = "checkpoint", description = "ResNet-18 steps with a checkpoint, beside steps without one.")
final class CheckpointBench implements Subcommand {
    private static final int CLASSES = 1000;

    @Option(names = "--rounds", defaultValue = "5", description = "Pairs to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--steps",
            defaultValue = "100",
            description = "Steps for a checkpoint (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--bs", defaultValue = "16", description = "Images in a batch (default: ${DEFAULT-VALUE}).")
    private int bs;

    @Option(names = "--size", defaultValue = "128", description = "Pixels of a side (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--threads", defaultValue = "2", description = "Threads of libtorch (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private Report report;

    @Override
    public int run(Terminal terminal) {
        Report.require(rounds >= 1, "--rounds", "1 or more", rounds);
        Report.require(steps >= 2, "--steps", "2 or more", steps);
        Engine.threads(threads);
        Rng.global().seed(1);
        Learner learn = learner();
        double[] with = new double[rounds];
        double[] without = new double[rounds];
        for (int round = -1; round < rounds; round++) { // the first is to warm up
            double plain = seconds(learn);
            double saving = saving(learn);
            if (round >= 0) {
                without[round] = plain;
                with[round] = saving;
                Report.line(terminal, "round %d: %.2f s, with a checkpoint %.2f s", round, plain, saving);
            }
        }
        double[] ratios = new double[rounds];
        Arrays.setAll(ratios, i -> with[i] / without[i]);
        double ratio = Machine.median(ratios);
        Report.line(
                terminal,
                "%d steps: %.2f s, with a checkpoint %.2f s, ratio %.4f",
                steps,
                Machine.median(without),
                Machine.median(with),
                ratio);
        report.result(terminal, "checkpoint", "s", Machine.median(with), Machine.median(without), ratio);
        return 0;
    }

    private Learner learner() {
        Tensor images = Tensor.zeros((long) bs * steps, 3, size, size).normal_(0, 1, new Rng(1));
        Tensor labels =
                Tensor.zeros((long) bs * steps).uniform_(0, CLASSES, new Rng(2)).to(DType.INT64);
        TensorDataset none = new TensorDataset(Tensor.zeros(0, 3, size, size), Tensor.full(DType.INT64, 0, 0));
        return new Learner(
                        DataLoaders.of(new TensorDataset(images, labels), none, o -> o.batchSize = bs),
                        ResNet.resnet18(CLASSES),
                        Losses.crossEntropy())
                .optimizer(Optimizers.adam(o -> o.lr = 1e-4));
    }

    /** One in the middle of the fit, so that its writing goes on beside steps, as it does in a long one. */
    private double saving(Learner learn) {
        try {
            Path dir = Files.createTempDirectory("cadenza-checkpoint");
            double seconds = seconds(learn, new Checkpointing(dir, o -> {
                o.everySteps = steps / 2 + 1;
                o.everyEpochs = 0;
            }));
            SealedFolder.delete(dir);
            return seconds;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for checkpoints: " + e, e);
        }
    }

    private static double seconds(Learner learn, Callback... callbacks) {
        long begun = System.nanoTime();
        learn.fit(1, callbacks);
        return (System.nanoTime() - begun) / 1e9;
    }
}
