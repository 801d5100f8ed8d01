package dev.cadenza.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "mallopt is a function of glibc")
class KeptMemoryTest {
    private static int faults(String mallopt) throws Exception {
        Process process = new ProcessBuilder(List.of(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-Xmx256m",
                        "-Dcadenza.threads=1",
                        "-Dcadenza.mallopt=" + mallopt,
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyLargeTensors.class.getName()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains("kept " + mallopt);
        return Integer.parseInt(output.substring(output.lastIndexOf(' ') + 1).strip());
    }

    @Test
    void a_large_tensor_gets_the_memory_of_the_one_that_was_freed() throws Exception {
        assertThat(faults("true") * 4).isLessThan(faults("false"));
    }

    @Test
    void a_function_that_the_C_library_has_not_is_not_called() {
        Engine.load();
        assertThat(KeptMemory.call("no_such_function", 1, 1)).isZero();
    }

    static final class ManyLargeTensors {
        private ManyLargeTensors() {}

        /** Counts in pages, as the kernel does for each thread, so that no other work of the machine counts. */
        private static long faults() throws Exception {
            String stat = Files.readString(Path.of("/proc/thread-self/stat"));
            return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ")[7]);
        }

        public static void main(String[] args) throws Exception {
            Tensor x = Tensor.ones(8_500_000);
            long fewest = Long.MAX_VALUE; // memory takes some calls to settle, how many is not certain
            for (int i = 0; i < 25; i++) {
                long before = faults();
                x.relu().close();
                fewest = Math.min(fewest, faults() - before);
            }
            System.out.println("kept " + Engine.facts().get("memory.kept"));
            System.out.println("faults " + fewest);
        }
    }
}
