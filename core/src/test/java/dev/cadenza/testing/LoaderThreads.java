package dev.cadenza.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.BooleanSupplier;

/** Looks at the threads of data loaders. */
public final class LoaderThreads {
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    private LoaderThreads() {}

    /** The names of those that are alive. */
    public static List<String> alive() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(Thread::isAlive)
                .map(Thread::getName)
                .filter(name -> name.startsWith("cadenza-loader-"))
                .toList();
    }

    /** Wait for what other threads bring about, and fail if they don't. */
    public static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.getAsBoolean() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
            try {
                Thread.sleep(1);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        assertThat(condition.getAsBoolean()).as("what was waited for").isTrue();
    }
}
