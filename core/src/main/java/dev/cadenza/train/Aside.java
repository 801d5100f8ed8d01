package dev.cadenza.train;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An observer on a thread of its own, fed over a bounded queue; the thread lives from the first snapshot to the end. */
final class Aside implements FitObserver {
    private static final Logger LOG = LoggerFactory.getLogger(Aside.class);

    private final FitObserver observer;
    private final int capacity;
    private final long patienceMillis;
    private Worker worker;

    Aside(FitObserver observer, int capacity, long patienceMillis) {
        if (capacity < 1) {
            throw new IllegalArgumentException("wanted room for 1 snapshot or more, but got: " + capacity);
        }
        this.observer = observer;
        this.capacity = capacity;
        this.patienceMillis = patienceMillis;
    }

    private final class Worker extends Thread {
        private final BlockingQueue<Optional<Snapshot>> queue = new ArrayBlockingQueue<>(capacity);
        private volatile Throwable failure;
        private long leftOut;

        Worker() {
            super("cadenza-observer");
            setDaemon(true);
        }

        @Override
        public void run() {
            try {
                for (Optional<Snapshot> next = queue.take(); next.isPresent(); next = queue.take()) {
                    observer.observe(next.get());
                }
                observer.fitEnded();
            } catch (InterruptedException e) {
                LOG.warn("{} was stopped: it was still busy when the fit had ended", observer);
            } catch (Exception | LinkageError | AssertionError e) {
                failure = e;
            }
        }

        void end() throws InterruptedException {
            queue.offer(Optional.empty(), patienceMillis, TimeUnit.MILLISECONDS);
            join(patienceMillis);
        }
    }

    @Override
    public void observe(Snapshot snapshot) {
        if (worker == null) {
            worker = new Worker();
            worker.start();
        }
        rethrow(worker.failure);
        if (!worker.queue.offer(Optional.of(snapshot))) {
            worker.leftOut++;
        }
    }

    private static void rethrow(Throwable failure) {
        if (failure != null) {
            throw new IllegalStateException("on its own thread: " + failure, failure);
        }
    }

    @Override
    public void fitEnded() {
        if (worker == null) {
            return;
        }
        Worker ended = worker;
        worker = null;
        try {
            ended.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // whoever interrupts the training does not wait for observers
        }
        if (ended.isAlive()) {
            ended.interrupt();
        }
        if (ended.leftOut > 0) {
            LOG.warn("{} was too slow: {} snapshots were left out", observer, ended.leftOut);
        }
        rethrow(ended.failure);
    }

    @Override
    public String toString() {
        return observer + " aside";
    }
}
