package dev.cadenza.callback;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells someone when the process is told to end (SIGTERM, Ctrl-C), and holds it until this is closed, or a minute. */
final class ShutdownHold implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    ShutdownHold(Runnable told) {
        hook = new Thread(
                () -> {
                    told.run();
                    await();
                },
                "cadenza-shutdown");
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException e) { // it ends already
            told.run();
        }
    }

    private void await() {
        try {
            closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    @SuppressWarnings("EmptyCatch") // the process ends already, and was told
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
        }
    }
}
