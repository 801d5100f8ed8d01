package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EngineTest {
    @BeforeAll
    static void makeTheConstants() {
        Tensor.ones(1).close(); // live objects are counted from here
    }

    @Test
    void facts_are_complete() {
        Map<String, String> facts = Engine.facts();
        assertThat(facts)
                .containsKeys(
                        "libtorch",
                        "javacpp",
                        "platform",
                        "cpu.capability",
                        "onednn",
                        "threads.openmp",
                        "threads.openblas",
                        "build",
                        "cuda.devices",
                        "memory.limit");
        assertThat(facts.get("libtorch")).startsWith("2.");
        assertThat(facts.get("build")).isIn("cpu", "gpu");
        assertThat(facts.values()).doesNotContainNull().doesNotContain("");
        assertThat(facts.entrySet().stream().filter(e -> e.getKey().startsWith("library.")))
                .as("libraries of %s", facts)
                .anyMatch(e -> e.getKey().contains("torch_cpu") && !e.getValue().isBlank());
    }

    @Test
    void thread_counts_that_would_end_the_process_are_refused() {
        int before = Engine.threads();
        for (int n : new int[] {0, -1, Integer.MIN_VALUE, 1025, Integer.MAX_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Engine.threads(n))
                    .withMessage("wanted from 1 to 1024 threads, but got: " + n);
        }
        assertThat(Engine.threads()).isEqualTo(before);
    }

    @Test
    void thread_counts_are_set_in_both_pools() {
        int before = Engine.threads();
        try {
            Engine.threads(1);
            assertThat(Engine.threads()).isEqualTo(1);
            assertThat(Engine.facts()).containsEntry("threads.openmp", "1").containsEntry("threads.openblas", "1");
        } finally {
            Engine.threads(before);
        }
    }

    @Test
    void live_objects_count_what_is_made_and_closed() {
        long before = Engine.liveObjects();
        Tensor[] made = new Tensor[1000];
        for (int i = 0; i < made.length; i++) {
            made[i] = Tensor.ones(1);
        }
        long between = Engine.liveObjects();
        for (Tensor tensor : made) {
            tensor.close();
        }
        assertThat(between - Engine.liveObjects()).isGreaterThanOrEqualTo(1000);
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }

    @Test
    void loading_again_does_nothing() {
        Engine.load();
        Engine.load();
        assertThat(Engine.cudaDevices()).isNotNegative();
        assertThat(Device.cudaIsAvailable()).isEqualTo(Engine.cudaDevices() > 0);
    }

    @Test
    void device_names_are_parsed_and_checked() {
        assertThat(Device.of("cpu")).isEqualTo(Device.CPU).hasToString("cpu");
        assertThat(Device.of("cuda")).isEqualTo(Device.cuda(0)).hasToString("cuda:0");
        assertThat(Device.of("cuda:3").index()).isEqualTo(3);
        for (String name : new String[] {"", "CPU", "cpu:0", "cuda:", "cuda:-1", "cuda:99999", "gpu"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Device.of(name))
                    .withMessageContaining("got: " + name);
        }
        assertThatIllegalArgumentException().isThrownBy(() -> Device.cuda(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> new Device(Device.Type.CPU, 1));
    }
}
