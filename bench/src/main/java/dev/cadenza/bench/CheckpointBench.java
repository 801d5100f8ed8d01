package dev.cadenza.bench;

import com.sun.management.OperatingSystemMXBean;
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
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Checkpoint;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.models.ResNet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Measure what a checkpoint in the middle of some steps of ResNet-18 with Adam adds to them. */
@Command(name = "checkpoint", description = "ResNet-18 steps with a checkpoint, beside steps without one.")
final class CheckpointBench implements Subcommand {
    private static final int CLASSES = 1000;
    private static final int ALONE = 5;
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

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
        Report.require(steps >= ALONE, "--steps", ALONE + " or more", steps);
        Engine.threads(threads);
        Rng.global().seed(1);
        Learner learn = learner();
        Took[] with = new Took[rounds];
        Took[] without = new Took[rounds];
        for (int round = -1; round < rounds; round++) { // the first is to warm up
            Took plain = took(learn);
            Took saving = saving(learn);
            if (round >= 0) {
                without[round] = plain;
                with[round] = saving;
                Report.line(terminal, "round %d: %s, with a checkpoint %s", round, plain, saving);
            }
        }
        double ratio = ratio(with, without, Took::wall);
        double cpu = ratio(with, without, Took::cpu);
        Report.line(
                terminal, "%d steps, with a checkpoint over without: %.4f, of processor time %.4f", steps, ratio, cpu);
        double alone = inFolder(dir -> alone(learn, dir));
        double share = alone
                / Machine.median(Arrays.stream(without).mapToDouble(Took::cpu).toArray());
        Report.line(
                terminal, "a checkpoint by itself: %.2f s of a processor, %.2f %% of the steps", alone, 100 * share);
        report.result(
                terminal,
                "checkpoint",
                "s",
                Machine.median(Arrays.stream(with).mapToDouble(Took::wall).toArray()),
                Machine.median(Arrays.stream(without).mapToDouble(Took::wall).toArray()),
                Map.of("ratio", ratio, "cpu_ratio", cpu, "share", share));
        return 0;
    }

    private static double ratio(Took[] with, Took[] without, ToDoubleFunction<Took> what) {
        double[] ratios = new double[with.length];
        Arrays.setAll(ratios, i -> what.applyAsDouble(with[i]) / what.applyAsDouble(without[i]));
        return Machine.median(ratios);
    }

    /** Seconds, and those of all processors together, which other work on the machine disturbs less. */
    private record Took(double wall, double cpu) {
        static Took now() {
            return new Took(System.nanoTime() / 1e9, SYSTEM.getProcessCpuTime() / 1e9);
        }

        Took since(Took begun) {
            return new Took(wall - begun.wall, cpu - begun.cpu);
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.2f s (processors %.2f s)", wall, cpu);
        }
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
    private Took saving(Learner learn) {
        return inFolder(dir -> took(learn, new Checkpointing(dir, o -> {
            o.everySteps = steps / 2 + 1;
            o.everyEpochs = 0;
        })));
    }

    /** The processor's seconds for copying and writing while no step is made, which the noise of steps cannot hide. */
    private static double alone(Learner learn, Path dir) {
        double[] seconds = new double[ALONE];
        learn.fit(1, Callback.on(Event.AFTER_BATCH, l -> {
            Took begun = Took.now();
            try (Checkpoint checkpoint = Checkpoint.of(l)) {
                checkpoint.write(dir.resolve("alone"));
            }
            seconds[l.batchIndex()] = Took.now().since(begun).cpu();
            if (l.batchIndex() == ALONE - 1) {
                throw Cancel.fit("measured often enough");
            }
        }));
        return Machine.median(seconds);
    }

    private static <R> R inFolder(Function<Path, R> measure) {
        try {
            Path dir = Files.createTempDirectory("cadenza-checkpoint");
            R measured = measure.apply(dir);
            SealedFolder.delete(dir);
            return measured;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for checkpoints: " + e, e);
        }
    }

    private static Took took(Learner learn, Callback... callbacks) {
        Took begun = Took.now();
        learn.fit(1, callbacks);
        return Took.now().since(begun);
    }
}
