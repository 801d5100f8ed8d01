package dev.cadenza.data;

import dev.cadenza.data.BatchMaker.Attempt;
import dev.cadenza.tensor.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes batches ahead, on threads of its own, and gives them out in order.
 *
 * <p>A worker takes the next number, makes that batch and puts it at its place in a ring. It does not begin one before
 * there is room: no more batches than the ring is long are being made or ready at a time. Once a batch has failed
 * nobody begins a later one.
 */
final class Workers implements BatchSource {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    static final long PATIENCE_MILLIS = 5_000;

    private final BatchMaker maker;
    private final long patienceMillis;
    private final List<Thread> threads = new ArrayList<>();
    private final Attempt[] ring;
    private int begun;
    private int taken;
    private int end;
    private boolean stopped;
    private Throwable death;

    /** Makes the batches from {@code first} to {@code end - 1}; {@link #start} begins. */
    Workers(BatchMaker maker, int first, int end, int ahead) {
        this(maker, first, end, ahead, PATIENCE_MILLIS);
    }

    /** For tests, which must not wait as long. */
    Workers(BatchMaker maker, int first, int end, int ahead, long patienceMillis) {
        this.maker = maker;
        this.patienceMillis = patienceMillis;
        begun = first;
        taken = first;
        this.end = end;
        ring = new Attempt[Math.max(1, Math.min(ahead, end - first))];
    }

    void start(int count) {
        try {
            for (int i = 0; i < Math.min(count, end - taken); i++) {
                Thread thread = new Thread(this::work, "cadenza-loader-" + i);
                thread.setDaemon(true);
                thread.start();
                threads.add(thread);
            }
        } catch (Throwable e) { // the system refuses another thread
            close();
            throw e;
        }
    }

    private void work() {
        try {
            Engine.oneThreadHere();
            for (int number = begin(); number >= 0; number = begin()) {
                put(number, maker.attempt(number));
            }
        } catch (Throwable e) { // even then nobody may wait for ever
            die(e);
        }
    }

    /** Waits for room; gives the number of a batch to make, or -1 when there is none left. */
    private synchronized int begin() {
        while (!stopped && begun < end && begun - taken >= ring.length) {
            try {
                wait();
            } catch (InterruptedException e) {
                // stop() interrupts, which shows in the condition; or a data set has left an interrupt behind.
                LOG.trace("interrupted while there was no room", e);
            }
        }
        if (stopped || begun >= end) {
            return -1;
        }
        Thread.interrupted(); // what one sample left is not for the next
        return begun++;
    }

    private void put(int number, Attempt attempt) {
        synchronized (this) {
            if (!stopped) {
                ring[number % ring.length] = attempt;
                if (attempt.failure() != null) {
                    end = Math.min(end, number + 1);
                }
                notifyAll();
                return;
            }
        }
        attempt.close();
    }

    private synchronized void die(Throwable cause) {
        death = cause;
        notifyAll();
    }

    @Override
    public synchronized Attempt peek() {
        int place = taken % ring.length;
        while (!stopped && ring[place] == null && death == null) {
            try {
                wait();
            } catch (InterruptedException e) {
                stop();
                Thread.currentThread().interrupt();
                throw new IllegalStateException("the thread was interrupted while it waited for batch " + taken, e);
            }
        }
        if (stopped) {
            throw BatchSource.closed(taken);
        }
        return ring[place] == null ? new Attempt(null, death) : ring[place];
    }

    @Override
    public synchronized void drop() {
        ring[taken % ring.length] = null;
        taken++;
        notifyAll();
    }

    @Override
    public synchronized void stop() {
        if (stopped) {
            return;
        }
        stopped = true;
        for (int i = 0; i < ring.length; i++) {
            if (ring[i] != null) {
                ring[i].close();
                ring[i] = null;
            }
        }
        threads.forEach(Thread::interrupt);
        notifyAll();
    }

    @Override
    public void close() {
        stop();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
        boolean interrupted = false;
        for (Thread thread : threads) {
            interrupted |= join(thread, deadline);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        List<String> busy =
                threads.stream().filter(Thread::isAlive).map(Thread::getName).toList();
        if (!busy.isEmpty() && !threads.contains(Thread.currentThread())) {
            LOG.warn(
                    "{} still make a sample {} ms after the epoch was closed, and were interrupted; they end with it",
                    busy,
                    patienceMillis);
        }
    }

    /** Waits for a thread, interrupted or not, and tells whether it was. */
    private static boolean join(Thread thread, long deadline) {
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                break;
            }
            try {
                thread.join(left);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        return interrupted;
    }
}
