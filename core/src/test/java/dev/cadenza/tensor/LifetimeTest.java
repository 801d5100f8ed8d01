package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LifetimeTest {
    @BeforeAll
    static void makeTheConstants() {
        Tensor.ones(1).close(); // live objects are counted from here
    }

    @Test
    void a_tensor_used_after_close_names_its_shape() {
        Tensor x = Tensor.zeros(2, 3);
        x.close();
        assertThat(x.isClosed()).isTrue();
        assertThatIllegalStateException()
                .isThrownBy(() -> x.add(1))
                .withMessageContaining("[2, 3]")
                .withMessageContaining("closed by close()")
                .withMessageContaining("-Dcadenza.trace=true");
    }

    @Test
    void every_kind_of_use_after_close_is_refused() {
        Tensor open = Tensor.ones(2);
        Tensor x = Tensor.ones(2);
        x.close();
        assertThatIllegalStateException().isThrownBy(x::shape);
        assertThatIllegalStateException().isThrownBy(x::toFloats);
        assertThatIllegalStateException().isThrownBy(x::keep);
        assertThatIllegalStateException().isThrownBy(x::backward);
        assertThatIllegalStateException().isThrownBy(() -> open.add(x));
        assertThatIllegalStateException().isThrownBy(() -> open.add_(x));
        assertThatIllegalStateException().isThrownBy(() -> x.add_(open));
        assertThatIllegalStateException().isThrownBy(() -> Tensor.cat(List.of(open, x), 0));
        assertThatIllegalStateException().isThrownBy(() -> new Parameter(x));
        assertThatIllegalStateException().isThrownBy(() -> open.setGrad(x));
        assertThat(open.toFloats()).containsExactly(1, 1);
        open.close();
    }

    @Test
    void a_closed_tensor_can_still_be_printed() {
        Tensor x = Tensor.zeros(2);
        x.close();
        assertThat(x).hasToString("Tensor(closed)");
        assertThat(x.describe()).isEqualTo("closed");
    }

    @Test
    void closing_twice_is_harmless() {
        long before = Engine.liveObjects();
        Tensor x = Tensor.zeros(2);
        x.close();
        x.close();
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void a_view_outlives_the_tensor_whose_memory_it_shares() {
        Tensor x = Tensor.arange(4);
        try (Tensor view = x.view(2, 2)) {
            x.close();
            assertThat(view.toLongs()).containsExactly(0, 1, 2, 3);
        }
    }

    @Test
    void a_tensor_closed_by_another_thread_is_refused_cleanly() throws Exception {
        Tensor x = Tensor.zeros(5);
        Thread other = new Thread(x::close);
        other.start();
        other.join();
        assertThatIllegalStateException().isThrownBy(x::exp).withMessageContaining("[5]");
    }

    @Test
    void operations_that_fail_leave_no_native_objects() {
        try (Tensor x = Tensor.zeros(2, 3);
                Tensor bools = x.gt(0);
                Tensor closed = Tensor.ones(1)) {
            closed.close();
            long before = Engine.liveObjects();
            assertThatThrownBy(() -> x.matmul(x)).isInstanceOf(TensorException.class);
            assertThatThrownBy(() -> x.add(closed)).isInstanceOf(IllegalStateException.class);
            assertThatThrownBy(() -> x.view(7)).isInstanceOf(TensorException.class);
            assertThatThrownBy(() -> new Parameter(bools)).isInstanceOf(TensorException.class);
            assertThatThrownBy(x::grad).isInstanceOf(TensorException.class);
            assertThatThrownBy(() -> Tensor.full(DType.INT64, Double.NaN, 3)).isInstanceOf(TensorException.class);
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
        }
    }

    @Test
    void three_threads_using_and_closing_the_same_tensors_get_values_or_clean_exceptions() throws Exception {
        long seed = 91;
        AtomicReferenceArray<Tensor> shared = new AtomicReferenceArray<>(8);
        for (int i = 0; i < 8; i++) {
            shared.set(i, Tensor.ones(64));
        }
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Future<Integer>> runs = new ArrayList<>();
            for (int t = 0; t < 3; t++) {
                SplittableRandom dice = new SplittableRandom(seed + t);
                runs.add(threads.submit(() -> useAndClose(shared, dice, 70_000)));
            }
            int used = 0;
            for (Future<Integer> run : runs) {
                used += run.get(); // fails with whatever was not a clean exception
            }
            assertThat(used).as("operations that worked, seed %d", seed).isPositive();
        } finally {
            threads.shutdown();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
        for (int i = 0; i < 8; i++) {
            shared.get(i).close();
        }
    }

    private static int useAndClose(AtomicReferenceArray<Tensor> shared, SplittableRandom dice, int steps) {
        int used = 0;
        for (int i = 0; i < steps; i++) {
            Tensor x = shared.get(dice.nextInt(8));
            try {
                switch (dice.nextInt(8)) {
                    case 0 -> {
                        x.close();
                        shared.set(dice.nextInt(8), Tensor.ones(64));
                    }
                    case 1 -> x.add_(1);
                    case 2 -> x.numel();
                    case 3 -> x.copy_(shared.get(dice.nextInt(8)));
                    case 4 -> x.toFloats();
                    default -> x.add(shared.get(dice.nextInt(8))).close();
                }
                used++;
            } catch (IllegalStateException e) {
                assertThat(e).hasMessageContaining("was closed by close()");
            }
        }
        return used;
    }

    @Test
    void with_trace_the_cause_shows_where_the_tensor_was_made() throws Exception {
        Process child = new ProcessBuilder(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-Xmx256m",
                        "-Dcadenza.trace=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeaveTrace.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(child.waitFor()).as(output).isZero();
        assertThat(output).contains("cause: the tensor was made here", "at " + LeaveTrace.class.getName() + ".make");
    }

    /** Runs in a JVM of its own, since the property is read once. */
    static final class LeaveTrace {
        private LeaveTrace() {}

        public static void main(String[] args) {
            Tensor x = make();
            x.close();
            try {
                x.exp();
            } catch (IllegalStateException e) {
                System.out.println("cause: " + e.getCause().getMessage());
                for (StackTraceElement frame : e.getCause().getStackTrace()) {
                    System.out.println("at " + frame);
                }
            }
        }

        private static Tensor make() {
            return Tensor.zeros(2);
        }
    }
}
