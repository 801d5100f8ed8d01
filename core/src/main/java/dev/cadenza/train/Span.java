package dev.cadenza.train;

/** Name a part of the loop that begins and ends; each lies within the one before, TRAIN and VALIDATE side by side. */
public enum Span {
    /** All epochs of one call of {@link Learner#fit}. */
    FIT(Event.BEFORE_FIT, Event.AFTER_CANCEL_FIT, Event.AFTER_FIT),
    /** Training and validation once through the data. */
    EPOCH(Event.BEFORE_EPOCH, Event.AFTER_CANCEL_EPOCH, Event.AFTER_EPOCH),
    /** All training batches of an epoch. */
    TRAIN(Event.BEFORE_TRAIN, Event.AFTER_CANCEL_TRAIN, Event.AFTER_TRAIN),
    /** All validation batches of an epoch. */
    VALIDATE(Event.BEFORE_VALIDATE, Event.AFTER_CANCEL_VALIDATE, Event.AFTER_VALIDATE),
    /** One batch, of training or validation. */
    BATCH(Event.BEFORE_BATCH, Event.AFTER_CANCEL_BATCH, Event.AFTER_BATCH),
    /** One change of the parameters by the optimizer. */
    STEP(Event.BEFORE_STEP, Event.AFTER_CANCEL_STEP, Event.AFTER_STEP);

    private final Event before;
    private final Event afterCancel;
    private final Event after;

    Span(Event before, Event afterCancel, Event after) {
        this.before = before;
        this.afterCancel = afterCancel;
        this.after = after;
    }

    /** Return the event that is played when the span begins. */
    public Event before() {
        return before;
    }

    /** Return the event that is played when the span was left by its own {@link Cancel}. */
    public Event afterCancel() {
        return afterCancel;
    }

    /** Return the event that is played when the span has ended. */
    public Event after() {
        return after;
    }
}
