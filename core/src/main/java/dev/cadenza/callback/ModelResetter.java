package dev.cadenza.callback;

import dev.cadenza.nn.Recurrent;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import java.util.List;

/**
 * Let a model that carries state from batch to batch begin anew before training, before validation and after the fit.
 *
 * <p>{@link Recurrent#reset} is called for each {@link Recurrent} module of the model. Language models need it: the
 * first text of an epoch does not continue the last one. A fit of a model without such a module is refused.
 *
 * <pre>{@code
 * learn.add(new ModelResetter(), new RNNRegularizer());
 * }</pre>
 */
public final class ModelResetter implements Callback {
    @Override
    public List<String> problems(Learner learn) {
        return missing(this, learn);
    }

    static List<String> missing(Callback callback, Learner learn) {
        return recurrent(learn).isEmpty()
                ? List.of(Inputs.name(callback) + " works on modules that are Recurrent, but the model has none; remove"
                        + " it, or let a module implement Recurrent")
                : List.of();
    }

    static List<Recurrent> recurrent(Learner learn) {
        return learn.model().namedModules().values().stream()
                .filter(Recurrent.class::isInstance)
                .map(Recurrent.class::cast)
                .toList();
    }

    @Override
    public void beforeTrain(Learner learn) {
        recurrent(learn).forEach(Recurrent::reset);
    }

    @Override
    public void beforeValidate(Learner learn) {
        recurrent(learn).forEach(Recurrent::reset);
    }

    @Override
    public void afterFit(Learner learn) {
        recurrent(learn).forEach(Recurrent::reset);
    }
}
