package dev.cadenza.train;

import dev.cadenza.tensor.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Play events, and bring spans to their end whatever happens in them.
 *
 * <p>Of what goes wrong, the first exception leaves and the others are suppressed in it. A {@link Cancel} gives way to
 * an exception, and to a Cancel for a wider span.
 */
final class Brackets {
    private final Learner learn;
    private final State state;
    private final Lineup lineup;
    private final Set<Span> open = EnumSet.noneOf(Span.class);
    private final List<Throwable> atEnd = new ArrayList<>(); // thrown at the AFTER of the span that ended last
    private Throwable inside; // what left that span before

    Brackets(Learner learn, State state, Lineup lineup) {
        this.learn = learn;
        this.state = state;
        this.lineup = lineup;
    }

    /** Plays an event; an exception leaves at once. */
    void play(Event event) {
        state.event = event;
        for (int place : lineup.at(event)) {
            play(event, place);
        }
    }

    private void play(Event event, int place) {
        state.event = event;
        state.playing = lineup.callback(place);
        state.timeline.before(event);
        try {
            event.play(state.playing, learn);
        } catch (Cancel cancel) {
            state.timeline.cancelled(cancel);
            throw cancel;
        } finally {
            state.timeline.after(event);
            state.playing = null;
        }
    }

    /** Runs a bracket: whoever saw its BEFORE sees its AFTER, and what is made in it lives as long as it. */
    void span(Span span, Runnable body) {
        try (Scope scope = span == Span.BATCH ? null : Scope.open()) { // a batch has the one that it was read in
            bracket(span, body);
        }
    }

    /**
     * How a batch ended from which the loop may go on.
     *
     * @param failure of the batch itself, of which all were told without a failure of their own, or null
     * @param cancel what one of them then wanted to leave, or null
     */
    record Ended(Throwable failure, Cancel cancel) {}

    /** Runs a batch as {@link #span} does, but returns what others may take care of first. */
    Ended batch(Runnable body) {
        Throwable leaving = attemptAny(() -> bracket(Span.BATCH, body));
        Cancel cancel = null;
        for (Throwable thrown : atEnd) {
            if (!(thrown instanceof Cancel)) {
                Brackets.<RuntimeException>rethrow(leaving);
            }
            cancel = (Cancel) worse(cancel, thrown);
        }
        boolean ownCancel = inside instanceof Cancel left && left.span() == Span.BATCH;
        if (inside instanceof Cancel && !ownCancel) {
            Brackets.<RuntimeException>rethrow(leaving);
        }
        return new Ended(ownCancel ? null : inside, cancel);
    }

    private void bracket(Span span, Runnable body) {
        open.add(span);
        int seen = Integer.MAX_VALUE;
        Throwable thrown = null;
        state.event = span.before();
        for (int place : lineup.at(span.before())) {
            thrown = attempt(() -> play(span.before(), place));
            if (thrown != null) {
                seen = place;
                break;
            }
        }
        if (thrown == null) {
            thrown = attempt(body);
        }
        end(span, thrown, seen);
    }

    private void end(Span span, Throwable thrown, int seen) {
        if (span == Span.BATCH) {
            state.countBatch();
        }
        open.remove(span);
        inside = thrown;
        atEnd.clear();
        Throwable leaving = thrown;
        state.outcome = Outcome.of(thrown);
        if (thrown instanceof Cancel cancel && cancel.span() == span) {
            leaving = playAll(span.afterCancel(), seen, null);
        }
        leaving = playAll(span.after(), seen, leaving);
        if (leaving != null) {
            Brackets.<RuntimeException>rethrow(leaving);
        }
    }

    /** Plays an event for all up to a place, whatever they throw, and returns what leaves; the later ones see that. */
    private Throwable playAll(Event event, int seen, Throwable before) {
        Throwable leaving = before;
        for (int place : lineup.at(event)) {
            if (place <= seen) {
                Throwable thrown = attempt(() -> play(event, place));
                if (thrown != null) {
                    atEnd.add(thrown);
                }
                leaving = worse(leaving, thrown);
                state.outcome = leaving == null ? state.outcome : Outcome.of(leaving);
            }
        }
        return leaving;
    }

    /** Runs the optimizer's step, a span without a closing bracket, and tells whether it was done, not cancelled. */
    boolean step(Runnable optimizerStep) {
        open.add(Span.STEP);
        Throwable thrown = attempt(() -> {
            play(Event.BEFORE_STEP);
            optimizerStep.run();
            state.countBatch();
        });
        open.remove(Span.STEP);
        state.outcome = Outcome.of(thrown);
        if (thrown != null && !(thrown instanceof Cancel cancel && cancel.span() == Span.STEP)) {
            Brackets.<RuntimeException>rethrow(thrown);
        }
        return thrown == null;
    }

    private Throwable attempt(Runnable action) {
        try {
            action.run();
            return null;
        } catch (Cancel cancel) {
            return open.contains(cancel.span())
                    ? cancel
                    : new IllegalStateException(
                            "Cancel." + cancel.span().name().toLowerCase(Locale.ROOT) + "(\""
                                    + cancel.reason() + "\") at " + state.event + ", but that span is not open there;"
                                    + " open are " + open,
                            cancel);
        } catch (Throwable failure) { // an Error must end spans, too; it is rethrown as it was
            return failure;
        }
    }

    private static Throwable attemptAny(Runnable action) {
        try {
            action.run();
            return null;
        } catch (Throwable thrown) { // it is rethrown as it was
            return thrown;
        }
    }

    /** Of two that were thrown, the one that leaves; the other is suppressed in it, or given up if it is a Cancel. */
    static Throwable worse(Throwable first, Throwable second) {
        if (first == null || second == null) {
            return first == null ? second : first;
        }
        if (second instanceof Cancel b) {
            return first instanceof Cancel a && b.span().compareTo(a.span()) < 0 ? b : first;
        }
        if (first instanceof Cancel) {
            return second;
        }
        if (first != second) {
            first.addSuppressed(second);
        }
        return first;
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void rethrow(Throwable thrown) throws T {
        throw (T) thrown;
    }
}
