package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Decide what becomes of a training batch that failed, once the loop has taken back what it did. One may play in a fit;
 * {@link dev.cadenza.callback.SafeStep} is a ready one.
 *
 * <pre>{@code
 * final class LeaveOutUpToThree implements Rescuer {
 *     public boolean rescues(Learner learn, List<Throwable> failures) {
 *         return failures.size() <= 3;
 *     }
 * }
 * }</pre>
 *
 * <p>A failure counts that leaves a training batch between BEFORE_BATCH and AFTER_BATCH. First all callbacks see
 * AFTER_BATCH, with the outcome FAILED. Then all is again as it was before BEFORE_BATCH: parameters, their gradients,
 * buffers, the optimizer with its hyper-parameters, {@link dev.cadenza.tensor.Rng#global}, loss function, loaders,
 * iteration, progress, and of other callbacks what their {@link Callback#undo} knows.
 *
 * <p>Not rescued are a {@link Cancel}; a failure at AFTER_BATCH, when the batch was completed for others; an interrupted
 * thread; and an {@link Error} other than native memory that ran out ({@link #outOfMemory}). Not taken back are random
 * numbers drawn on a GPU, what was changed in place in the tensors of the batch, and what a model keeps in fields that
 * are neither parameters nor buffers.
 *
 * <p>It costs a second copy of parameters, buffers and optimizer state, and the time to copy them before each training
 * batch; the memory is used again from batch to batch, and given back when the fit has ended.
 */
public interface Rescuer extends Callback {
    /**
     * Decide whether the training goes on.
     *
     * @param failures those since a batch was trained on last, in order, at least one; the last one is new
     * @return false to end the fit by the first of them, with the others suppressed in it
     */
    boolean rescues(Learner learn, List<Throwable> failures);

    /**
     * Return what to train on instead of {@link Learner#batch}, one after the other in brackets of their own; by default
     * nothing, which leaves the batch out. All count as one batch, done with the last.
     */
    default List<Batch> instead(Learner learn, List<Throwable> failures) {
        return List.of();
    }

    /** Return this type: two would both go on with a batch. */
    @Override
    default Set<Class<? extends Callback>> excludes() {
        return Set.of(Rescuer.class);
    }

    /** Tell whether a failure says that native memory ran out, of this machine or of a GPU; Java's heap is another one. */
    static boolean outOfMemory(Throwable failure) {
        if (!(failure instanceof TensorException || failure instanceof OutOfMemoryError)) {
            return false;
        }
        String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
        boolean ofTensor = failure instanceof TensorException
                && List.of("out of memory", "can't allocate memory", "not enough memory", "bad_alloc").stream()
                        .anyMatch(message::contains);
        boolean ofPointer = failure instanceof OutOfMemoryError // as JavaCPP words it
                && List.of("physical memory", "allocate memory").stream().anyMatch(message::contains);
        return ofTensor || ofPointer;
    }
}
