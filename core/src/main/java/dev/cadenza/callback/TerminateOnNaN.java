package dev.cadenza.callback;

import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import dev.cadenza.train.Recorder;
import java.util.Set;

/**
 * End the fit when the loss of a training batch is NaN or infinite ({@code TerminateOnNaNCallback}).
 *
 * <pre>{@code
 * learn.add(new TerminateOnNaN());
 * }</pre>
 *
 * <p>That loss is not recorded. The parameters have made their step with it and are of no use any more; a
 * {@link SaveBest} brings back good ones. To keep a bad step from being made, cancel at
 * {@link dev.cadenza.train.Event#AFTER_LOSS} instead.
 *
 * <p>Unlike in fastai, a loss of validation ends nothing: it is recorded as what it is, since the mean of the batches
 * before it would look like a good one; broken parameters show in the next training batch.
 */
public final class TerminateOnNaN implements Callback {
    /** Return -60: before the recorder. */
    @Override
    public double order() {
        return -60;
    }

    @Override
    public Set<Class<? extends Callback>> runBefore() {
        return Set.of(Recorder.class);
    }

    @Override
    public void afterBatch(Learner learn) {
        boolean hasLoss = learn.training() && learn.outcome().kind() == Outcome.Kind.COMPLETED;
        if (hasLoss && !Double.isFinite(learn.loss().item())) {
            throw Cancel.fit("the loss is " + learn.loss().item() + " in batch " + learn.batchIndex() + " of epoch "
                    + learn.epoch());
        }
    }
}
