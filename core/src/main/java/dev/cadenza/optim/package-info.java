/**
 * Improve parameters by their gradients: optimizers composed from steps ({@code torch.optim}, fastai's generic
 * optimizer).
 *
 * <p>An {@link dev.cadenza.optim.Optimizer} is a list of {@link dev.cadenza.optim.Step}s that are done one after the
 * other. A step does one thing: decay the weights, average the gradients, go along the average.
 * {@link dev.cadenza.optim.Steps} has the usual ones, each with its formula, and {@link dev.cadenza.optim.Optimizers}
 * the recipes that most people want. What papers call a new optimizer is often one more step, which is a lambda.
 *
 * <p>What a step works on comes as an {@link dev.cadenza.optim.Update}: parameters and gradients, all of a group at
 * once, and two things by name. A {@link dev.cadenza.optim.Slot} names a tensor that is kept for each parameter, made
 * of zeros when it is first asked for; steps meet there: {@code averageGrad} writes {@code GRAD_AVG},
 * {@code momentumStep} reads it. A {@link dev.cadenza.optim.Hyper} names a number with its range, which can be set for
 * all or for one {@link dev.cadenza.optim.ParamGroup} and scheduled while training. A value out of range, or one that
 * is read and was never set, is an error that says so.
 *
 * <p>Parameters without a gradient are left alone, and each has its own count of updates: layers that are unfrozen late
 * get the corrections of their own first steps.
 *
 * <p>Steps act on whole groups. Where the end of the list is a recipe that libtorch has a fused kernel for (SGD with
 * momentum, Adam, AdamW), the kernel does it in one pass over memory, and with the same result.
 *
 * <pre>{@code
 * import static dev.cadenza.optim.Hyper.LR;
 * import static dev.cadenza.optim.Hyper.lr;
 * import static dev.cadenza.optim.Hyper.mom;
 * import static dev.cadenza.optim.Slot.GRAD_AVG;
 * import static dev.cadenza.optim.Steps.averageGrad;
 * import static dev.cadenza.optim.Steps.weightDecay;
 *
 * import dev.cadenza.optim.Optimizer;
 * import dev.cadenza.optim.Step;
 * import dev.cadenza.tensor.Parameter;
 * import dev.cadenza.tensor.Scope;
 * import dev.cadenza.tensor.Tensor;
 * import java.util.List;
 *
 * final class Example {
 *     public static void main(String[] args) {
 *         Parameter weight = new Parameter(Tensor.of(new float[] {3, -2}));
 *         Step signStep = u -> u.params().add_(u.state(GRAD_AVG).sign(), -u.get(LR)); // signSGD in one line
 *         Optimizer optimizer = Optimizer.of(List.of(weight), weightDecay(), averageGrad(true), signStep)
 *                 .set(lr(0.01), mom(0.9));
 *         for (int i = 0; i < 300; i++) {
 *             try (Scope scope = Scope.open()) {
 *                 weight.square().sum().backward();
 *                 optimizer.step();
 *                 optimizer.zeroGrad();
 *             }
 *         }
 *         System.out.println(weight); // near [0, 0]
 *     }
 * }
 * }</pre>
 *
 * <p>Such an optimizer of one's own is scheduled, saved and resumed as all are, since its hyper-parameters and its state
 * have names:
 *
 * <pre>{@code
 * Step signStep = u -> u.params().add_(u.state(GRAD_AVG).sign(), -u.get(LR));
 * learn.optimizer(groups -> Optimizer.ofGroups(groups, averageGrad(true), signStep).set(lr(1e-3), mom(0.9)));
 * learn.fitOneCycle(3, 1e-3);
 * Map<String, Tensor> saved = learn.optimizer().stateDict(model.namedParameters());
 * // … and later, in another process
 * learn.optimizer().loadStateDict(model.namedParameters(), saved);
 * }</pre>
 */
package dev.cadenza.optim;
