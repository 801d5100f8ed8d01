package dev.cadenza.train;

/**
 * Leave a span of the loop early: throw one from a callback.
 *
 * <pre>{@code
 * throw Cancel.fit("validation loss has not improved for 3 epochs");
 * }</pre>
 *
 * <p>It never reaches the caller of {@code fit}; {@link Learner#outcome} tells of it. Cancelling a span that is not
 * open where it is thrown is an {@link IllegalStateException} that ends the fit. fastai has a class for each:
 * {@code CancelStepException}, {@code CancelBatchException}, {@code CancelTrainException},
 * {@code CancelValidException}, {@code CancelEpochException}, {@code CancelFitException}.
 */
public final class Cancel extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Span span;

    private Cancel(Span span, String why) {
        super(why, null, false, false); // control flow: a stack trace would only cost
        this.span = span;
    }

    /** Leave out the optimizer's step; gradients are cleared all the same. */
    public static Cancel step(String why) {
        return new Cancel(Span.STEP, why);
    }

    /** Leave this batch; it counts for no average. Before its step, its gradients stay and add to the next ones. */
    public static Cancel batch(String why) {
        return new Cancel(Span.BATCH, why);
    }

    /** Leave the training of this epoch, and go on with its validation. */
    public static Cancel train(String why) {
        return new Cancel(Span.TRAIN, why);
    }

    /** Leave the validation of this epoch. */
    public static Cancel validate(String why) {
        return new Cancel(Span.VALIDATE, why);
    }

    /** Leave this epoch, and go on with the next. */
    public static Cancel epoch(String why) {
        return new Cancel(Span.EPOCH, why);
    }

    /** Leave the fit. */
    public static Cancel fit(String why) {
        return new Cancel(Span.FIT, why);
    }

    /** Return which span is left. */
    public Span span() {
        return span;
    }

    /** Return why. */
    public String reason() {
        return getMessage();
    }
}
