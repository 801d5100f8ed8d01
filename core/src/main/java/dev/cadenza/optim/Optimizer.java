package dev.cadenza.optim;

import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    /**
     * Make an optimizer for groups of parameters: what a {@code Learner} is told, since it makes its own.
     *
     * <pre>{@code
     * learn.optimizer(groups -> Optimizer.ofGroups(groups, Steps.averageGrad(false), Steps.momentumStep()));
     * }</pre>
     */
    @FunctionalInterface
    public interface Factory {
        /** Make an optimizer for these groups. */
        Optimizer ofGroups(List<? extends List<Parameter>> groups);

        /** Make an optimizer for one group. */
        default Optimizer create(List<Parameter> parameters) {
            return ofGroups(List.of(parameters));
        }
    }

    private final List<ParamGroup> groups;
    private final List<Step> steps;
    private final String words;
    private final OptimizerState state = new OptimizerState();
    private final Set<Hyper> defaults = new LinkedHashSet<>();
    private final Set<Parameter> undecayed = Collections.newSetFromMap(new IdentityHashMap<>());

    private Optimizer(List<ParamGroup> groups, List<Step> steps) {
        this.groups = List.copyOf(groups);
        this.steps = Fused.in(List.copyOf(steps));
        words = "Optimizer" + steps;
        requireEachOnce();
        Hyper.Setting[] settings =
                steps.stream().flatMap(step -> step.defaults().stream()).toArray(Hyper.Setting[]::new);
        Arrays.stream(settings).map(Hyper.Setting::hyper).forEach(defaults::add);
        this.groups.forEach(group -> group.set(settings));
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

    /**
     * Set a hyper-parameter of each group.
     *
     * @throws IllegalArgumentException if a value is out of range, or they are for another number of groups; then
     *     nothing was changed
     */
    public Optimizer set(Hyper hyper, Rates rates) {
        double[] values = rates.over(groups.size());
        List<Hyper.Setting> settings = Arrays.stream(values).mapToObj(hyper::is).toList();
        for (int i = 0; i < settings.size(); i++) {
            groups.get(i).set(settings.get(i));
        }
        return this;
    }

    /**
     * Let weight decay and L2 penalty leave these parameters alone, and only these: usually biases and those of
     * normalising layers, as {@code Learner} sets it.
     */
    public Optimizer noDecay(Collection<Parameter> parameters) {
        undecayed.clear();
        undecayed.addAll(parameters);
        return this;
    }

    /** Return the parameters that do not decay. */
    public Set<Parameter> noDecay() {
        return Collections.unmodifiableSet(undecayed);
    }

    /**
     * Train the groups from this one on, and freeze those before: {@code requiresGrad} of their parameters is off, and
     * they are left alone. State is forgotten.
     *
     * @param group from 0, which freezes none; negative ones count from the end: -1 leaves the last
     * @throws IllegalArgumentException if there is no such group
     */
    public void freezeTo(int group) {
        int first = group < 0 ? groups.size() + group : group;
        if (first < 0 || first >= groups.size()) {
            throw new IllegalArgumentException("wanted a group from " + -groups.size() + " to " + (groups.size() - 1)
                    + " to train from, but got: " + group + "; this optimizer has " + groups.size());
        }
        for (int i = 0; i < groups.size(); i++) {
            boolean trains = i >= first;
            groups.get(i).parameters().forEach(parameter -> parameter.requiresGrad_(trains));
        }
        zeroGrad();
        clearState();
    }

    /** Forget averages and counts of all parameters; hyper-parameters stay. */
    public void clearState() {
        state.clear();
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
                cohorts(group).forEach((cohort, parameters) -> {
                    Update update = new Update(group, state, parameters, cohort);
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
        return usage().hypers();
    }

    private Update.Usage usage() {
        Update.Usage usage = new Update.Usage();
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            usage.hypers().addAll(defaults);
            steps.forEach(step -> addUsage(step, usage));
        }
        return usage;
    }

    @SuppressWarnings("EmptyCatch") // what a step throws here is not an error, it only says nothing
    private void addUsage(Step step, Update.Usage usage) {
        try {
            step.apply(Update.ofNothing(groups.get(0), state, usage));
        } catch (RuntimeException e) {
            usage.hypers().addAll(groups.get(0).hypers().keySet());
        }
    }

    /** Parameters with a gradient by how often they were updated: as a rule all equally often. */
    private Map<Update.Cohort, List<Parameter>> cohorts(ParamGroup group) {
        Map<Update.Cohort, List<Parameter>> cohorts = new LinkedHashMap<>();
        for (Parameter parameter : group.parameters()) {
            if (parameter.hasGrad()) {
                Update.Cohort cohort = new Update.Cohort(state.steps(parameter), !undecayed.contains(parameter));
                cohorts.computeIfAbsent(cohort, c -> new ArrayList<>()).add(parameter);
            }
        }
        return cohorts;
    }

    /** Forget the gradients of all parameters of this optimizer. */
    public void zeroGrad() {
        groups.forEach(group -> group.parameters().forEach(Tensor::zeroGrad));
    }

    /**
     * Return all that a later optimizer needs to go on as this one would: by {@code NAME#SLOT} what is remembered of a
     * parameter, by {@code NAME#steps} how often it was updated, by {@code #GROUP#HYPER} the hyper-parameters.
     *
     * @param names all parameters of this optimizer by name: {@code model.namedParameters()}
     * @return the tensors themselves where they are remembered, not copies
     */
    public Map<String, Tensor> stateDict(Map<String, Parameter> names) {
        return new SavedState(this, state, names).save();
    }

    /**
     * Take over what {@link #stateDict} gave, by name.
     *
     * @throws IllegalArgumentException if anything does not fit: lists all of it, and changes nothing
     */
    public void loadStateDict(Map<String, Parameter> names, Map<String, ? extends Tensor> saved) {
        List<String> misfits = new SavedState(this, state, names).load(saved, true);
        if (!misfits.isEmpty()) {
            throw new IllegalArgumentException(
                    "the saved optimizer state is not of this model and optimizer, nothing was" + " loaded: "
                            + String.join("; ", misfits) + "; loadWhatFits takes the rest");
        }
    }

    /**
     * Take over by name what fits of what {@link #stateDict} gave, and leave the rest.
     *
     * @return what did not fit, a line each; empty if all did
     */
    public List<String> loadWhatFits(Map<String, Parameter> names, Map<String, ? extends Tensor> saved) {
        return new SavedState(this, state, names).load(saved, false);
    }

    OptimizerState memory() {
        return state;
    }

    Set<Slot> slots() {
        return usage().slots();
    }

    /** Return what is remembered of a parameter, by the name of the {@link Slot}, in the order of names. */
    public Map<String, Tensor> state(Parameter parameter) {
        return state.slots(parameter);
    }

    /** Return how often a parameter was updated. */
    public long steps(Parameter parameter) {
        return state.steps(parameter);
    }

    /** List the steps as they were given. */
    @Override
    public String toString() {
        return words;
    }
}
