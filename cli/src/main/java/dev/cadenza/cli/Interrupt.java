package dev.cadenza.cli;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Holds a process that is told to end (Ctrl-C, SIGTERM) until everything is written: open it around all that must be. The
 * training itself ends by its {@code Checkpointing}.
 */
final class Interrupt implements AutoCloseable {
    private static final int WAIT_SECONDS = 60;

    private final CountDownLatch written = new CountDownLatch(1);

    Interrupt() {
        // Stays registered, since it cannot be taken back while the JVM ends; once closed, it returns at once.
        Runtime.getRuntime().addShutdownHook(new Thread(this::hold, "cadenza-interrupt"));
    }

    private void hold() {
        try {
            written.await(WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        written.countDown();
    }
}
