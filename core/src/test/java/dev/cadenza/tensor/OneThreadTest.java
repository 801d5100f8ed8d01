package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OneThreadTest {
    private int before;

    @BeforeEach
    void computeWithThreeThreads() {
        before = Engine.threads();
        Engine.threads(3);
    }

    @AfterEach
    void restore() {
        Engine.threads(before);
    }

    private static <T> T elsewhere(Callable<T> action) throws Exception {
        FutureTask<T> task = new FutureTask<>(action);
        Thread thread = new Thread(task);
        thread.start();
        T result = task.get();
        thread.join();
        return result;
    }

    private static int threadsElsewhere() throws Exception {
        return elsewhere(() -> Engine.threads());
    }

    @Test
    void one_thread_here_leaves_all_others_as_they_are() throws Exception {
        int[] seen = elsewhere(() -> {
            Thread.currentThread().interrupt();
            Engine.oneThreadHere();
            Engine.oneThreadHere();
            return new int[] {Engine.threads(), Thread.interrupted() ? 1 : 0, threadsElsewhere()};
        });
        assertThat(seen)
                .as("there, still interrupted, and on a thread born later")
                .containsExactly(1, 1, 3);
        assertThat(Engine.threads()).isEqualTo(3);
        assertThat(threadsElsewhere()).isEqualTo(3);
    }

    @Test
    void running_on_one_thread_ends_with_the_action() throws Exception {
        assertThat(Engine.<Integer>onOneThread(() -> Engine.onOneThread(Engine::threads)))
                .isEqualTo(1);
        assertThat(Engine.threads()).isEqualTo(3);
        assertThatIllegalStateException()
                .isThrownBy(() -> Engine.onOneThread(() -> {
                    throw new IllegalStateException();
                }));
        assertThat(Engine.threads()).isEqualTo(3);
        assertThat(threadsElsewhere()).isEqualTo(3);
    }
}
