package dev.cadenza.optim;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.FusedKernels;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The kernels of libtorch beside the same steps one by one: steps with other defaults are not recognised. */
class FusedTest {
    private static final Step[] ADAM = {Steps.averageGrad(true), Steps.averageSqrGrad(), Steps.adamStep()};

    @TestFactory
    Stream<DynamicTest> a_recognised_recipe_goes_where_its_steps_go_over_100_steps() {
        return Stream.of(DType.FLOAT32, DType.FLOAT64).flatMap(FusedTest::recipes);
    }

    private static Stream<DynamicTest> recipes(DType dtype) {
        return Stream.of(
                agrees(dtype, "sgd", Steps.sgdStep()),
                agrees(dtype, "sgd, L2", Steps.l2Reg(), Steps.sgdStep()),
                agrees(dtype, "sgd, decay", Steps.weightDecay(), Steps.sgdStep()),
                agrees(dtype, "momentum", Steps.averageGrad(false), Steps.momentumStep()),
                agrees(dtype, "momentum, L2", Steps.l2Reg(), Steps.averageGrad(false), Steps.momentumStep()),
                agrees(dtype, "nesterov, L2", Steps.l2Reg(), Steps.averageGrad(false), Steps.nesterovStep()),
                agrees(dtype, "adam", ADAM),
                agrees(dtype, "adam, L2", Steps.l2Reg(), ADAM[0], ADAM[1], ADAM[2]),
                agrees(dtype, "adamw", Steps.weightDecay(), ADAM[0], ADAM[1], ADAM[2]),
                agrees(dtype, "lookahead over adamw", Steps.lookahead(Steps.weightDecay(), ADAM[0], ADAM[1], ADAM[2])));
    }

    private static DynamicTest agrees(DType dtype, String name, Step... steps) {
        return dynamicTest(name + ", " + dtype, () -> {
            try (Scope scope = Scope.open()) {
                List<Parameter> fused = parameters(dtype);
                List<Parameter> composed = parameters(dtype);
                Optimizer one = optimizer(fused, steps);
                Optimizer other = optimizer(
                        composed,
                        Arrays.stream(steps)
                                .map(step -> step.with(step.defaults().toArray(Hyper.Setting[]::new)))
                                .toArray(Step[]::new));
                for (int t = 0; t < 100; t++) {
                    Rng rng = new Rng(t);
                    for (int i = 0; i < fused.size(); i++) {
                        Tensor grad = fused.get(i).zerosLike().normal_(0, 1, rng);
                        fused.get(i).setGrad(grad.clone());
                        composed.get(i).setGrad(grad.clone());
                    }
                    one.step();
                    other.step();
                }
                // As one vector: of a number near 0 what counts is the size of what was added up.
                assertThat(distance(fused, composed)).isLessThan(dtype == DType.FLOAT64 ? 1e-14 : 1e-7);
            }
        });
    }

    /** The norm of the difference over the norm. */
    private static double distance(List<Parameter> a, List<Parameter> b) {
        TensorList off = new TensorList(b).map(a, (x, y) -> x.detach().sub(y.detach()));
        return off.norm() / new TensorList(b).norm();
    }

    private static List<Parameter> parameters(DType dtype) {
        Rng rng = new Rng(11);
        List<Parameter> parameters = new ArrayList<>();
        for (long[] shape : new long[][] {{3, 5}, {7}, {}, {2, 3, 3, 3}, {1000}}) {
            parameters.add(new Parameter(Tensor.zeros(dtype, shape).normal_(0, 1, rng)));
        }
        return parameters;
    }

    private static Optimizer optimizer(List<Parameter> parameters, Step... steps) {
        return Optimizer.of(parameters, steps).set(Hyper.lr(0.01), Hyper.wd(0.05), Hyper.mom(0.9), Hyper.eps(1e-5));
    }

    @Test
    void a_gradient_of_another_layout_or_dtype_is_left_to_the_steps() {
        Parameter turned = new Parameter(Tensor.zeros(3, 2));
        turned.setGrad(Tensor.arange(6).to(DType.FLOAT32).view(2, 3).t());
        assertThat(sgd(List.of(turned), List.of(turned.grad())))
                .as("transposed")
                .isFalse();
        Tensor narrow = Tensor.zeros(2).to(DType.BFLOAT16);
        assertThat(sgd(List.of(narrow), List.of(narrow))).as("bfloat16").isFalse();
        optimizer(List.of(turned), Steps.sgdStep()).step();
        assertClose("turned", turned.toDoubles(), new double[] {0, -0.03, -0.01, -0.04, -0.02, -0.05}, 1e-6, 1e-7);
    }

    @Test
    void lists_that_do_not_match_are_left_alone_and_not_read_past_their_end() {
        Tensor three = Tensor.zeros(3);
        Tensor five = Tensor.ones(5);
        assertThat(sgd(List.of(three), List.of(five))).as("sizes").isFalse();
        assertThat(sgd(List.of(three, three), List.of(three))).as("lengths").isFalse();
        assertThat(sgd(List.of(five, three), List.of(five, Tensor.zeros(3).to(DType.FLOAT64))))
                .as("dtypes")
                .isFalse();
        assertThat(sgd(List.of(), List.of())).as("nothing").isFalse();
        assertThat(five.toDoubles()).containsOnly(1);
        assertThat(sgd(List.of(five), List.of(five.clone()))).as("what matches").isTrue();
    }

    private static boolean sgd(List<Tensor> params, List<Tensor> grads) {
        TensorList averages = new TensorList(params).map(Tensor::zerosLike);
        FusedKernels.Sgd hypers = new FusedKernels.Sgd(0.1, 0.9, 0, false);
        return FusedKernels.sgd_(new TensorList(params), new TensorList(grads), averages, hypers);
    }

    @Test
    void many_fused_steps_leave_no_native_object_behind() {
        List<Parameter> parameters = parameters(DType.FLOAT32);
        Optimizer adam = Optimizers.adam(o -> {}).create(parameters);
        long before = 0;
        for (int t = 0; t < 203; t++) {
            try (Scope scope = Scope.open()) {
                parameters.forEach(p -> p.setGrad(p.onesLike()));
                adam.step();
                adam.zeroGrad();
            }
            before = t == 2 ? Engine.liveObjects() : before;
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void momentum_scheduled_down_to_nothing_keeps_its_average() {
        Parameter p = new Parameter(Tensor.zeros(2));
        Optimizer optimizer = optimizer(List.of(p), Steps.averageGrad(false), Steps.momentumStep());
        for (double mom : new double[] {0.5, 0, 0.5}) {
            p.setGrad(p.onesLike());
            optimizer.set(Hyper.mom(mom)).step();
        }
        assertThat(optimizer.state(p).get("grad_avg").toDoubles()).containsExactly(1.5, 1.5);
    }
}
