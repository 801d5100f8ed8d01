package dev.cadenza.data;

import dev.cadenza.data.BatchMaker.Attempt;

/** Where a pass has its batches from, in their order. */
interface BatchSource {
    /**
     * Waits for the next batch, and leaves it here.
     *
     * @throws IllegalStateException if the source was closed, or the thread is interrupted while it waits
     */
    Attempt peek();

    /** Lets go of the batch that was seen last, to whoever saw it. */
    void drop();

    /** Ends at once what this source does, without waiting for it, and frees what is ready. */
    void stop();

    /** Stops, and waits until that is over. */
    void close();

    /** The error of a source that was closed too early. */
    static IllegalStateException closed(int number) {
        return new IllegalStateException(
                "the epoch was closed, or a batch failed, before batch " + number + "; begin a new pass");
    }
}
