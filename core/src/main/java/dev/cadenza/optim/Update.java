package dev.cadenza.optim;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Give a {@link Step} what it works on: parameters that have a gradient, of one group, that were updated equally often.
 *
 * <p>All lists have the same order, so that element i of each belongs to parameter i.
 */
public final class Update {
    private final ParamGroup group;
    private final OptimizerState state;
    private final List<Parameter> parameters;
    private final long step;
    private final TensorList params;
    private TensorList grads;
    private final boolean decays;
    private Usage usage;

    /** What the steps of an optimizer read and keep. */
    record Usage(Set<Hyper> hypers, Set<Slot> slots) {
        Usage() {
            this(new LinkedHashSet<>(), new LinkedHashSet<>());
        }
    }

    /** Parameters of a group that are at the same update and either decay or do not. */
    record Cohort(long updates, boolean decays) {}

    Update(ParamGroup group, OptimizerState state, List<Parameter> parameters, Cohort cohort) {
        this.group = group;
        this.state = state;
        this.parameters = parameters;
        step = cohort.updates + 1;
        decays = cohort.decays;
        params = new TensorList(parameters);
    }

    /** An update of no parameters, which writes down what a step reads, set or not, and keeps. */
    static Update ofNothing(ParamGroup group, OptimizerState state, Usage usage) {
        Update update = new Update(group, state, List.of(), new Cohort(0, true));
        update.usage = usage;
        return update;
    }

    boolean isEmpty() {
        return parameters.isEmpty();
    }

    /** Return the parameters; change them in place. */
    public TensorList params() {
        return params;
    }

    /** Return their gradients; changing them in place changes what later steps read. */
    public TensorList grads() {
        if (grads == null) {
            grads = params.map(Tensor::grad);
        }
        return grads;
    }

    /** Return the state of the parameters under this name; what is not there yet is made of zeros. */
    public TensorList state(Slot slot) {
        if (usage != null) {
            usage.slots.add(slot);
        }
        return new TensorList(parameters.stream().map(p -> state.slot(p, slot)).toList());
    }

    /** Return the averages of gradients where a step before this one keeps them, else the gradients. */
    public TensorList direction() {
        return !parameters.isEmpty() && state.has(parameters.get(0), Slot.GRAD_AVG) ? state(Slot.GRAD_AVG) : grads();
    }

    /**
     * Return the group's value of a hyper-parameter; 0 of weight decay for parameters that do not decay
     * ({@link Optimizer#noDecay}).
     *
     * @throws IllegalArgumentException if it is not set: lists those that are
     */
    public double get(Hyper hyper) {
        if (usage != null) {
            usage.hypers.add(hyper);
            return group.hypers().getOrDefault(hyper, hyper.min());
        }
        return hyper.equals(Hyper.WD) && !decays ? 0 : group.get(hyper);
    }

    /**
     * Return how much of its final weight an average that began at 0 has by now: {@code 1 - share^step}, with the share
     * of the old average that a hyper-parameter has at this step. An average over it is unbiased.
     */
    public double debias(Hyper share) {
        return 1 - Math.pow(get(share), step);
    }

    /** Return which update of these parameters this is, from 1; for corrections that depend on it. */
    public long step() {
        return step;
    }
}
