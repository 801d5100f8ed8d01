package dev.cadenza.train;

import java.util.Objects;
import java.util.function.Consumer;

/** A callback that is one action at one event. */
final class OnEvent implements Callback {
    final Event event;
    final Consumer<Learner> action;

    OnEvent(Event event, Consumer<Learner> action) {
        this.event = Objects.requireNonNull(event, "event");
        this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    public String toString() {
        return "on(" + event + ")";
    }
}
