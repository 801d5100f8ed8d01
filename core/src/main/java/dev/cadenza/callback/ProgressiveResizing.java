package dev.cadenza.callback;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.StateDict;
import dev.cadenza.train.Stateful;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Train the first epochs of a fit from other loaders than the later ones: from small images, which are fast, to large
 * ones.
 *
 * <p>Loaders are changed when training of an epoch begins, for its validation too. When the fit has ended, in whatever
 * way, the learner has those again that it had before; {@link Learner#validate} always takes these.
 *
 * <pre>{@code
 * DataLoaders small = DataLoaders.of(trainSet, validSet, o -> o.batchSize = 256);
 * learn.fit(5, 1e-3, new ProgressiveResizing(o -> { o.from(0, small); o.from(3, data); }));
 * }</pre>
 *
 * <p>The model must take images of all sizes, and the number of batches may change: {@link Learner#progress} counts each
 * epoch as one part, however long.
 */
public final class ProgressiveResizing implements Callback, Stateful {
    /** What can be chosen. */
    public static final class Options {
        private final NavigableMap<Integer, DataLoaders> loaders = new TreeMap<>();

        private Options() {}

        /**
         * Use these loaders from an epoch of the fit on; before the first such epoch the learner's own are used.
         *
         * @param epoch from 0, each once
         * @throws IllegalArgumentException if the epoch is below 0 or was given before
         */
        public void from(int epoch, DataLoaders data) {
            Objects.requireNonNull(data, "data");
            if (epoch < 0 || loaders.put(epoch, data) != null) {
                throw new IllegalArgumentException("wanted each epoch once, from 0 on, but got: " + epoch);
            }
        }
    }

    private final Options options = new Options();
    private DataLoaders before; // of the learner, while a fit goes on

    /**
     * Change loaders as the options say.
     *
     * @throws IllegalArgumentException if they name no loaders, or an epoch twice
     */
    public ProgressiveResizing(Consumer<Options> options) {
        options.accept(this.options);
        if (this.options.loaders.isEmpty()) {
            throw new IllegalArgumentException("wanted loaders from some epoch on, but got none; call from(0, data)");
        }
    }

    /** Return 50: at the end of the fit others still find the loaders that it ended with. */
    @Override
    public double order() {
        return 50;
    }

    @Override
    public void beforeFit(Learner learn) {
        before = learn.data();
    }

    /** Change loaders here, not at BEFORE_EPOCH, which is played in a validation too. */
    @Override
    public void beforeTrain(Learner learn) {
        changeFor(learn.epoch(), learn);
    }

    private void changeFor(int epoch, Learner learn) {
        Map.Entry<Integer, DataLoaders> newest = options.loaders.floorEntry(epoch);
        if (newest != null && !newest.getValue().equals(learn.data())) {
            learn.data(newest.getValue());
        }
    }

    /** Save nothing: the epoch says all. */
    @Override
    public void saveState(Learner learn, StateDict state) {}

    /** Change loaders, for a run that is resumed at the validation of an epoch, when its training is over. */
    @Override
    public void loadState(Learner learn, StateDict state) {
        changeFor(learn.epoch(), learn);
    }

    @Override
    public void afterFit(Learner learn) {
        if (!learn.data().equals(before)) {
            learn.data(before);
        }
        before = null;
    }
}
