package dev.cadenza.train;

import java.util.Set;

/** A callback that does one thing at some events, without hooks of its own. */
sealed interface AtEvents extends Callback permits OnEvent, Observing {
    Set<Event> events();

    void play(Event event, Learner learn);
}
