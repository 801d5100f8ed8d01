package dev.cadenza.cli;

import dev.cadenza.data.DataDir;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Digits;
import dev.cadenza.data.Mnist;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Rng;
import dev.cadenza.train.Learner;
import java.util.Map;
import picocli.CommandLine.Option;

/** What makes a learner: data, network and optimizer; {@link #check} refuses what is out of range before anything is read. */
final class SetupOptions {
    /** The digits are one data set, whatever the seed of the training: else two seeds would not be comparable. */
    private static final long DIGITS_SEED = 1;

    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--data",
            description = "digits (drawn on the spot) or mnist (from the data directory); default: digits.")
    String data = "digits";

    @Option(names = "--bs", description = "Samples in a batch; default: ${DEFAULT-VALUE}.")
    int bs = 64;

    @Option(names = "--hidden", description = "Units of the hidden layer; default: ${DEFAULT-VALUE}.")
    int hidden = 50;

    @Option(
            names = "--seed",
            description = "Seed of the first weights and of the order of the data; default: ${DEFAULT-VALUE}.")
    long seed = 1;

    // Measured on two cores: 290 us a step with one thread, 760 with two; a network this small is not worth dividing.
    @Option(
            names = "--threads",
            description = "Threads to compute with; default: ${DEFAULT-VALUE}, the fastest for a small network.")
    int threads = 1;

    @Option(names = "--device", description = "cpu, cuda or cuda:N; default: ${DEFAULT-VALUE}.")
    String device = "cpu";

    @Option(
            names = "--opt",
            paramLabel = "NAME",
            description = "sgd, rmsprop, adagrad, adam, radam, qhadam, ranger, larc, lamb, lion or adan; default:"
                    + " ${DEFAULT-VALUE}.")
    String opt = "sgd";

    @Option(names = "--wd", description = "Weight decay, apart from the gradient; default: the optimizer's own.")
    Double wd;

    @Option(
            names = "--mom",
            description =
                    "Momentum; default: the optimizer's own, with one-cycle 0.95 to 0.85 and back where it has one.")
    Double mom;

    void check() {
        if (!data.equals("digits") && !data.equals("mnist")) {
            throw BadInputException.option("--data", "digits or mnist (folders cannot be read yet)", data);
        }
        atLeastOne("--bs", bs);
        atLeastOne("--hidden", hidden);
        if (wd != null) {
            finite("--wd", wd);
        }
        if (mom != null && !(mom >= 0 && mom < 1)) {
            throw BadInputException.option("--mom", "0 or more and below 1", mom);
        }
        OptimizerOption.of(opt).make(wd, mom);
        if (threads < 1 || threads > MOST_THREADS) {
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

    private Datasets datasets() {
        return data.equals("mnist") ? Mnist.in(DataDir.find("mnist")) : Digits.make(DIGITS_SEED);
    }

    /** Reads the data and makes a learner, on the threads that were asked for. */
    Learner learner() {
        Engine.threads(threads);
        Datasets datasets = datasets();
        Rng.global().seed(seed);
        Module model = Sequential.of(new Linear(784, hidden), Activation.relu(), new Linear(hidden, 10));
        DataLoaders loaders = datasets.loaders(o -> {
            o.batchSize = bs;
            o.seed = seed;
        });
        return new Learner(loaders, model.to(device()), Losses.crossEntropy())
                .optimizer(OptimizerOption.of(opt).make(wd, mom))
                .metrics(Metrics.accuracy());
    }

    /** Puts down all that has an influence on the result. */
    void describe(Map<String, Object> plan) {
        plan.put("data", data);
        plan.put("bs", bs);
        plan.put("hidden", hidden);
        plan.put("optimizer", OptimizerOption.of(opt).toString());
        plan.put("wd", wd);
        plan.put("mom", mom);
        plan.put("seed", seed);
        plan.put("threads", threads);
        plan.put("device", device);
    }
}
