package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A callback that writes down events and outcomes, may fail at one of them, and knows how brackets must close. */
final class Spy extends EveryEvent {
    /** A failure at an event, that several spies know and one throws. */
    static final class Failure {
        final Event at;
        final Throwable thrown;
        boolean happened;

        Failure(Event at, Throwable thrown) {
            this.at = at;
            this.thrown = thrown;
        }
    }

    /** What was seen: the outcome at a bracket's AFTER only, and whether the failure had happened before. */
    private record Seen(Event event, Outcome outcome, boolean afterFailure) {}

    private static final Map<Event, Span> OPENING =
            Stream.of(Span.values()).filter(s -> s != Span.STEP).collect(Collectors.toMap(Span::before, s -> s));
    private static final Map<Event, Span> CLOSING =
            OPENING.values().stream().collect(Collectors.toMap(Span::after, s -> s));

    private final List<Seen> seen = new ArrayList<>();
    private final Failure failure;
    private final boolean throwing;

    /** Only watches. */
    Spy() {
        this(new Failure(null, null), false);
    }

    Spy(Failure failure, boolean throwing) {
        this.failure = failure;
        this.throwing = throwing;
    }

    List<Event> events() {
        return seen.stream().map(Seen::event).toList();
    }

    /** The outcomes at a bracket's AFTER, each time that it came. */
    List<Outcome> outcomes(Event after) {
        return seen.stream().filter(s -> s.event() == after).map(Seen::outcome).toList();
    }

    @Override
    void play(Event event, Learner learn) {
        seen.add(new Seen(event, CLOSING.containsKey(event) ? learn.outcome() : null, failure.happened));
        if (throwing && event == failure.at) {
            failure.happened = true;
            Spy.<RuntimeException>sneak(failure.thrown);
        }
    }

    /** Throws a checked exception, too, as code from other languages does. */
    @SuppressWarnings({"unchecked", "DoNotCallSuggester"})
    static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    /** Requires that each bracket that opened closed once, inside out, and no other. */
    void requireClosed() {
        Deque<Span> open = new ArrayDeque<>();
        for (Event event : events()) {
            if (OPENING.containsKey(event)) {
                open.push(OPENING.get(event));
            } else if (CLOSING.containsKey(event)) {
                assertThat(open).as("open at %s, of %s", event, events()).isNotEmpty();
                assertThat(open.pop()).isEqualTo(CLOSING.get(event));
            }
        }
        assertThat(open).as("left open by %s", events()).isEmpty();
    }

    /** Requires that after the failure nothing but brackets closed, and that those around its place told of it. */
    void requireEndedByFailure() {
        for (Seen place : seen) {
            if (place.afterFailure() && place.event() != failure.at) {
                assertThat(CLOSING).containsKey(place.event());
                Span span = CLOSING.get(place.event());
                if (failure.at != span.afterCancel()) { // the outcome of that one was settled before
                    assertThat(place.outcome()).isEqualTo(Outcome.of(failure.thrown));
                }
            }
        }
    }
}
