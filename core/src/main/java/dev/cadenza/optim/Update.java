package dev.cadenza.optim;

import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
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
    private Set<Hyper> read;

    Update(ParamGroup group, OptimizerState state, List<Parameter> parameters, long step) {
        this.group = group;
        this.state = state;
        this.parameters = parameters;
        this.step = step;
        params = new TensorList(parameters);
    }

    /** An update of no parameters, which writes down what hyper-parameters a step reads, set or not. */
    static Update ofNothing(ParamGroup group, OptimizerState state, Set<Hyper> read) {
        Update update = new Update(group, state, List.of(), 1);
        update.read = read;
        return update;
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
        return new TensorList(parameters.stream().map(p -> state.slot(p, slot)).toList());
    }

    /**
     * Return the group's value of a hyper-parameter.
     *
     * @throws IllegalArgumentException if it is not set: lists those that are
     */
    public double get(Hyper hyper) {
        if (read != null) {
            read.add(hyper);
            return group.hypers().getOrDefault(hyper, hyper.min());
        }
        return group.get(hyper);
    }

    /** Return which update of these parameters this is, from 1; for corrections that depend on it. */
    public long step() {
        return step;
    }
}
