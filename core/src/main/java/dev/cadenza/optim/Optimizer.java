package dev.cadenza.optim;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Improve parameters by their gradients: groups of parameters and a list of {@link Step}s.
 *
 * <p>Ready ones are in {@link Optimizers}, the parts in {@link Steps}. This is AdamW:
 *
 * <pre>{@code
 * Optimizer adamW = Optimizer.of(model.parameters(), weightDecay(), averageGrad(true), averageSqrGrad(), adamStep())
 *         .set(lr(3e-4), wd(0.01), mom(0.9), sqrMom(0.999), eps(1e-8));
 * loss.backward();
 * adamW.step();
 * adamW.zeroGrad();
 * }</pre>
 */
public final class Optimizer {
    /** Make an optimizer for parameters: what a {@code Learner} is told, since it makes its own. */
    @FunctionalInterface
    public interface Factory {
        /** Make an optimizer for these parameters. */
        Optimizer create(List<Parameter> parameters);
    }

    private final List<ParamGroup> groups;
    private final List<Step> steps;
    private final OptimizerState state = new OptimizerState();

    private Optimizer(List<ParamGroup> groups, List<Step> steps) {
        this.groups = List.copyOf(groups);
        this.steps = List.copyOf(steps);
        requireEachOnce();
        this.groups.forEach(group ->
                this.steps.forEach(step -> group.set(step.defaults().toArray(Hyper.Setting[]::new))));
    }

    /** Improve parameters of one group by these steps, in this order. */
    public static Optimizer of(List<Parameter> parameters, Step... steps) {
        return ofGroups(List.of(parameters), steps);
    }

    /**
     * Improve parameters of several groups, each with hyper-parameters of its own, by these steps, in this order.
     *
     * @throws IllegalArgumentException if there is no group, or a parameter is in two places
     */
    public static Optimizer ofGroups(List<? extends List<Parameter>> groups, Step... steps) {
        return new Optimizer(groups.stream().map(ParamGroup::new).toList(), List.of(steps));
    }

    private void requireEachOnce() {
        if (groups.isEmpty()) {
            throw new IllegalArgumentException("wanted at least one group of parameters, but got none");
        }
        Set<Parameter> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ParamGroup group : groups) {
            for (Parameter parameter : group.parameters()) {
                if (!seen.add(parameter)) {
                    throw new IllegalArgumentException(
                            "wanted each parameter once, but one is given twice: " + parameter.describe());
                }
            }
        }
    }

    /** Set hyper-parameters of all groups. */
    public Optimizer set(Hyper.Setting... settings) {
        groups.forEach(group -> group.set(settings));
        return this;
    }

    /** Return the value of a hyper-parameter in the last group, which for a fine-tuned network is its head. */
    public double get(Hyper hyper) {
        return groups.get(groups.size() - 1).get(hyper);
    }

    /** Return the groups. */
    public List<ParamGroup> groups() {
        return groups;
    }

    /** Return all parameters that have a gradient now. */
    public TensorList params() {
        return new TensorList(groups.stream()
                .flatMap(group -> group.parameters().stream())
                .filter(Tensor::hasGrad)
                .toList());
    }

    /** Return the gradients of all parameters that have one now: {@code optimizer.grads().clipNorm_(1.0)}. */
    public TensorList grads() {
        return params().map(Tensor::grad);
    }

    /** Apply the steps to all parameters that have a gradient. */
    public void step() {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            for (ParamGroup group : groups) {
                cohorts(group).forEach((updates, parameters) -> {
                    Update update = new Update(group, state, parameters, updates + 1);
                    steps.forEach(step -> step.apply(update));
                    parameters.forEach(state::countStep);
                });
            }
        }
    }

    /**
     * Return the hyper-parameters that the steps read, found by letting them work on no parameters at all, and those that
     * they have a default for. A step that looks at one only sometimes should give it a default: {@link Step#with}; one
     * that cannot work on nothing counts as if it read all that are set.
     */
    public Set<Hyper> reads() {
        Set<Hyper> read = new LinkedHashSet<>();
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            for (Step step : steps) {
                step.defaults().forEach(setting -> read.add(setting.hyper()));
                reads(step, read);
            }
        }
        return read;
    }

    @SuppressWarnings("EmptyCatch") // what a step throws here is not an error, it only says nothing
    private void reads(Step step, Set<Hyper> read) {
        try {
            step.apply(Update.ofNothing(groups.get(0), state, read));
        } catch (RuntimeException e) {
            read.addAll(groups.get(0).hypers().keySet());
        }
    }

    /** Parameters with a gradient by how often they were updated: as a rule all equally often. */
    private Map<Long, List<Parameter>> cohorts(ParamGroup group) {
        Map<Long, List<Parameter>> cohorts = new TreeMap<>();
        for (Parameter parameter : group.parameters()) {
            if (parameter.hasGrad()) {
                cohorts.computeIfAbsent(state.steps(parameter), n -> new ArrayList<>())
                        .add(parameter);
            }
        }
        return cohorts;
    }

    /** Forget the gradients of all parameters of this optimizer. */
    public void zeroGrad() {
        groups.forEach(group -> group.parameters().forEach(Tensor::zeroGrad));
    }

    /** Return what is remembered of a parameter, by the name of the {@link Slot}, in the order of names. */
    public Map<String, Tensor> state(Parameter parameter) {
        return state.slots(parameter);
    }

    /** Return how often a parameter was updated. */
    public long steps(Parameter parameter) {
        return state.steps(parameter);
    }
}
