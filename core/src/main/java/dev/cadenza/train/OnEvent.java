package dev.cadenza.train;

import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/** A callback that is one action at one event. */
final class OnEvent implements AtEvents, Stateful {
    private final String name;
    private final Event event;
    private final Consumer<Learner> action;

    OnEvent(String name, Event event, Consumer<Learner> action) {
        this.name = name;
        this.event = Objects.requireNonNull(event, "event");
        this.action = Objects.requireNonNull(action, "action");
    }

    @Override
    public Set<Event> events() {
        return Set.of(event);
    }

    @Override
    public void play(Event at, Learner learn) {
        action.accept(learn);
    }

    @Override
    public void saveState(Learner learn, StateDict state) {
        if (action instanceof Stateful stateful) {
            stateful.saveState(learn, state);
        }
    }

    @Override
    public void loadState(Learner learn, StateDict state) {
        if (action instanceof Stateful stateful) {
            stateful.loadState(learn, state);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
