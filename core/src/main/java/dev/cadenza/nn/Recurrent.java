package dev.cadenza.nn;

import dev.cadenza.tensor.Tensor;

/**
 * Mark a module that carries state from one batch to the next, as language models do, and show what its regularisation
 * needs. The callbacks {@code ModelResetter} and {@code RNNRegularizer} look for it in the model and all below.
 *
 * <pre>{@code
 * abstract class LanguageModel extends Module implements Recurrent {
 *     Tensor hidden, raw, dropped;        // set by each batch
 *
 *     public void reset() {
 *         hidden = null;
 *     }
 *
 *     public Tensor rawOutput() {
 *         return raw;
 *     }
 *
 *     public Tensor droppedOutput() {
 *         return dropped;
 *     }
 * }
 * }</pre>
 */
public interface Recurrent {
    /** Forget the state that the last batch left: the next one begins a text. */
    void reset();

    /** Return what the last recurrent layer gave for the last batch, {@code [N, T, C]}: N texts, T steps of time. */
    Tensor rawOutput();

    /** Return {@link #rawOutput} after dropout, of the same shape. */
    Tensor droppedOutput();
}
