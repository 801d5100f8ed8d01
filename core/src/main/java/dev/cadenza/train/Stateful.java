package dev.cadenza.train;

/**
 * Be a callback that remembers, from one batch to the next, something that the rest of the training depends on: a
 * {@link Checkpoint} keeps it.
 *
 * <p>Where a run is resumed, the hooks of the spans that are open there (BEFORE_FIT, BEFORE_EPOCH, BEFORE_TRAIN) are
 * played as ever, and then {@link #loadState} is called.
 *
 * <pre>{@code
 * final class EveryOther implements Callback, Stateful {
 *     private boolean skip;
 *
 *     public void beforeStep(Learner learn) {
 *         skip = !skip;
 *         if (skip) {
 *             throw Cancel.step("every other one");
 *         }
 *     }
 *
 *     public void saveState(Learner learn, StateDict state) {
 *         state.put("skip", skip);
 *     }
 *
 *     public void loadState(Learner learn, StateDict state) {
 *         skip = state.getBoolean("skip");
 *     }
 * }
 * }</pre>
 */
public interface Stateful {
    /** Put down what is remembered; tensors are copied. */
    void saveState(Learner learn, StateDict state);

    /** Take over what {@link #saveState} put down. */
    void loadState(Learner learn, StateDict state);
}
