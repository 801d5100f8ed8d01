package dev.cadenza.callback;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Recurrent;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.schedule.Schedule;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.GatherPreds;
import dev.cadenza.train.Learner;
import dev.cadenza.train.ParamScheduler;
import dev.cadenza.train.Recorder;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

/** All callbacks that come with Cadenza, and a tiny problem on which each has something to do. */
final class Shipped {
    private Shipped() {}

    /** Small pictures, a normalising layer, dropout, and an output that counts as recurrent. */
    static final class Net extends Module implements Recurrent {
        private final Linear first = new Linear(16, 8);
        private final BatchNorm1d norm = new BatchNorm1d(8);
        private final Activation relu = Activation.relu();
        private final Dropout dropout = new Dropout(0.1);
        private final Linear last = new Linear(8, 2);
        private Tensor hidden;

        @Override
        protected Tensor compute(Tensor x) {
            hidden = dropout.forward(relu.forward(norm.forward(first.forward(x.flatten(1)))));
            return last.forward(hidden);
        }

        @Override
        public void reset() {
            hidden = null;
        }

        @Override
        public Tensor rawOutput() {
            return hidden.unsqueeze(1);
        }

        @Override
        public Tensor droppedOutput() {
            return hidden.unsqueeze(1);
        }
    }

    static DataLoaders data() {
        Tensor x = Tensor.zeros(12, 1, 4, 4).normal_(0, 1, new Rng(5));
        TensorDataset dataset =
                new TensorDataset(x, x.flatten(1).narrow(1, 0, 2).argmax(1));
        return new DataLoaders(
                new DataLoader(dataset, o -> o.batchSize = 4), new DataLoader(dataset, o -> o.batchSize = 6));
    }

    static Learner learner() {
        Rng.global().seed(11);
        return new Learner(data(), new Net(), Losses.crossEntropy())
                .metrics(Metrics.accuracy())
                .optimizer(Optimizers.adam(o -> o.lr = 0.01));
    }

    private static Callback checkpointing() {
        Path dir = Path.of("target", "checkpoints", UUID.randomUUID().toString());
        return new Checkpointing(dir, o -> {
            o.everyEpochs = 2;
            o.onShutdown = false;
        });
    }

    private static Path someFile() {
        try {
            Path file = Files.createTempFile("digests", ".jsonl");
            file.toFile().deleteOnExit();
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<String, Supplier<Callback>> all() {
        PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Map<String, Supplier<Callback>> all = new LinkedHashMap<>();
        all.put("Recorder", Recorder::new);
        all.put("GatherPreds", () -> new GatherPreds(o -> o.withLoss = true));
        all.put("Callback.on", () -> Callback.on(Event.AFTER_STEP, l -> {}));
        all.put("Callback.observe", () -> Callback.observe(s -> {}, Event.AFTER_BATCH));
        all.put(
                "Progress",
                () -> new Progress(o -> {
                    o.out = nowhere;
                    o.bar = true;
                }));
        all.put("EarlyStopping", () -> new EarlyStopping(o -> o.patience = 1));
        all.put("ReduceLROnPlateau", () -> new ReduceLROnPlateau(o -> o.monitor = "accuracy"));
        all.put("SaveBest", () -> new SaveBest(o -> o.monitor = "accuracy"));
        all.put("Checkpointing", Shipped::checkpointing);
        all.put("TerminateOnNaN", TerminateOnNaN::new);
        all.put("ShortEpoch", () -> ShortEpoch.batches(2));
        all.put("SkipToEpoch", () -> new SkipToEpoch(1));
        all.put("MaxTime", () -> new MaxTime(Duration.ofMinutes(1)));
        all.put("GradientClip", () -> GradientClip.norm(0.1));
        all.put("GradientAccumulation", () -> new GradientAccumulation(8));
        all.put("GradientStats", GradientStats::new);
        all.put("ActivationStats", () -> new ActivationStats(o -> o.histogram = true));
        all.put("MixUp", MixUp::new);
        all.put("CutMix", CutMix::new);
        all.put("ModelResetter", ModelResetter::new);
        all.put("RNNRegularizer", RNNRegularizer::new);
        all.put("BnFreeze", BnFreeze::new);
        all.put("MCDropout", MCDropout::new);
        all.put("WeightAverage.ema", () -> WeightAverage.ema(0.9));
        all.put("WeightAverage.swa", () -> WeightAverage.swa(o -> o.start = 0.5));
        DataLoaders other = data();
        all.put("ProgressiveResizing", () -> new ProgressiveResizing(o -> o.from(1, other)));
        all.put("RandomErasing", RandomErasing::new);
        all.put("GanTrainer", GanTrainer::new);
        all.put("MixedPrecision", MixedPrecision::new);
        all.put("MixedPrecision.fp16", () -> new MixedPrecision(o -> o.dtype = DType.FLOAT16));
        all.put("ChannelsLast", ChannelsLast::new);
        all.put("SafeStep", SafeStep::new);
        all.put("Digests", () -> new Digests(someFile()));
        all.put("ParamScheduler", () -> new ParamScheduler(Hyper.WD, Schedule.lin(0, 0.01)));
        return all;
    }
}
