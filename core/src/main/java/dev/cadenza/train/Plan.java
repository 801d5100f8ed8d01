package dev.cadenza.train;

import dev.cadenza.data.DataLoader;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.tensor.Parameter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold before a fit begins: all that does not is gathered, and told at once. */
final class Plan {
    private final Learner learn;
    private final List<Callback> callbacks;
    private final List<String> problems = new ArrayList<>();

    private Plan(Learner learn, List<Callback> callbacks) {
        this.learn = learn;
        this.callbacks = callbacks;
    }

    /** Checks a fit, or with no epochs at all a validation, and returns who plays when. */
    static Lineup check(Learner learn, List<Callback> callbacks, Integer epochs) {
        Plan plan = new Plan(learn, callbacks);
        learn.state.startsAnew = epochs != null && learn.state.fit < 0 && learn.state.resume == null;
        plan.requireEachOnce();
        plan.requireCompany();
        callbacks.forEach(callback -> plan.problems.addAll(callback.problems(learn)));
        if (epochs != null) {
            plan.requireData(epochs);
            plan.requireTrained(learn.model(), learn.optimizer());
            plan.requireRead(learn.optimizer());
        }
        return plan.lineup();
    }

    private Lineup lineup() {
        Lineup lineup = null;
        try {
            lineup = new Lineup(callbacks);
        } catch (IllegalArgumentException e) { // a cycle
            problems.add(e.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new PlanException(problems);
        }
        return lineup;
    }

    private void requireEachOnce() {
        for (int i = 0; i < callbacks.size(); i++) {
            Callback callback = callbacks.get(i);
            if (Double.isNaN(callback.order())) {
                problems.add("wanted a number for the order of " + Lineup.name(callback) + ", but got NaN");
            }
            if (callbacks.subList(0, i).stream().anyMatch(before -> before == callback)) {
                problems.add("wanted each callback once, but this one is added twice: " + Lineup.name(callback));
            }
        }
    }

    private void requireCompany() {
        for (int i = 0; i < callbacks.size(); i++) {
            Callback callback = callbacks.get(i);
            for (Class<?> needed : callback.needs()) {
                if (callbacks.stream().noneMatch(needed::isInstance)) {
                    problems.add(Lineup.name(callback) + " needs a " + needed.getSimpleName() + "; add one");
                }
            }
            for (Callback other : callbacks.subList(0, i)) {
                if (other != callback && (excludes(callback, other) || excludes(other, callback))) {
                    problems.add(Lineup.name(other) + " and " + Lineup.name(callback)
                            + " cannot play in the same fit; remove one of them");
                }
            }
        }
    }

    private static boolean excludes(Callback one, Callback other) {
        return one.excludes().stream().anyMatch(type -> type.isInstance(other));
    }

    private void requireData(int epochs) {
        DataLoader train = learn.data().train();
        if (epochs > 0 && train.size() == 0) {
            problems.add("there is nothing to train from: the data set has "
                    + train.dataset().size() + " samples, the loader makes no batch of them");
        }
    }

    /** A part of the model that was replaced after the optimizer was made would stay as it is, in silence. */
    private void requireTrained(Module model, Optimizer optimizer) {
        Set<Parameter> known = new HashSet<>();
        optimizer.groups().forEach(group -> known.addAll(group.parameters()));
        List<String> untrained = model.namedParameters().entrySet().stream()
                .filter(named -> named.getValue().requiresGrad() && !known.contains(named.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!untrained.isEmpty()) {
            problems.add("the optimizer does not have " + untrained
                    + ", so they would stay untrained; choose it again with learn.optimizer(…) where the model has"
                    + " changed since, or freeze them with requiresGrad_(false)");
        }
    }

    /** A schedule that no step reads would change nothing, in silence. */
    private void requireRead(Optimizer optimizer) {
        if (callbacks.stream().allMatch(callback -> callback.schedules().isEmpty())) {
            return; // and leave the steps alone
        }
        Set<Hyper> read = optimizer.reads();
        Map<Hyper, Callback> scheduled = new LinkedHashMap<>();
        callbacks.forEach(
                callback -> callback.schedules().forEach(hyper -> schedule(callback, hyper, read, scheduled)));
    }

    private void schedule(Callback callback, Hyper hyper, Set<Hyper> read, Map<Hyper, Callback> scheduled) {
        if (!read.contains(hyper)) {
            problems.add(Lineup.name(callback) + " schedules hyper-parameter '" + hyper
                    + "', but no step of the optimizer reads it: those read " + read
                    + "; choose an optimizer that does, or schedule one of these");
        }
        Callback before = scheduled.put(hyper, callback);
        if (before != null) {
            problems.add(Lineup.name(before) + " and " + Lineup.name(callback) + " both schedule hyper-parameter '"
                    + hyper + "'; remove one of them");
        }
    }
}
