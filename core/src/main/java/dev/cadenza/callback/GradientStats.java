package dev.cadenza.callback;

import dev.cadenza.nn.Module;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.List;
import java.util.Set;

/**
 * Write down how large gradients and parameters are, before each step or some of them, and change nothing: training ends
 * with the same bits.
 *
 * <pre>{@code
 * GradientStats stats = new GradientStats(10);
 * learn.fit(1, stats);
 * stats.of("0.weight").forEach(s -> System.out.println(s.iteration() + " " + s.gradNorm() / s.norm()));
 * }</pre>
 *
 * <p>It sees gradients as {@link GradientAccumulation} summed them, before {@link GradientClip} limits them.
 */
public final class GradientStats implements Callback {
    /**
     * The figures of one parameter before one step.
     *
     * @param iteration how many training batches were done before
     * @param norm 2-norm of the parameter
     * @param gradNorm 2-norm of its gradient
     * @param gradMean mean of the gradient's elements
     * @param gradStd their standard deviation, dividing by n
     */
    public record Stat(int iteration, double norm, double gradNorm, double gradMean, double gradStd) {}

    private final int every;
    private final Figures<Stat> stats = new Figures<>("parameter");
    private int steps;

    /** Look at every step. */
    public GradientStats() {
        this(1);
    }

    /**
     * Look at every n-th step, beginning with the first.
     *
     * @param every 1 or more
     * @throws IllegalArgumentException if it is out of range
     */
    public GradientStats(int every) {
        Checks.require(every >= 1, "to look at every 1st step or more rarely", every);
        this.every = every;
    }

    /** Return 10: between accumulation and clipping. */
    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public double order() {
        return 10;
    }

    @Override
    public Set<Class<? extends Callback>> runAfter() {
        return Set.of(GradientAccumulation.class);
    }

    @Override
    public Set<Class<? extends Callback>> runBefore() {
        return Set.of(GradientClip.class);
    }

    @Override
    public void beforeFit(Learner learn) {
        stats.clear();
        steps = 0;
    }

    @Override
    public void beforeStep(Learner learn) {
        if (steps++ % every == 0) {
            look(learn.model(), learn.iteration());
        }
    }

    private void look(Module model, int iteration) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            model.namedParameters().forEach((name, parameter) -> {
                if (parameter.hasGrad()) {
                    stats.add(name, stat(parameter, iteration));
                }
            });
        }
    }

    private static Stat stat(Parameter parameter, int iteration) {
        Tensor grad = parameter.grad();
        return new Stat(
                iteration,
                parameter.norm().item(),
                grad.norm().item(),
                grad.mean().item(),
                grad.std(false).item());
    }

    /** Return the names of the parameters that had a gradient in the last fit. */
    public Set<String> names() {
        return stats.names();
    }

    /**
     * Return the figures of a parameter over the last fit.
     *
     * @throws IllegalArgumentException if there are none of this name: lists the names
     */
    public List<Stat> of(String name) {
        return stats.of(name);
    }
}
