package dev.cadenza.train;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/** Trains on batches so that one that fails can be taken back. */
final class Rescue implements AutoCloseable {
    private final Learner learn;
    private final Brackets brackets;
    private final Rescuer rescuer;
    private final Before before;
    private final List<Throwable> failures = new ArrayList<>();
    private final List<Tensor> owned = new ArrayList<>();

    private Rescue(Learner learn, Brackets brackets, Rescuer rescuer, Before before) {
        this.learn = learn;
        this.brackets = brackets;
        this.rescuer = rescuer;
        this.before = before;
    }

    /** For the rescuer among the callbacks of a fit, or null if there is none. */
    static Rescue of(Learner learn, Brackets brackets, List<Callback> callbacks) {
        return callbacks.stream()
                .filter(Rescuer.class::isInstance)
                .map(rescuer -> new Rescue(learn, brackets, (Rescuer) rescuer, new Before(learn, callbacks)))
                .findFirst()
                .orElse(null);
    }

    /** Trains on the next batch; if that fails, takes it back and does what the rescuer says. */
    void batch(int index, Iterator<Batch> batches, Runnable oneBatch) {
        try {
            Batch whole;
            try (Scope scope = Scope.open()) {
                whole = own(batches.next());
            }
            before.remember();
            Throwable cancel = null; // whoever wants to leave after the batch waits for what comes of it
            List<Batch> parts = List.of(whole);
            while (!parts.isEmpty()) {
                Brackets.Ended ended = trainOn(index, parts, oneBatch);
                cancel = Brackets.worse(cancel, ended.cancel());
                parts = ended.failure() == null ? trained() : instead(index, whole, ended.failure());
            }
            if (cancel != null) {
                throw (Cancel) cancel;
            }
        } finally {
            owned.forEach(Tensor::close);
            owned.clear();
        }
    }

    /** Lets a batch live, whatever scope it was made in, until this one is done with. */
    private Batch own(Batch batch) {
        return each(batch, tensor -> {
            Buffer own = new Buffer(tensor);
            owned.add(own);
            return own;
        });
    }

    private static Batch each(Batch batch, UnaryOperator<Tensor> change) {
        return new Batch(
                batch.inputs().stream().map(change).toList(),
                batch.targets().stream().map(change).toList());
    }

    private List<Batch> trained() {
        failures.clear();
        return List.of();
    }

    /** Trains on the parts of a batch up to one that fails; a Cancel after one that is not the last waits for that. */
    private Brackets.Ended trainOn(int index, List<Batch> parts, Runnable oneBatch) {
        Cancel cancel = null;
        for (int i = 0; i < parts.size(); i++) {
            Batch part = parts.get(i);
            try (Scope scope = Scope.open()) { // what an attempt took is free before the next one
                learn.state.beginBatch(index, each(part, Tensor::detach));
                learn.state.moreParts = i < parts.size() - 1;
                Brackets.Ended ended = brackets.batch(oneBatch);
                cancel = (Cancel) Brackets.worse(cancel, ended.cancel());
                if (ended.failure() != null) {
                    return new Brackets.Ended(ended.failure(), cancel);
                }
            } catch (Cancel left) {
                if (parts.size() > 1) { // half a batch is none
                    before.restore();
                }
                throw left;
            } finally {
                learn.state.endBatch();
            }
        }
        return new Brackets.Ended(null, cancel);
    }

    private List<Batch> instead(int index, Batch whole, Throwable failure) {
        if (!mayBeRescued(failure)) {
            throw Rescue.<RuntimeException>asItWas(failure);
        }
        failures.add(failure);
        State state = learn.state;
        try (Scope scope = Scope.open()) {
            before.restore();
            state.beginBatch(index, whole);
            state.playing = rescuer;
            if (!rescuer.rescues(learn, List.copyOf(failures))) {
                throw Rescue.<RuntimeException>asItWas(first());
            }
            List<Batch> parts = List.copyOf(rescuer.instead(learn, List.copyOf(failures)));
            state.timeline.rescued(
                    "rescued", parts.isEmpty() ? "left out" : "in parts: " + parts.size(), failure.toString());
            return parts.stream().map(this::own).toList();
        } catch (RuntimeException | Error another) {
            if (another == failures.get(0)) {
                throw another;
            }
            suppress(failure, another);
            throw Rescue.<RuntimeException>asItWas(failure);
        } finally {
            state.playing = null;
            state.endBatch();
        }
    }

    /** An interruption wants the thread to end, and after most Errors the process may be broken. */
    private static boolean mayBeRescued(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InterruptedException || cause instanceof ClosedByInterruptException) {
                return false;
            }
        }
        boolean error = failure instanceof Error && !Rescuer.outOfMemory(failure);
        return !error && !Thread.currentThread().isInterrupted();
    }

    private Throwable first() {
        Throwable first = failures.get(0);
        failures.forEach(later -> suppress(first, later));
        return first;
    }

    private static void suppress(Throwable first, Throwable later) {
        if (first != later && !List.of(first.getSuppressed()).contains(later)) {
            first.addSuppressed(later);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // the type is there for the compiler alone
    private static <T extends Throwable> T asItWas(Throwable failure) throws T {
        throw (T) failure;
    }

    @Override
    public void close() {
        before.close();
    }
}
