package dev.cadenza.train;

/**
 * Tell how a span ended.
 *
 * @param kind in which of three ways
 * @param cancel what left it early, or null
 * @param failure what went wrong, or null
 */
public record Outcome(Kind kind, Cancel cancel, Throwable failure) {
    /** The ways to end. */
    public enum Kind {
        /** At its end. */
        COMPLETED,
        /** Early, by a {@link Cancel} for it or for a span around it. */
        CANCELLED,
        /** By an exception. */
        FAILED
    }

    private static final Outcome COMPLETED = new Outcome(Kind.COMPLETED, null, null);

    static Outcome of(Throwable thrown) {
        if (thrown == null) {
            return COMPLETED;
        }
        return thrown instanceof Cancel cancel
                ? new Outcome(Kind.CANCELLED, cancel, null)
                : new Outcome(Kind.FAILED, null, thrown);
    }

    /** Write it in words: {@code cancelled: enough}. */
    @Override
    public String toString() {
        return switch (kind) {
            case COMPLETED -> "completed";
            case CANCELLED -> "cancelled: " + cancel.reason();
            case FAILED -> "failed: " + failure;
        };
    }
}
