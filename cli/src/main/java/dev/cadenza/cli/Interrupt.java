package dev.cadenza.cli;

import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Learner;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Ends a fit after its current batch when the process is told to stop (Ctrl-C, SIGTERM), and holds the process until
 * everything is written: open it around all that must be.
 */
final class Interrupt implements Callback, AutoCloseable {
    private static final int WAIT_SECONDS = 10;

    private final CountDownLatch written = new CountDownLatch(1);
    private volatile boolean asked;

    Interrupt() {
        // Stays registered, since it cannot be taken back while the JVM ends; once closed, it returns at once.
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "cadenza-interrupt"));
    }

    private void stop() {
        asked = true;
        try {
            written.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void afterBatch(Learner learn) {
        if (asked) {
            throw Cancel.fit("interrupted");
        }
    }

    @Override
    public void close() {
        written.countDown();
    }
}
