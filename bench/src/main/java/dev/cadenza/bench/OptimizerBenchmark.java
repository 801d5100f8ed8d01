package dev.cadenza.bench;

import static dev.cadenza.optim.Hyper.eps;
import static dev.cadenza.optim.Hyper.lr;
import static dev.cadenza.optim.Hyper.mom;
import static dev.cadenza.optim.Hyper.sqrMom;
import static dev.cadenza.optim.Hyper.wd;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Step;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.FusedKernels;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
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

/**
 * Time one step of an optimizer over ResNet-34's parameters, on the CPU with one thread; JMH makes a process of each
 * method and rule. {@code cadenza bench optimizers} runs these rows, with those of other libraries where they are built.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class OptimizerBenchmark {
    /** Adam with decoupled weight decay, or SGD with momentum. */
    @Param({"adam", "sgd"})
    public String rule;

    private static final FusedKernels.Adam ADAM = new FusedKernels.Adam(
            LoopOptimizer.LR, LoopOptimizer.MOM, LoopOptimizer.SQR_MOM, LoopOptimizer.EPS, LoopOptimizer.WD, true);
    private static final FusedKernels.Sgd SGD = new FusedKernels.Sgd(LoopOptimizer.LR, LoopOptimizer.MOM, 0, false);

    private boolean adam;
    private long steps;
    private TensorList params;
    private TensorList grads;
    private List<TensorList> averages;
    private List<Parameter> parameters;
    private LoopOptimizer loop;
    private Optimizer multiTensor;
    private Optimizer fused;

    /** For JMH. */
    public OptimizerBenchmark() {}

    /** Make parameters with gradients, and the optimizers over them, which do not make their state before they step. */
    @Setup
    public void setup() {
        setup(ResNet34.shapes());
    }

    void setup(List<long[]> shapes) {
        Engine.threads(1);
        Rng.global().seed(1);
        adam = rule.equals("adam");
        parameters = shapes.stream().map(OptimizerBenchmark::parameter).toList();
        params = new TensorList(parameters);
        grads = params.map(Tensor::grad);
        averages = List.of(params.map(Tensor::zerosLike), params.map(Tensor::zerosLike));
        loop = new LoopOptimizer(parameters);
        multiTensor = adam ? composedAdam() : composedSgd();
        fused = (adam ? Optimizers.adam(o -> {}) : Optimizers.sgd(o -> o.mom = LoopOptimizer.MOM)).create(parameters);
    }

    private static Parameter parameter(long[] shape) {
        Parameter parameter = new Parameter(Tensor.randn(shape));
        parameter.setGrad(Tensor.randn(shape));
        return parameter;
    }

    private Optimizer composedAdam() {
        return Optimizer.of(
                        parameters,
                        Steps.weightDecay(),
                        Steps.averageGrad(true),
                        Steps.averageSqrGrad(),
                        unrecognised(Steps.adamStep()))
                .set(lr(LoopOptimizer.LR), wd(LoopOptimizer.WD), mom(LoopOptimizer.MOM))
                .set(sqrMom(LoopOptimizer.SQR_MOM), eps(LoopOptimizer.EPS));
    }

    private Optimizer composedSgd() {
        return Optimizer.of(parameters, Steps.averageGrad(false), unrecognised(Steps.momentumStep()))
                .set(lr(LoopOptimizer.LR), mom(LoopOptimizer.MOM));
    }

    /** A step that is not the ready one itself is not taken for a part of a recipe that a kernel can do. */
    private static Step unrecognised(Step step) {
        return step.with(step.defaults().toArray(Hyper.Setting[]::new));
    }

    List<Parameter> parameters() {
        return parameters;
    }

    /** libtorch's fused kernel without an optimizer around it: the floor. */
    @Benchmark
    public void kernel() {
        if (adam) {
            FusedKernels.adam_(params, grads, averages, ++steps, ADAM);
        } else {
            FusedKernels.sgd_(params, grads, averages.get(0), SGD);
        }
    }

    /** The step written by hand, one parameter after another. */
    @Benchmark
    public void loop() {
        if (adam) {
            loop.adam();
        } else {
            loop.sgd();
        }
    }

    /** The optimizer composed of {@code Steps}. */
    @Benchmark
    public void multiTensor() {
        multiTensor.step();
    }

    /** The optimizer that {@code Optimizers} has under that name. */
    @Benchmark
    public void fused() {
        fused.step();
    }
}
