package dev.cadenza.callback;

import dev.cadenza.nn.BatchNorm;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;

/**
 * Keep the running statistics of all {@link BatchNorm} modules as they are, and normalise by them in training too: for
 * fine-tuning on few samples or small batches, whose own statistics say little.
 *
 * <p>The modules are in inference mode while training goes on; their weights and biases are trained unless they are
 * frozen. After the fit all modes are as before. (fastai's leaves those alone whose weight is trained.)
 *
 * <pre>{@code
 * learn.fit(3, 1e-4, new BnFreeze());
 * }</pre>
 */
public final class BnFreeze implements Callback {
    @Override
    public void beforeTrain(Learner learn) {
        learn.model().namedModules().values().stream()
                .filter(BatchNorm.class::isInstance)
                .forEach(norm -> norm.setTraining(false));
    }
}
