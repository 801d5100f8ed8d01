package dev.cadenza.callback;

import dev.cadenza.nn.Hook;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Kernels;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Write down, while training, what each layer gives: mean, standard deviation, the share that is near zero, and a
 * histogram where asked. A network that trains well keeps its means near 0 and its deviations near 1; a large share near
 * zero is dead.
 *
 * <pre>{@code
 * ActivationStats stats = new ActivationStats(o -> o.every = 10);
 * learn.fit(1, stats);
 * stats.of("0").forEach(s -> System.out.println(s.iteration() + " " + s.mean() + " " + s.std() + " " + s.nearZero()));
 * }</pre>
 *
 * <p>It looks by {@link Hook hooks}, which are gone when the fit has ended, in whatever way, and changes nothing.
 */
public final class ActivationStats implements Callback {
    /** What can be chosen. */
    public static final class Options {
        /** Which modules to look at; default: those that hold no others. */
        public Predicate<Module> modules = module -> module.namedChildren().isEmpty();

        /** Look at every n-th training batch, beginning with the first; 1 or more, default 1. */
        public int every = 1;

        /** Whether to count a histogram, too; default false. */
        public boolean histogram;

        /** How many classes of equal width the histogram has, 1 or more; default 40. */
        public int bins = 40;

        /** Where the histogram ends, above 0; default 10. It begins at 0, and leaves out what lies outside. */
        public double max = 10;

        private Options() {}
    }

    /**
     * The figures of one layer in one batch.
     *
     * @param iteration how many training batches were done before
     * @param mean of all elements of the output
     * @param std their standard deviation, dividing by n - 1
     * @param nearZero the share of them that is at most 0.05 in absolute value
     * @param histogram how many fall into each class; empty unless asked for
     */
    public record Stat(int iteration, double mean, double std, double nearZero, List<Long> histogram) {}

    private static final double NEAR = 0.05;

    private final Options options = new Options();
    private final Figures<Stat> stats = new Figures<>("layer");
    private final List<Hook> hooks = new ArrayList<>();

    /** Look at each batch. */
    public ActivationStats() {
        this(o -> {});
    }

    /**
     * Look with options.
     *
     * @throws IllegalArgumentException if one is out of range
     */
    public ActivationStats(Consumer<Options> options) {
        options.accept(this.options);
        Checks.require(this.options.every >= 1, "every to be 1 or more", this.options.every);
        Checks.require(this.options.bins >= 1, "1 bin or more", this.options.bins);
        Checks.require(this.options.max > 0 && Double.isFinite(this.options.max), "a max above 0", this.options.max);
    }

    /** Return -20, as in fastai. */
    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public double order() {
        return -20;
    }

    @Override
    public void beforeFit(Learner learn) {
        stats.clear();
        learn.model().namedModules().forEach((name, module) -> {
            if (options.modules.test(module)) {
                hooks.add(module.onForward((m, inputs, output) -> {
                    if (learn.training() && learn.iteration() % options.every == 0) {
                        stats.add(name, stat(learn.iteration(), output));
                    }
                    return output;
                }));
            }
        });
    }

    private Stat stat(int iteration, Tensor output) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            List<Long> histogram = options.histogram
                    ? Arrays.stream(Kernels.histc(output, options.bins, 0, options.max)
                                    .toLongs())
                            .boxed()
                            .toList()
                    : List.of();
            double std = output.numel() > 1 ? output.std(true).item() : Double.NaN;
            double near = output.abs().le(NEAR).to(output.dtype()).mean().item();
            return new Stat(iteration, output.mean().item(), std, near, histogram);
        }
    }

    @Override
    public void afterFit(Learner learn) {
        hooks.forEach(Hook::close);
        hooks.clear();
    }

    /** Return the names of the layers that were looked at in the last fit, as in {@link Module#namedModules}. */
    public Set<String> names() {
        return stats.names();
    }

    /**
     * Return the figures of a layer over the last fit.
     *
     * @throws IllegalArgumentException if there are none of this name: lists the names
     */
    public List<Stat> of(String name) {
        return stats.of(name);
    }
}
