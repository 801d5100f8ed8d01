package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PathLockTest {
    @TempDir
    Path dir;

    /** Another process: holds the lock until its parent says a word, and leaves a file before it lets go. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] args) throws Exception {
            Path path = Path.of(args[0]);
            try (PathLock lock = PathLock.of(path)) {
                System.out.println("held");
                System.in.read();
                Files.createFile(path);
            }
        }
    }

    @Test
    void another_process_is_waited_for() throws Exception {
        Path path = dir.resolve("data");
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        Holder.class.getName(),
                        path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        ExecutorService thread = Executors.newSingleThreadExecutor();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("held");
            Future<Boolean> after = thread.submit(() -> {
                try (PathLock lock = PathLock.of(path)) {
                    return Files.exists(path);
                }
            });
            TimeUnit.MILLISECONDS.sleep(50); // time to take what is not locked
            other.outputWriter().append('\n').close();
            assertThat(after.get()).isTrue();
        } finally {
            other.destroy();
            thread.shutdownNow();
        }
    }

    @Test
    void of_many_threads_one_holds_it_at_a_time_and_no_file_is_left() throws Exception {
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(threads.submit(() -> {
                try (PathLock lock = PathLock.of(dir.resolve("data"))) {
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.sleep(1);
                    inside.decrementAndGet();
                }
                return null;
            }));
        }
        for (Future<?> each : all) {
            each.get();
        }
        threads.shutdown();
        assertThat(most).hasValue(1);
        assertThat(dir).isEmptyDirectory();
    }

    @Test
    void who_is_interrupted_while_waiting_takes_nothing_from_the_holder() throws Exception {
        Path path = dir.resolve("data");
        try (PathLock lock = PathLock.of(path)) {
            ExecutorService thread = Executors.newSingleThreadExecutor();
            Future<String> waiting = thread.submit(() -> {
                Thread.currentThread().interrupt();
                try (PathLock second = PathLock.of(path)) {
                    return "held";
                } catch (InterruptedException e) {
                    return "interrupted";
                }
            });
            assertThat(waiting.get()).isEqualTo("interrupted");
            thread.shutdownNow();
            assertThat(dir).isNotEmptyDirectory();
        }
        assertThat(dir).isEmptyDirectory();
    }
}
