package dev.cadenza.train;

import java.util.function.BiConsumer;

/**
 * Mark a place in the training loop where callbacks play. This is the whole loop:
 *
 * <pre>
 * fit(epochs)
 *   span FIT                                     BEFORE_FIT
 *     for each epoch
 *       span EPOCH                               BEFORE_EPOCH
 *         span TRAIN                             BEFORE_TRAIN
 *           for each batch of data.train: oneBatch
 *                                                AFTER_TRAIN
 *         span VALIDATE (without autograd)       BEFORE_VALIDATE
 *           for each batch of data.valid: oneBatch
 *                                                AFTER_VALIDATE
 *                                                AFTER_EPOCH
 *                                                AFTER_FIT
 * oneBatch
 *   span BATCH                                   BEFORE_BATCH
 *     pred = model.forward(batch.inputs)         AFTER_PRED
 *     loss = lossFunction(pred, batch.targets)   AFTER_LOSS
 *     if not training: done
 *     loss.backward()                            BEFORE_BACKWARD … AFTER_BACKWARD
 *     span STEP: optimizer.step()                BEFORE_STEP … AFTER_STEP
 *     optimizer.zeroGrad()
 *                                                AFTER_BATCH
 * </pre>
 *
 * <p><b>Brackets.</b> A callback whose BEFORE of FIT, EPOCH, TRAIN, VALIDATE or BATCH was played gets the AFTER exactly
 * once, inside out, however the span was left; {@link Learner#outcome} tells how. The other events are points: they are
 * played only when the loop reaches them. A span left by its own {@link Cancel} plays its AFTER_CANCEL first.
 *
 * <p><b>Memory.</b> What is made in a span, by model, loss or callbacks, lives until the span has ended, unless it is
 * kept.
 *
 * <p><b>What exists when.</b> Reading something too early is an error that names the event from which it exists.
 *
 * <table>
 * <caption>State of the {@link Learner}</caption>
 * <tr><th>what</th><th>from</th><th>until</th></tr>
 * <tr><td>data, model, lossFunction, optimizer, recorder</td><td colspan="2">always</td></tr>
 * <tr><td>epochs, iteration, progress, training</td><td colspan="2">always: of this fit or the last one</td></tr>
 * <tr><td>epoch</td><td>BEFORE_EPOCH</td><td>after the fit</td></tr>
 * <tr><td>batch, batchIndex</td><td>BEFORE_BATCH</td><td>AFTER_BATCH</td></tr>
 * <tr><td>pred</td><td>AFTER_PRED</td><td>AFTER_BATCH</td></tr>
 * <tr><td>loss</td><td>AFTER_LOSS</td><td>AFTER_BATCH</td></tr>
 * <tr><td>gradients of the parameters</td><td>AFTER_BACKWARD</td><td>AFTER_STEP or AFTER_CANCEL_STEP</td></tr>
 * <tr><td>outcome of X</td><td>AFTER_CANCEL_X or AFTER_X</td><td>the end of the next span</td></tr>
 * </table>
 */
public enum Event {
    /** The fit begins. */
    BEFORE_FIT(Callback::beforeFit),
    /** The fit has ended, in whatever way. */
    AFTER_FIT(Callback::afterFit),
    /** An epoch begins. */
    BEFORE_EPOCH(Callback::beforeEpoch),
    /** An epoch has ended, in whatever way. */
    AFTER_EPOCH(Callback::afterEpoch),
    /** Training begins; the model is in training mode. */
    BEFORE_TRAIN(Callback::beforeTrain),
    /** Training has ended, in whatever way. */
    AFTER_TRAIN(Callback::afterTrain),
    /** Validation begins; the model is in inference mode and gradients are off. */
    BEFORE_VALIDATE(Callback::beforeValidate),
    /** Validation has ended, in whatever way; gradients are still off. */
    AFTER_VALIDATE(Callback::afterValidate),
    /** A batch was read, on the model's device. */
    BEFORE_BATCH(Callback::beforeBatch),
    /** A batch has ended, in whatever way; its state still exists, as far as it came. */
    AFTER_BATCH(Callback::afterBatch),
    /** The model gave its prediction. */
    AFTER_PRED(Callback::afterPred),
    /** The loss was computed. */
    AFTER_LOSS(Callback::afterLoss),
    /** The loss is about to be back-propagated. */
    BEFORE_BACKWARD(Callback::beforeBackward),
    /** The gradients are there. */
    AFTER_BACKWARD(Callback::afterBackward),
    /** The optimizer is about to change the parameters. */
    BEFORE_STEP(Callback::beforeStep),
    /** The parameters were changed; their gradients still exist. */
    AFTER_STEP(Callback::afterStep),
    /** A step was left out by {@link Cancel#step}. */
    AFTER_CANCEL_STEP(Callback::afterCancelStep),
    /** A batch was left by {@link Cancel#batch}. */
    AFTER_CANCEL_BATCH(Callback::afterCancelBatch),
    /** Training was left by {@link Cancel#train}. */
    AFTER_CANCEL_TRAIN(Callback::afterCancelTrain),
    /** Validation was left by {@link Cancel#validate}. */
    AFTER_CANCEL_VALIDATE(Callback::afterCancelValidate),
    /** An epoch was left by {@link Cancel#epoch}. */
    AFTER_CANCEL_EPOCH(Callback::afterCancelEpoch),
    /** The fit was left by {@link Cancel#fit}. */
    AFTER_CANCEL_FIT(Callback::afterCancelFit);

    @SuppressWarnings("ImmutableEnumChecker") // a method reference, which has no state
    private final BiConsumer<Callback, Learner> hook;

    Event(BiConsumer<Callback, Learner> hook) {
        this.hook = hook;
    }

    /** Tell whether it is played once for each batch, or more rarely. */
    boolean inBatch() {
        return ordinal() >= BEFORE_BATCH.ordinal() && ordinal() <= AFTER_CANCEL_BATCH.ordinal();
    }

    void play(Callback callback, Learner learn) {
        if (callback instanceof AtEvents at) {
            at.play(this, learn); // the line-up has it at its own events only
        } else {
            hook.accept(callback, learn);
        }
    }
}
