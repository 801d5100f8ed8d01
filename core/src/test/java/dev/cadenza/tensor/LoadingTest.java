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
import org.junit.jupiter.api.io.TempDir;

/** Loading in JVMs of their own, beside a libtorch that is not ours. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the other libtorch is put before ours by LD_LIBRARY_PATH")
class LoadingTest {
    @TempDir
    private Path dir;

    private String run(Class<?> main, int exitCode) throws Exception {
        ProcessBuilder child = new ProcessBuilder(List.of(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-Xmx256m",
                        "-XX:-CreateCoredumpOnCrash",
                        "-XX:ErrorFile=" + dir.resolve("hs_err"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        main.getName()))
                .redirectErrorStream(true);
        child.environment().put("LD_LIBRARY_PATH", dir.toString());
        Process process = child.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor() == 0).as(output).isEqualTo(exitCode == 0);
        return output;
    }

    /** Any library will do that has not what libtorch.so looks for. */
    private void putAnotherLibtorchFirst() throws Exception {
        Path ours = Path.of(Engine.facts().get("library.jnijavacpp"));
        Files.copy(ours, dir.resolve("libtorch_cpu.so"));
    }

    @Test
    void another_libtorch_before_ours_is_left_alone() throws Exception {
        putAnotherLibtorchFirst();
        assertThat(run(WithCadenza.class, 0)).contains("sum 2.0");
    }

    @Test
    void the_same_ends_a_process_that_loads_libtorch_in_the_order_of_javacpp() throws Exception {
        putAnotherLibtorchFirst();
        run(WithoutCadenza.class, 1);
    }

    static final class WithCadenza {
        private WithCadenza() {}

        public static void main(String[] args) {
            System.out.println("sum " + Tensor.ones(2).sum().item());
        }
    }

    static final class WithoutCadenza {
        private WithoutCadenza() {}

        public static void main(String[] args) {
            System.out.println(org.bytedeco.pytorch.global.torch.ones(2).dim());
        }
    }
}
