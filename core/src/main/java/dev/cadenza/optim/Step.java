package dev.cadenza.optim;

import java.util.List;

/**
 * Do one part of an optimizer's work on all parameters of a group at once; an {@link Optimizer} is a list of them.
 *
 * <p>An optimizer from a paper is often one more step, a lambda (here signSGD with momentum):
 *
 * <pre>{@code
 * Step signStep = u -> u.params().add_(u.state(Slot.GRAD_AVG).sign(), -u.get(Hyper.LR));
 * Optimizer optimizer = Optimizer.of(model.parameters(), Steps.averageGrad(false), signStep).set(Hyper.lr(1e-4));
 * }</pre>
 */
@FunctionalInterface
public interface Step {
    /**
     * Change parameters, gradients or state. Gradients are not recorded here, and new tensors are freed after it.
     *
     * <p>Before a fit with schedules it is called once with no parameters at all, to see which hyper-parameters it
     * reads.
     */
    void apply(Update u);

    /** Return the values that hyper-parameters have unless the user sets them; none by default. */
    default List<Hyper.Setting> defaults() {
        return List.of();
    }

    /** Return this step with values for hyper-parameters that the user need not set. */
    default Step with(Hyper.Setting... defaults) {
        return new ReadyStep(toString(), this, defaults);
    }
}
