package dev.cadenza.train;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.ParamGroup;
import dev.cadenza.optim.Rates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Tell what a fit did and why: which callback changed what, when, and what ended the fit. Each {@link Learner} has one.
 *
 * <pre>{@code
 * learn.fit(10, 0.1);
 * System.out.println(learn.timeline());
 * learn.timeline().write(dir.resolve("timeline.jsonl"));
 * }</pre>
 *
 * <p>Written down are hyper-parameters that were set, batches, predictions and losses that were replaced, other loaders
 * and loss functions, steps and spans that were left, what callbacks {@link #note}, and the end. What happens in single
 * batches is left out unless {@link #everyBatch} is on.
 *
 * <p>It holds the last fit. Memory is bounded: of the entries of batches the newest 10,000 are kept, of all others the
 * newest 10,000; {@link #dropped} counts those that were given up.
 */
public final class Timeline {
    private static final int KEPT = 10_000;
    private static final Comparator<Numbered> BY_NUMBER = Comparator.comparingLong(Numbered::number);

    private record Numbered(long number, TimelineEntry entry) {}

    private final State state;
    private final Deque<Numbered> ofBatches = new ArrayDeque<>();
    private final Deque<Numbered> others = new ArrayDeque<>();
    private boolean everyBatch;
    private long written;
    private String why;
    private List<SeenHypers> hypers; // null while there is no fit

    Timeline(State state) {
        this.state = state;
    }

    /** Write down what happens in single batches, too, or no longer; off at first. */
    public Timeline everyBatch(boolean on) {
        everyBatch = on;
        return this;
    }

    /** Say why the callback that plays now changes what it changes next, as ReduceLROnPlateau does. */
    public void because(String reason) {
        if (records(state.event)) {
            why = Objects.requireNonNull(reason, "reason");
        }
    }

    /**
     * Write down something that the loop cannot see, such as a file that was written.
     *
     * @param what was done: {@code checkpoint}
     * @param to what it led to, such as the path; may be null
     * @param reason why, or null
     */
    public void note(String what, Object to, String reason) {
        if (records(state.event)) {
            add(state.event, what, null, to, reason);
        }
    }

    /** Return what was written, in order. */
    public List<TimelineEntry> entries() {
        return Stream.concat(ofBatches.stream(), others.stream())
                .sorted(BY_NUMBER)
                .map(Numbered::entry)
                .toList();
    }

    /** Return how many entries of the last fit are no longer kept. */
    public long dropped() {
        return written - ofBatches.size() - others.size();
    }

    /**
     * Write a line of JSON for each entry.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void write(Path file) {
        try {
            Files.write(file, entries().stream().map(TimelineEntry::toJson).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the timeline to " + file + ": " + e, e);
        }
    }

    /** Write a line for each entry. */
    @Override
    public String toString() {
        return entries().stream().map(TimelineEntry::toString).collect(Collectors.joining("\n"));
    }

    /** Forgets the fit before, and begins with the rates that this one was given, if any. */
    void begin(Optimizer optimizer, Rates lr) {
        ofBatches.clear();
        others.clear();
        written = 0;
        List<ParamGroup> groups = optimizer.groups();
        hypers = IntStream.range(0, groups.size())
                .mapToObj(i -> new SeenHypers(groups.get(i), groups.size() == 1 ? "" : " of group " + i))
                .toList();
        if (lr != null) {
            optimizer.set(Hyper.LR, lr);
        }
        hypers.forEach(seen -> seen.changes((what, from, to) -> add(null, what, from, to, null)));
    }

    /** Whether what happens at an event is written; in a validation or outside a fit nothing is. */
    private boolean records(Event event) {
        return hypers != null && event != null && (everyBatch || !event.inBatch());
    }

    void replaced(String what, Supplier<Object> from, Supplier<Object> to) {
        if (records(state.event)) {
            add(state.event, what, from.get(), to.get(), why);
        }
    }

    /** Keeps what was set where nothing is written from being laid to the callback that plays next. */
    void before(Event event) {
        if (!everyBatch && records(event)) {
            hypers.forEach(seen -> seen.changes((what, from, to) -> {}));
        }
    }

    void after(Event event) {
        if (records(event)) {
            hypers.forEach(seen -> seen.changes((what, from, to) -> add(event, what, from, to, why)));
            why = null;
        }
    }

    void cancelled(Cancel cancel) {
        Event event = cancel.span().before();
        if (records(event)) {
            add(state.event, "cancel " + cancel.span(), null, null, cancel.reason());
        }
    }

    /** Writes down, whatever is chosen, that a batch was taken back, and lays what that changed to who plays now. */
    void rescued(String what, Object to, String reason) {
        add(state.event, what, null, to, reason);
        after(state.event);
    }

    /** Ends the writing: what happens outside a fit is not its history. */
    void end() {
        add(null, "end", null, state.outcome, null);
        hypers = null;
    }

    private void add(Event event, String what, Object from, Object to, String reason) {
        Deque<Numbered> place = event != null && event.inBatch() ? ofBatches : others;
        if (place.size() == KEPT) {
            place.removeFirst();
        }
        String callback = state.playing == null ? "fit" : Lineup.name(state.playing);
        place.add(new Numbered(
                written++,
                new TimelineEntry(state.epoch, state.iteration, event, callback, what, text(from), text(to), reason)));
    }

    private static String text(Object value) {
        return value == null ? null : value.toString();
    }
}
