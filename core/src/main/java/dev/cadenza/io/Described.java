package dev.cadenza.io;

/**
 * Say what something is as plain data, from which another program can make the same again: layers, models, transforms,
 * losses. What is learnt, the weights, is no part of it.
 *
 * <p>A module of yours joins in by writing down what its constructor needs, in names of its own; whoever loads the file
 * {@link Types#add adds} how it is made of them:
 *
 * <pre>{@code
 * final class Residual extends Module implements Described {
 *     final Linear fc;
 *     final Module act;
 *
 *     Residual(long width, Module act) {
 *         fc = new Linear(width, width);
 *         this.act = act;
 *     }
 *
 *     protected Tensor compute(Tensor x) {
 *         return x.add(act.forward(fc.forward(x)));
 *     }
 *
 *     public Spec spec() {
 *         return Spec.of("acme.Residual").with("width", fc.weight().size(0)).with("act", act);
 *     }
 * }
 * Types types = new Types().add("acme.Residual", s -> new Residual(s.whole("width"), s.part("act", Module.class)));
 * }</pre>
 */
@FunctionalInterface
public interface Described {
    /**
     * Return what this is.
     *
     * @throws IllegalArgumentException if a part of it cannot be described: names where it stands and what to do
     */
    Spec spec();
}
