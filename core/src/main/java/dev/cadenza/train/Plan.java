package dev.cadenza.train;

import dev.cadenza.data.DataLoader;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.tensor.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What must hold before a fit begins: errors now, not wrong numbers later. */
final class Plan {
    private Plan() {}

    static void require(Learner learn, int epochs) {
        if (epochs < 0) {
            throw new IllegalArgumentException("wanted 0 epochs or more, but got: " + epochs);
        }
        DataLoader train = learn.data().train();
        if (epochs > 0 && train.size() == 0) {
            throw new IllegalArgumentException("there is nothing to train from: the data set has "
                    + train.dataset().size() + " samples, the loader makes no batch of them");
        }
        requireTrained(learn.model(), learn.optimizer());
    }

    /** A part of the model that was replaced after the optimizer was made would stay as it is, in silence. */
    private static void requireTrained(Module model, Optimizer optimizer) {
        Set<Parameter> known = new HashSet<>();
        optimizer.groups().forEach(group -> known.addAll(group.parameters()));
        List<String> untrained = model.namedParameters().entrySet().stream()
                .filter(named -> named.getValue().requiresGrad() && !known.contains(named.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        if (!untrained.isEmpty()) {
            throw new IllegalStateException("the optimizer does not have " + untrained
                    + ", so they would stay untrained; choose it again with learn.optimizer(…) where the model has"
                    + " changed since, or freeze them with requiresGrad_(false)");
        }
    }
}
