package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.optim.Hyper;
import dev.cadenza.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Play at marked places of the training loop: read everything, change everything, leave a span early by throwing
 * {@link Cancel}.
 *
 * <p>A technique overrides a hook or two. {@link Event} shows the loop, the places and what exists when.
 *
 * <pre>{@code
 * final class SafeGradients implements Callback {
 *     public void afterLoss(Learner learn) {
 *         if (!Double.isFinite(learn.loss().item())) {
 *             throw Cancel.fit("loss is not finite in epoch " + learn.epoch());
 *         }
 *     }
 *
 *     public void beforeStep(Learner learn) {
 *         learn.optimizer().grads().clipNorm_(1.0);
 *     }
 * }
 * }</pre>
 *
 * <p>The learner comes as an argument; do not store it. At each event callbacks play in one order, computed when the
 * fit begins: {@link #runAfter} and {@link #runBefore} hold, then {@link #order}, then the order of adding. A callback
 * that does not override a hook costs nothing there.
 */
public interface Callback {
    /** Make a callback that does one thing at one event. */
    static Callback on(Event event, Consumer<Learner> action) {
        return new OnEvent("on(" + event + ")", event, action);
    }

    /**
     * Make a callback that does one thing at every n-th play of an event, at first at the n-th:
     * {@code Callback.every(100, Event.AFTER_BATCH, stats::print)}.
     *
     * @param n 1 or more
     */
    static Callback every(int n, Event event, Consumer<Learner> action) {
        return new OnEvent("every(" + n + ", " + event + ")", event, Throttle.byCount(n, action));
    }

    /**
     * Make a callback that does one thing at an event unless it did so less than this time ago.
     *
     * @param least above 0
     */
    static Callback every(Duration least, Event event, Consumer<Learner> action) {
        return new OnEvent(
                "every(" + least + ", " + event + ")", event, Throttle.byTime(least, action, System::nanoTime));
    }

    /** Make a callback that shows an observer how things stand at some events, at least one, and is never in the way. */
    static Callback observe(FitObserver observer, Event... events) {
        return new Observing(observer, events);
    }

    /** Return where to play among others at the same event: less is earlier; default 0, the recorder's is -50. */
    default double order() {
        return 0;
    }

    /** Return the callbacks (classes, or interfaces that they implement) after which this one plays, where present. */
    default Set<Class<? extends Callback>> runAfter() {
        return Set.of();
    }

    /** Return the callbacks (classes, or interfaces that they implement) before which this one plays, where present. */
    default Set<Class<? extends Callback>> runBefore() {
        return Set.of();
    }

    /** Return the callbacks (classes, or interfaces that they implement) without which this one cannot work. */
    default Set<Class<? extends Callback>> needs() {
        return Set.of();
    }

    /**
     * Return the callbacks (classes, or interfaces that they implement) that cannot play in the same fit as this one;
     * its own class means another of it.
     */
    default Set<Class<? extends Callback>> excludes() {
        return Set.of();
    }

    /** Return the hyper-parameters that this one sets while training; a step must read each. */
    default Set<Hyper> schedules() {
        return Set.of();
    }

    /**
     * Tell whether this one only looks on, so that the training is the same without it: a run may be resumed with or
     * without it. Default false.
     */
    default boolean observes() {
        return false;
    }

    /**
     * Return what is wrong with how this one is set up for this learner, a sentence each that says what to do; empty if
     * nothing is. A fit is refused, before it begins, with the problems of all its callbacks.
     */
    default List<String> problems(Learner learn) {
        return List.of();
    }

    /**
     * Return what makes this one forget all that it keeps of batches from now on, for a {@link Rescuer}, which takes back
     * batches that fail; by default it does nothing. Asked before each training batch if there is one in the fit.
     */
    default Runnable undo(Learner learn) {
        return () -> {};
    }

    /** Play when the fit begins ({@link Event#BEFORE_FIT}). */
    default void beforeFit(Learner learn) {}

    /** Play when the fit has ended, in whatever way ({@link Event#AFTER_FIT}). */
    default void afterFit(Learner learn) {}

    /** Play when an epoch begins ({@link Event#BEFORE_EPOCH}). */
    default void beforeEpoch(Learner learn) {}

    /** Play when an epoch has ended, in whatever way ({@link Event#AFTER_EPOCH}). */
    default void afterEpoch(Learner learn) {}

    /** Play when training of an epoch begins ({@link Event#BEFORE_TRAIN}). */
    default void beforeTrain(Learner learn) {}

    /** Play when training of an epoch has ended, in whatever way ({@link Event#AFTER_TRAIN}). */
    default void afterTrain(Learner learn) {}

    /** Play when validation of an epoch begins; gradients are off ({@link Event#BEFORE_VALIDATE}). */
    default void beforeValidate(Learner learn) {}

    /** Play when validation of an epoch has ended, in whatever way ({@link Event#AFTER_VALIDATE}). */
    default void afterValidate(Learner learn) {}

    /** Play when a batch was read; {@link Learner#batch(Batch)} replaces it ({@link Event#BEFORE_BATCH}). */
    default void beforeBatch(Learner learn) {}

    /** Play when a batch has ended, in whatever way ({@link Event#AFTER_BATCH}). */
    default void afterBatch(Learner learn) {}

    /** Play when the model gave its prediction; {@link Learner#pred(Tensor)} replaces it ({@link Event#AFTER_PRED}). */
    default void afterPred(Learner learn) {}

    /** Play when the loss was computed; {@link Learner#loss(Tensor)} replaces it ({@link Event#AFTER_LOSS}). */
    default void afterLoss(Learner learn) {}

    /** Play before the loss is back-propagated ({@link Event#BEFORE_BACKWARD}). */
    default void beforeBackward(Learner learn) {}

    /** Play when the gradients are there ({@link Event#AFTER_BACKWARD}). */
    default void afterBackward(Learner learn) {}

    /** Play before the optimizer changes the parameters ({@link Event#BEFORE_STEP}). */
    default void beforeStep(Learner learn) {}

    /** Play when the parameters were changed ({@link Event#AFTER_STEP}). */
    default void afterStep(Learner learn) {}

    /** Play when a step was left out ({@link Event#AFTER_CANCEL_STEP}). */
    default void afterCancelStep(Learner learn) {}

    /** Play when a batch was left early ({@link Event#AFTER_CANCEL_BATCH}). */
    default void afterCancelBatch(Learner learn) {}

    /** Play when training of an epoch was left early ({@link Event#AFTER_CANCEL_TRAIN}). */
    default void afterCancelTrain(Learner learn) {}

    /** Play when validation of an epoch was left early ({@link Event#AFTER_CANCEL_VALIDATE}). */
    default void afterCancelValidate(Learner learn) {}

    /** Play when an epoch was left early ({@link Event#AFTER_CANCEL_EPOCH}). */
    default void afterCancelEpoch(Learner learn) {}

    /** Play when the fit was left early ({@link Event#AFTER_CANCEL_FIT}). */
    default void afterCancelFit(Learner learn) {}
}
