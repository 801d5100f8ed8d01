package dev.cadenza.bench;

import dev.cadenza.callback.ChannelsLast;
import dev.cadenza.callback.MixedPrecision;
import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Losses;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.models.ResNet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measure a training step of ResNet-18 through a {@code Learner} beside the same step written by hand on JavaCPP-PyTorch, in
 * both layouts and precisions.
 */
@Command(name = "resnet", description = "ResNet-18 steps through Learner, beside steps written by hand.")
final class ResNetBench implements Subcommand {
    private static final int CLASSES = 1000;
    private static final double LR = 0.01;

    @Option(names = "--rounds", defaultValue = "7", description = "Pairs to count (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--bs", defaultValue = "16", description = "Images in a batch (default: ${DEFAULT-VALUE}).")
    private int bs;

    @Option(names = "--size", defaultValue = "128", description = "Pixels of a side (default: ${DEFAULT-VALUE}).")
    private int size;

    @Option(names = "--steps", defaultValue = "8", description = "Steps of a round (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--threads", defaultValue = "1", description = "Threads of libtorch (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Mixin
    private Report report;

    /** A layout and a precision, each with both ways to do its steps, and what they took. */
    private final class Row {
        final String name;
        final double[] ours = new double[rounds];
        final double[] byHand = new double[rounds];
        private final Learner learn;
        private final HandWrittenResNet raw;
        private final Batch batch;

        Row(Dataset images, boolean channelsLast, boolean bf16) {
            name = (bf16 ? "bf16" : "fp32") + (channelsLast ? ", channels last" : "");
            List<Callback> callbacks = new ArrayList<>();
            if (channelsLast) {
                callbacks.add(new ChannelsLast());
            }
            if (bf16) {
                callbacks.add(new MixedPrecision());
            }
            Dataset none = new TensorDataset(Tensor.zeros(0, 3, size, size), Tensor.full(DType.INT64, 0, 0));
            learn = new Learner(
                            DataLoaders.of(images, none, o -> o.batchSize = bs),
                            ResNet.resnet18(CLASSES),
                            Losses.crossEntropy())
                    .optimizer(Optimizers.sgd(o -> o.lr = LR))
                    .add(callbacks.toArray(Callback[]::new));
            raw = new HandWrittenResNet(CLASSES, LR, channelsLast, bf16);
            batch = images.batch(indices(bs));
        }

        void round(int round) {
            double first = millis(() -> learn.fit(1)) / steps;
            double second = millis(this::stepsByHand) / steps;
            if (round >= 0) {
                ours[round] = first;
                byHand[round] = second;
            }
        }

        private void stepsByHand() {
            for (int i = 0; i < steps; i++) {
                raw.step((org.bytedeco.pytorch.Tensor) batch.input().unsafeHandle(), (org.bytedeco.pytorch.Tensor)
                        batch.target().unsafeHandle());
            }
        }

        double ratio() {
            double[] ratios = new double[rounds];
            Arrays.setAll(ratios, i -> ours[i] / byHand[i]);
            return Machine.median(ratios);
        }
    }

    @Override
    public int run(Terminal terminal) {
        Report.require(rounds >= 5, "--rounds", "5 or more", rounds);
        Report.require(steps >= 1, "--steps", "1 or more", steps);
        Report.require(bs >= 1, "--bs", "1 or more", bs);
        Report.require(size >= 32, "--size", "32 or more", size);
        Engine.threads(threads);
        Rng.global().seed(1);
        Dataset images = new TensorDataset(
                Tensor.randn((long) steps * bs, 3, size, size), Tensor.full(DType.INT64, 7, (long) steps * bs));
        List<Row> rows = new ArrayList<>();
        for (boolean bf16 : new boolean[] {false, true}) {
            for (boolean channelsLast : new boolean[] {false, true}) {
                rows.add(new Row(images, channelsLast, bf16));
            }
        }
        for (int round = -1; round < rounds; round++) { // the first is to warm up
            for (Row row : rows) {
                row.round(round);
            }
        }
        print(terminal, rows);
        return 0;
    }

    private void print(Terminal terminal, List<Row> rows) {
        Report.line(
                terminal,
                "ResNet-18, batch %d, 3x%dx%d, SGD: medians of %d rounds that alternate",
                bs,
                size,
                size,
                rounds);
        Map<String, Object> more = new LinkedHashMap<>();
        for (Row row : rows) {
            double ours = Machine.median(row.ours);
            double byHand = Machine.median(row.byHand);
            Report.line(
                    terminal,
                    "%-20s Learner %7.1f ms/step   by hand %7.1f ms/step   ratio %.3f",
                    row.name,
                    ours,
                    byHand,
                    row.ratio());
            more.put(row.name, Map.of("ours", ours, "limit", byHand, "ratio", row.ratio()));
        }
        Row first = rows.get(0);
        more.put("ratio", first.ratio());
        report.result(terminal, "resnet", "ms/step", Machine.median(first.ours), Machine.median(first.byHand), more);
    }

    private static double millis(Runnable task) {
        long begun = System.nanoTime();
        task.run();
        return (System.nanoTime() - begun) / 1e6;
    }

    private static int[] indices(int count) {
        int[] indices = new int[count];
        Arrays.setAll(indices, i -> i);
        return indices;
    }
}
