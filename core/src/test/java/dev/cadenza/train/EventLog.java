package dev.cadenza.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A callback that writes down each event as the golden files do, and may throw a Cancel at one of them, once. */
final class EventLog extends EveryEvent {
    /** What fastai 2.0.2 does not have. */
    static final Set<Event> OURS_ONLY = Set.of(Event.BEFORE_STEP, Event.AFTER_CANCEL_STEP);

    record Entry(Event event, Integer epoch, Integer batch, boolean training) {}

    record Trigger(Entry at, Cancel cancel) {}

    private final List<Entry> entries = new ArrayList<>();
    private Trigger trigger;

    EventLog(Trigger trigger) {
        this.trigger = trigger;
    }

    EventLog() {
        this(null);
    }

    List<Entry> entries() {
        return entries;
    }

    List<Event> events() {
        return entries.stream().map(Entry::event).toList();
    }

    @Override
    void play(Event event, Learner learn) {
        if (OURS_ONLY.contains(event)) {
            return;
        }
        Entry entry = entry(event, learn);
        entries.add(entry);
        if (trigger != null && matches(trigger.at(), entry)) {
            Cancel cancel = trigger.cancel();
            trigger = null;
            throw cancel;
        }
    }

    /** A batch's index distinguishes batches; whether training does only there. */
    private static boolean matches(Entry wanted, Entry entry) {
        return wanted.event() == entry.event()
                && (wanted.epoch() == null || wanted.epoch().equals(entry.epoch()))
                && (wanted.batch() == null
                        || (wanted.batch().equals(entry.batch()) && wanted.training() == entry.training()));
    }

    private static Entry entry(Event event, Learner learn) {
        boolean ofFit = event.name().endsWith("_FIT");
        boolean ofPhase = ofFit
                || event.name().endsWith("_EPOCH")
                || event.name().endsWith("_TRAIN")
                || event.name().endsWith("_VALIDATE");
        return new Entry(
                event,
                ofFit ? null : (Integer) learn.epoch(),
                ofPhase ? null : (Integer) learn.batchIndex(),
                learn.training());
    }

    static Entry parse(List<?> json) {
        return new Entry(
                event((String) json.get(0)),
                (Integer) json.get(1),
                (Integer) json.get(2),
                Integer.valueOf(1).equals(json.get(3)));
    }

    static Entry parse(Map<String, Object> json) {
        return parse(Arrays.asList(json.get("event"), json.get("epoch"), json.get("iter"), json.get("training")));
    }

    static Event event(String fastaiName) {
        return Event.valueOf(fastaiName.toUpperCase(Locale.ROOT));
    }
}
