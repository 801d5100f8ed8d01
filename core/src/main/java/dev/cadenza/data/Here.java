package dev.cadenza.data;

import dev.cadenza.data.BatchMaker.Attempt;

/** Makes each batch when it is asked for, on the thread that asks. */
final class Here implements BatchSource {
    private final BatchMaker maker;
    private int next;
    private Attempt ready;
    private volatile boolean stopped;

    Here(BatchMaker maker, int first) {
        this.maker = maker;
        next = first;
    }

    @Override
    public Attempt peek() {
        if (ready == null && !stopped) {
            ready = maker.attempt(next);
        }
        if (stopped) { // perhaps by another thread, while the batch was made
            stop();
            throw BatchSource.closed(next);
        }
        return ready;
    }

    @Override
    public void drop() {
        ready = null;
        next++;
    }

    @Override
    public void stop() {
        stopped = true;
        Attempt left = ready;
        ready = null;
        if (left != null) {
            left.close();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
