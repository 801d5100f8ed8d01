package dev.cadenza.train;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets an observer see a fit, and keeps from the fit what it throws. */
final class Observing implements AtEvents {
    private static final Logger LOG = LoggerFactory.getLogger(Observing.class);

    private final FitObserver observer;
    private final Set<Event> wanted;
    private boolean off;

    Observing(FitObserver observer, Event... events) {
        this.observer = Objects.requireNonNull(observer, "observer");
        if (events.length == 0) {
            throw new IllegalArgumentException("wanted at least one event to observe, but got none");
        }
        wanted = EnumSet.copyOf(Arrays.asList(events));
    }

    /** Return 100: to see what all others did. */
    @Override
    public double order() {
        return 100;
    }

    @Override
    public boolean observes() {
        return true;
    }

    @Override
    public Set<Event> events() {
        Set<Event> events = EnumSet.copyOf(wanted);
        events.add(Event.BEFORE_FIT);
        events.add(Event.AFTER_FIT);
        return events;
    }

    @Override
    public void play(Event event, Learner learn) {
        if (event == Event.BEFORE_FIT) {
            off = false;
        }
        if (!off && wanted.contains(event)) {
            attempt(event, learn, () -> observer.observe(Snapshot.of(learn)));
        }
        if (event == Event.AFTER_FIT) {
            attempt(event, learn, observer::fitEnded);
        }
    }

    private void attempt(Event event, Learner learn, Runnable action) {
        try {
            action.run();
        } catch (Exception | LinkageError | AssertionError e) {
            if (!off) {
                off = true;
                LOG.warn("{} failed at {} and is switched off for this fit; the training goes on", this, event, e);
                learn.timeline().note("observer switched off", this, e.toString());
            }
        }
    }

    @Override
    public String toString() {
        return "observe(" + observer + ")";
    }
}
