package dev.cadenza.cli;

import dev.cadenza.data.DataDir;
import dev.cadenza.data.Datasets;
import dev.cadenza.data.Digits;
import dev.cadenza.data.Mnist;
import dev.cadenza.tensor.Device;
import dev.cadenza.tensor.Engine;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** What can be chosen for {@link Train}; {@link #check} refuses what is out of range before anything is read or made. */
final class TrainOptions {
    /** The digits are one data set, whatever the seed of the training: else two seeds would not be comparable. */
    private static final long DIGITS_SEED = 1;

    private static final int MOST_THREADS = 1024;

    @Option(
            names = "--data",
            description = "digits (drawn on the spot) or mnist (from the data directory); default: digits.")
    String data = "digits";

    @Option(names = "--epochs", description = "How often to go through the data; default: ${DEFAULT-VALUE}.")
    int epochs = 3;

    @Option(names = "--bs", description = "Samples in a batch; default: ${DEFAULT-VALUE}.")
    int bs = 64;

    @Option(names = "--lr", description = "Learning rate of SGD; default: ${DEFAULT-VALUE}.")
    double lr = 0.5;

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
            names = "--run",
            paramLabel = "DIR",
            description = "New or empty folder for plan.json and metrics.csv; default: runs/<time>-<data>.")
    Path run;

    @Option(names = "--json", description = "Write JSON lines to standard output: start, each epoch, done.")
    boolean json;

    @Option(names = "--quiet", description = "Write only warnings and errors to standard error.")
    boolean quiet;

    void check() {
        if (!data.equals("digits") && !data.equals("mnist")) {
            throw BadInputException.option("--data", "digits or mnist (folders cannot be read yet)", data);
        }
        atLeastOne("--epochs", epochs);
        atLeastOne("--bs", bs);
        atLeastOne("--hidden", hidden);
        if (!(lr >= 0 && lr <= Float.MAX_VALUE)) { // not NaN either
            throw BadInputException.option("--lr", "a finite number, 0 or more", lr);
        }
        if (threads < 1 || threads > MOST_THREADS) {
            throw BadInputException.option("--threads", "1 to " + MOST_THREADS, threads);
        }
        device();
    }

    private static void atLeastOne(String option, int value) {
        if (value < 1) {
            throw BadInputException.option(option, "1 or more", value);
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

    Datasets datasets() {
        return data.equals("mnist") ? Mnist.in(DataDir.find("mnist")) : Digits.make(DIGITS_SEED);
    }

    /** Puts down all that has an influence on the result. */
    void describe(Map<String, Object> plan) {
        plan.put("data", data);
        plan.put("epochs", epochs);
        plan.put("bs", bs);
        plan.put("lr", lr);
        plan.put("hidden", hidden);
        plan.put("seed", seed);
        plan.put("threads", threads);
        plan.put("device", device);
    }
}
