package dev.cadenza.cli;

import dev.cadenza.callback.ChannelsLast;
import dev.cadenza.callback.MixedPrecision;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Datasets;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Weights;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Learner;
import dev.cadenza.vision.VisionLearner;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What makes a learner: data, network and optimizer; {@link #check} refuses what is out of range before anything is read. */
final class SetupOptions {
    private static final int MOST_THREADS = 1024;

    @Mixin
    DataOptions data;

    @Option(
            names = "--arch",
            paramLabel = "NAME",
            description =
                    "mlp, small-resnet or resnet9 (for images of 32 pixels), resnet18, resnet34, resnet50, xresnet18, xresnet34 or"
                            + " xresnet50; default: mlp for digits, small-resnet for cifar10, resnet18 for others.")
    String arch;

    @Option(names = "--hidden", description = "Units of the hidden layer of mlp; default: ${DEFAULT-VALUE}.")
    int hidden = 50;

    @Option(
            names = "--threads",
            description =
                    "Threads to compute with; default: 1 with mlp, the fastest for a small network, else as many as"
                            + " there are processors.")
    Integer threads;

    @Option(names = "--device", description = "cpu, cuda or cuda:N; default: ${DEFAULT-VALUE}.")
    String device = "cpu";

    @Option(
            names = "--bf16",
            description =
                    "Compute the network in bfloat16; weights stay float32. On a processor that knows it, images go"
                            + " through about twice as fast.")
    boolean bf16;

    @Option(
            names = "--opt",
            paramLabel = "NAME",
            description =
                    "sgd, rmsprop, adagrad, adam, radam, qhadam, ranger, larc, lamb, lion or adan; default: sgd with"
                            + " mlp, else adam.")
    String opt;

    @Option(names = "--wd", description = "Weight decay, apart from the gradient; default: the optimizer's own.")
    Double wd;

    @Option(
            names = "--mom",
            description =
                    "Momentum; default: the optimizer's own, with one-cycle 0.95 to 0.85 and back where it has one.")
    Double mom;

    @Option(
            names = "--label-smoothing",
            description =
                    "Share of each target given to all classes alike, 0 or more and below 1; default: ${DEFAULT-VALUE}.")
    double labelSmoothing;

    void check() {
        data.check();
        if (!(labelSmoothing >= 0 && labelSmoothing < 1)) {
            throw BadInputException.option("--label-smoothing", "0 or more and below 1", labelSmoothing);
        }
        atLeastOne("--hidden", hidden);
        if (!arch().takesImages() && !data.kind().isGrey()) {
            throw BadInputException.option("--arch", "one for photographs: " + ArchOption.names(), arch);
        }
        if (wd != null) {
            finite("--wd", wd);
        }
        if (mom != null && !(mom >= 0 && mom < 1)) {
            throw BadInputException.option("--mom", "0 or more and below 1", mom);
        }
        optimizer().make(wd, mom);
        if (threads != null && (threads < 1 || threads > MOST_THREADS)) {
            throw BadInputException.option("--threads", "1 to " + MOST_THREADS, threads);
        }
        device();
    }

    static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw BadInputException.option(option, "1 or more", value);
        }
    }

    static void finite(String option, double value) {
        if (!(value >= 0 && value <= Float.MAX_VALUE)) { // not NaN either
            throw BadInputException.option(option, "a finite number, 0 or more", value);
        }
    }

    ArchOption arch() {
        return arch == null ? data.kind().arch : ArchOption.of(arch);
    }

    OptimizerOption optimizer() {
        return OptimizerOption.of(opt == null ? arch().takesImages() ? "adam" : "sgd" : opt);
    }

    // Measured on two cores: 290 us a step of mlp with one thread, 760 with two; a network this small is not worth
    // dividing.
    int threads() {
        int processors = Runtime.getRuntime().availableProcessors();
        return threads != null ? threads : arch().takesImages() ? Math.min(processors, MOST_THREADS) : 1;
    }

    Device device() {
        Device chosen;
        try {
            chosen = Device.of(device);
        } catch (IllegalArgumentException e) {
            throw BadInputException.option("--device", "cpu, cuda or cuda:N", device);
        }
        if (chosen.type() == Device.Type.CUDA && chosen.index() >= Engine.cudaDevices()) {
            throw BadInputException.option(
                    "--device",
                    "one that libtorch can use here (" + Engine.cudaDevices() + " CUDA devices)",
                    device + "; cadenza doctor says why");
        }
        return chosen;
    }

    /** Makes a learner; {@code weights} is the file with those of the body, or null. */
    Learner learner(Datasets datasets, Path weights) {
        Module model = arch().make(datasets.classes().size(), hidden).to(device());
        DataLoaders loaders = data.loaders(datasets, arch());
        Loss loss = Losses.crossEntropy(o -> o.labelSmoothing = labelSmoothing);
        Learner learn = (weights == null ? new Learner(loaders, model, loss) : fineTuned(loaders, model, weights, loss))
                .optimizer(optimizer().make(wd, mom))
                .metrics(Metrics.accuracy());
        if (arch().takesImages()) {
            learn.add(new ChannelsLast());
        }
        return bf16 ? learn.add(new MixedPrecision()) : learn;
    }

    private static Learner fineTuned(DataLoaders loaders, Module model, Path weights, Loss loss) {
        Map<String, Tensor> state = Weights.read(weights);
        try {
            return VisionLearner.of(loaders, model, o -> {
                o.pretrained = state;
                o.lossFunction = loss;
            });
        } catch (IllegalArgumentException e) {
            throw new DataException(weights, "does not fit --arch: " + e.getMessage(), "name the network it is of", e);
        }
    }

    /** Sets the threads and the seed, and reads the data. */
    Datasets datasets() {
        Engine.threads(threads());
        Datasets datasets = data.datasets();
        Rng.global().seed(data.seed);
        return datasets;
    }

    /** Puts down all that has an influence on the result. */
    void describe(Map<String, Object> plan) {
        data.describe(plan);
        plan.put("arch", arch().toString());
        plan.put("hidden", arch().takesImages() ? null : hidden);
        plan.put("optimizer", optimizer().toString());
        plan.put("wd", wd);
        plan.put("mom", mom);
        plan.put("label_smoothing", labelSmoothing);
        plan.put("bf16", bf16);
        plan.put("threads", threads());
        plan.put("device", device);
    }
}
