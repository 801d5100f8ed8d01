package dev.cadenza.train;

import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A checkpoint that a learner is to go on from, until the fit that it is of has reached its place. */
final class Resume {
    private static final Logger LOG = LoggerFactory.getLogger(Resume.class);

    private final Checkpoint checkpoint;
    private final Path folder;
    private final boolean whatFits;
    private final List<String> misfits = new ArrayList<>();
    private Position position;

    Resume(Checkpoint checkpoint, boolean whatFits) {
        this.checkpoint = checkpoint;
        this.folder = checkpoint.folder();
        this.whatFits = whatFits;
        this.position = checkpoint.position();
    }

    int fit() {
        return position.fit();
    }

    /** Compares with the plan of the fit that is to go on, before anything is changed. */
    void check(Map<String, String> plan, int epochs) {
        List<String> differences = RunPlan.differences(checkpoint.plan(), plan);
        if (differences.isEmpty()) {
            return;
        }
        if (!whatFits) {
            throw new PlanException(List.of("the checkpoint " + folder + " is of another plan: "
                    + String.join("; ", differences)
                    + "; make the fit as it was, or go on with what fits: resume(dir, o -> o.whatFits = true)"));
        }
        misfits.addAll(differences);
        if (differs(plan, "training data")) { // its batches are others
            position = new Position(
                    position.fit(),
                    position.epoch(),
                    Position.Next.EPOCH,
                    0,
                    position.iteration(),
                    position.epochsBefore());
        }
        if (position.epoch() > epochs) {
            throw new PlanException(List.of("the checkpoint " + folder + " stands at " + position
                    + ", but this fit has " + epochs + " epochs; train for more"));
        }
    }

    private boolean differs(Map<String, String> plan, String field) {
        return !Objects.equals(checkpoint.plan().get(field), plan.get(field));
    }

    Position position() {
        return position;
    }

    /** Puts the state into the training, whose spans are open down to the position. */
    void load(Learner learn, Lineup lineup) {
        try (NoGrad off = NoGrad.open();
                Scope scope = Scope.open()) {
            loadModel(learn);
            loadGradients(learn.model().namedParameters());
        }
        lineup.stateful().forEach((name, stateful) -> loadCallback(learn, name, stateful));
        loadCounters(learn.state);
        Rng.global().setState(checkpoint.random());
        checkpoint.close();
        learn.timeline().note("resumed", position, misfits.isEmpty() ? null : String.join("; ", misfits));
        LOG.debug("resumed at {} from {}", position, folder);
        misfits.forEach(misfit -> LOG.warn("resumed without what does not fit: {}", misfit));
    }

    private void loadModel(Learner learn) {
        Optimizer optimizer = learn.optimizer();
        Map<String, Parameter> names = learn.model().namedParameters();
        if (whatFits) {
            learn.model().loadWhatFits(checkpoint.model());
            List<Runnable> asPlanned = hypersOfOtherPlans(learn.state.plan, optimizer.groups());
            misfits.addAll(optimizer.loadWhatFits(names, checkpoint.optimizer()));
            asPlanned.forEach(Runnable::run);
        } else {
            learn.model().loadStateDict(checkpoint.model());
            optimizer.loadStateDict(names, checkpoint.optimizer());
        }
    }

    /** What sets a group's hyper-parameters as they are now, for each that is planned with others than it was. */
    private List<Runnable> hypersOfOtherPlans(Map<String, String> plan, List<ParamGroup> groups) {
        List<Runnable> set = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            if (differs(plan, RunPlan.GROUP + i)) {
                ParamGroup group = groups.get(i);
                Map.copyOf(group.hypers()).forEach((hyper, value) -> set.add(() -> group.set(hyper.is(value))));
            }
        }
        return set;
    }

    /** They lie in memory as their parameters do, as back-propagation would have left them. */
    private void loadGradients(Map<String, Parameter> names) {
        checkpoint.gradients().forEach((name, gradient) -> {
            Parameter parameter = names.get(name);
            if (parameter != null && parameter.describe().equals(gradient.describe())) {
                parameter.setGrad(parameter.zerosLike().copy_(gradient));
            }
        });
    }

    private void loadCallback(Learner learn, String name, Stateful stateful) {
        StateDict saved = checkpoint.callbacks().get(name);
        Consumer<String> lost = why -> {
            if (!whatFits) {
                throw new IllegalArgumentException(
                        "the checkpoint " + folder + " has no fitting state of callback " + name + ": " + why);
            }
            misfits.add("callback " + name + ": " + why);
        };
        if (saved == null) {
            if (!((Callback) stateful).observes()) {
                lost.accept("nothing is saved of it");
            }
            return;
        }
        try {
            stateful.loadState(learn, saved);
        } catch (IllegalArgumentException e) {
            lost.accept(e.getMessage());
        }
    }

    private void loadCounters(State state) {
        boolean between = position.next() == Position.Next.EPOCH;
        state.epochsEver = position.epochsEver();
        state.iteration = position.iteration();
        state.epoch = between ? position.epoch() - 1 : position.epoch();
        state.progress = switch (position.next()) {
            case EPOCH -> (double) position.epoch() / state.epochs;
            case TRAIN -> (position.epoch() + (double) position.batch() / state.batches) / state.epochs;
            case VALIDATE -> (position.epoch() + 1.0) / state.epochs;
        };
    }
}
