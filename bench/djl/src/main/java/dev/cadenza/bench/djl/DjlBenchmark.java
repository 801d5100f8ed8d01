package dev.cadenza.bench.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.cadenza.bench.ResNet34;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Time one step of DJL's optimizers over ResNet-34's parameters with its PyTorch engine, on the CPU with one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class DjlBenchmark {
    /** Adam without weight decay, which is a little less than our rows do, or SGD with momentum. */
    @Param({"adam", "sgd"})
    public String rule;

    private NDManager manager;
    private NDList parameters;
    private NDList gradients;
    private Optimizer optimizer;

    /** For JMH. */
    public DjlBenchmark() {}

    /** Make parameters and gradients; DJL makes the state at the first step. */
    @Setup
    public void setup() {
        setup(ResNet34.shapes());
    }

    void setup(List<long[]> shapes) {
        System.setProperty("ai.djl.offline", "true"); // all of it is on the class path
        System.setProperty("ai.djl.pytorch.num_threads", "1");
        manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
        parameters = normal(shapes);
        parameters.forEach(parameter -> parameter.setRequiresGradient(true));
        gradients = normal(shapes);
        optimizer = rule.equals("adam") ? adam() : sgd();
    }

    private NDList normal(List<long[]> shapes) {
        return new NDList(shapes.stream()
                .map(shape -> manager.randomNormal(new Shape(shape)))
                .toArray(NDArray[]::new));
    }

    private static Optimizer adam() {
        return Optimizer.adam()
                .optLearningRateTracker(Tracker.fixed(1e-3f))
                .optBeta1(0.9f)
                .optBeta2(0.99f)
                .optEpsilon(1e-5f)
                .build();
    }

    private static Optimizer sgd() {
        return Optimizer.sgd()
                .setLearningRateTracker(Tracker.fixed(1e-3f))
                .optMomentum(0.9f)
                .build();
    }

    NDList parameters() {
        return parameters;
    }

    NDList gradients() {
        return gradients;
    }

    /** The step as DJL's trainer takes it: one parameter after another. */
    @Benchmark
    public void djl() {
        for (int i = 0; i < parameters.size(); i++) {
            optimizer.update(Integer.toString(i), parameters.get(i), gradients.get(i));
        }
    }

    /** Give the memory back. */
    @TearDown
    public void close() {
        manager.close();
    }
}
