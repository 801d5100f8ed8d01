package dev.cadenza.data;

import dev.cadenza.tensor.Device;
import java.lang.ref.Cleaner;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Go through the batches of one epoch of a {@link DataLoader}, from the first or from a later one.
 *
 * <pre>{@code
 * try (Epoch epoch = data.train().epoch(0)) {
 *     for (Batch batch : epoch) {
 *         if (batch.size() < 64) {
 *             break;
 *         }
 *     }
 * }                                                        // the threads of the pass have ended
 * Epoch rest = data.train().epoch(5).from(100);            // as after a restart; no earlier batch is read
 * }</pre>
 *
 * <p>Each {@link #iterator} is a new pass with the same batches. With workers it has threads of its own: they end with
 * its last batch, with a batch that fails, and with {@link #close}. Whoever leaves a pass early closes the epoch; where
 * that is forgotten, the threads end when the garbage collector finds the iterator.
 *
 * <p>A pass belongs to one thread at a time; {@link #close} may be called from any.
 */
public final class Epoch implements Iterable<Batch>, AutoCloseable {
    private static final Cleaner CLEANER = Cleaner.create(action -> {
        Thread thread = new Thread(action, "cadenza-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    final DataLoader loader;
    final Device device;
    final long number;
    final int first;
    final int end;
    private final Order order;
    private final Set<BatchSource> open = ConcurrentHashMap.newKeySet();
    private final LongAdder nanosWaiting = new LongAdder();
    private volatile boolean closed;

    Epoch(DataLoader loader, long number, Device device) {
        this(
                loader,
                number,
                device,
                Order.of(loader.options.sampler, loader.dataset().size(), number),
                0);
    }

    private Epoch(DataLoader loader, long number, Device device, Order order, int first) {
        this.loader = loader;
        this.number = number;
        this.device = device;
        this.order = order;
        this.first = first;
        end = loader.size();
    }

    /**
     * Return this epoch without its first batches; it has to be closed, too.
     *
     * @param batch the number of the batch to begin with, from 0 to {@code loader.size()}, which leaves none
     * @throws IllegalArgumentException if it is out of range
     */
    public Epoch from(int batch) {
        if (batch < 0 || batch > end) {
            throw new IllegalArgumentException("wanted a batch from 0 to " + end + " to begin with, but got: " + batch);
        }
        return new Epoch(loader, number, device, order, batch);
    }

    /** Return the number of batches of a pass; fewer come if {@code skipBroken} leaves nothing of one. */
    public int size() {
        return end - first;
    }

    /**
     * Begin a pass; its workers begin at once.
     *
     * <p>{@code next()} throws what making the batch threw, as it was, with what was being made as suppressed. If the
     * thread is interrupted while it waits for a worker, it throws an {@link IllegalStateException}, and stays
     * interrupted; so it does after {@link #close}.
     *
     * @throws IllegalStateException if the epoch was closed
     */
    @Override
    public Iterator<Batch> iterator() {
        if (closed) {
            throw new IllegalStateException("epoch " + number + " was closed; ask the loader for it again");
        }
        BatchMaker maker = new BatchMaker(loader.dataset(), loader.options, order, number);
        return loader.options.workers == 0 || size() == 0 ? passHere(maker) : passAside(maker);
    }

    private Pass passHere(BatchMaker maker) {
        BatchSource here = new Here(maker, first);
        open.add(here);
        return new Pass(this, here);
    }

    private Pass passAside(BatchMaker maker) {
        Workers workers = new Workers(maker, first, end, loader.ahead());
        Pass pass = new Pass(this, workers);
        CLEANER.register(pass, workers::stop); // the workers know nothing of the pass, so that it can be found
        open.add(workers);
        workers.start(loader.options.workers);
        return pass;
    }

    /**
     * Return how long passes of this epoch have kept their callers waiting: for a worker or, without workers, for making
     * the batches. Moving them to the device and transforming them there does not count.
     */
    public double secondsWaiting() {
        return nanosWaiting.sum() / 1e9;
    }

    void waited(long nanos) {
        nanosWaiting.add(nanos);
    }

    void end(BatchSource source) {
        source.close();
        open.remove(source);
    }

    /**
     * End all passes and their threads, and free the batches that were made ahead; a second time does nothing.
     *
     * <p>A thread that reads is interrupted. If it does not end within five seconds it is left to itself, with a warning,
     * and ends when its sample is made.
     */
    @Override
    public void close() {
        closed = true;
        open.forEach(this::end);
    }
}
