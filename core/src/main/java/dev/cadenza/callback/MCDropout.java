package dev.cadenza.callback;

import dev.cadenza.nn.Dropout;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;

/**
 * Keep dropout on while validating, so that several validations show how sure the model is (Gal and Ghahramani 2016,
 * Dropout as a Bayesian Approximation; {@code MCDropoutCallback}).
 *
 * <p>{@link Dropout} draws from the process-wide generator. {@link Learner#validate} puts it back, so that each call
 * gives the same numbers: seed it in between for others. In a fit, training draws other numbers than without this
 * callback.
 *
 * <pre>{@code
 * for (int i = 0; i < 10; i++) {
 *     Rng.global().seed(i);
 *     System.out.println(learn.validate(new MCDropout()));
 * }
 * }</pre>
 */
public final class MCDropout implements Callback {
    @Override
    public void beforeValidate(Learner learn) {
        dropouts(learn, true);
    }

    @Override
    public void afterValidate(Learner learn) {
        dropouts(learn, false);
    }

    private static void dropouts(Learner learn, boolean mode) {
        learn.model().namedModules().values().stream()
                .filter(Dropout.class::isInstance)
                .forEach(dropout -> dropout.setTraining(mode));
    }
}
