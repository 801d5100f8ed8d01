package dev.cadenza.train;

/**
 * Say where in a training a {@link Checkpoint} stands: what comes next.
 *
 * @param fit which fit of its learner, from 0
 * @param epoch which epoch of the fit comes next or is being trained, from 0; as many as there are after the last
 * @param next what comes next in that epoch
 * @param batch which training batch comes next, from 0; 0 before an epoch
 * @param iteration how many training batches of the fit are done
 * @param epochsEver how many epochs were begun in all fits: the key of the order of the data
 */
public record Position(int fit, int epoch, Next next, int batch, int iteration, long epochsEver) {
    /** Require that nothing is negative. */
    public Position {
        if (Math.min(Math.min(fit, epoch), Math.min(batch, iteration)) < 0 || epochsEver < 0) {
            throw new IllegalArgumentException("wanted a position of numbers from 0 on, but got fit " + fit + ", epoch "
                    + epoch + ", batch " + batch + ", iteration " + iteration + ", epochs ever " + epochsEver);
        }
    }

    /** What can come next. */
    public enum Next {
        /** The epoch as a whole, or the end of the fit after the last one. */
        EPOCH,
        /** A training batch of it, or the end of its training after the last one. */
        TRAIN,
        /** Its validation. */
        VALIDATE
    }

    /** What comes next for a training that stands at a place of its loop where one can say so, or null. */
    private static Next next(State state) {
        if (state.event == null || state.moreParts) { // half a batch is none
            return null;
        }
        return switch (state.event) {
            case AFTER_BATCH -> state.training ? Next.TRAIN : null;
            case AFTER_TRAIN -> Next.VALIDATE;
            case AFTER_EPOCH -> Next.EPOCH;
            default -> null;
        };
    }

    static boolean exists(State state) {
        return next(state) != null;
    }

    static Position of(State state) {
        Next next = next(state);
        if (next == null) {
            String phase = state.training ? "" : " of validation";
            throw new IllegalStateException("a checkpoint can be taken at AFTER_BATCH of training, AFTER_TRAIN and"
                    + " AFTER_EPOCH, when a batch or a phase is done, but it is "
                    + (state.event == null ? "outside a fit" : state.event + phase)
                    + (state.moreParts ? ", with more parts of the batch to come" : "")
                    + "; ask Checkpoint.isPossible first");
        }
        boolean epochDone = next == Next.EPOCH;
        int batch = epochDone ? 0 : next == Next.VALIDATE ? state.batches : state.batchIndex + 1;
        int epoch = epochDone ? state.epoch + 1 : state.epoch;
        return new Position(state.fit, epoch, next, batch, state.iteration, state.epochsEver);
    }

    /** Return how many epochs of all fits were begun before the one that comes next or goes on. */
    public long epochsBefore() {
        return next == Next.EPOCH ? epochsEver : epochsEver - 1;
    }

    /** The name of a checkpoint's folder; names sort as positions do. */
    String folderName() {
        String name = String.format("fit%03d-epoch%06d", fit, epoch);
        return switch (next) {
            case EPOCH -> name;
            case TRAIN -> name + String.format("-batch%09d", batch);
            case VALIDATE -> name + "-validate";
        };
    }

    void save(StateDict dict) {
        dict.put("fit", fit);
        dict.put("epoch", epoch);
        dict.put("next", next.name());
        dict.put("batch", batch);
        dict.put("iteration", iteration);
        dict.put("epochs_ever", epochsEver);
    }

    static Position load(StateDict dict) {
        return new Position(
                dict.getInt("fit"),
                dict.getInt("epoch"),
                Next.valueOf(dict.getString("next")),
                dict.getInt("batch"),
                dict.getInt("iteration"),
                dict.getLong("epochs_ever"));
    }

    /** Write it in words: {@code epoch 3 of fit 0, batch 17}. */
    @Override
    public String toString() {
        String of = "epoch " + epoch + " of fit " + fit;
        return switch (next) {
            case EPOCH -> "the begin of " + of;
            case TRAIN -> of + ", batch " + batch;
            case VALIDATE -> "the validation of " + of;
        };
    }
}
