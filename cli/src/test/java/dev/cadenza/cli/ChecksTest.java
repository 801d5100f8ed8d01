package dev.cadenza.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.cli.Finding.Level;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {
    private static Machine healthy() {
        Machine m = new Machine();
        m.platform = "linux-x86_64";
        m.glibc = "2.36";
        m.java = 25;
        m.processors = 8;
        m.cache = Path.of("/home/ada/.javacpp/cache");
        m.diskFree = 100L << 30;
        m.libraries = List.of(m.cache.resolve("pytorch.jar/libtorch_cpu.so"));
        m.engine = new HashMap<>(Map.of(
                "libtorch", "2.10.0",
                "threads.openmp", "8",
                "threads.openblas", "8",
                "build", "cpu",
                "cuda.devices", "0",
                "memory.limit", "0"));
        return m;
    }

    private static Finding find(String about, Consumer<Machine> trouble) {
        Machine m = healthy();
        trouble.accept(m);
        return Checks.all(m).stream()
                .filter(finding -> finding.about().equals(about))
                .findFirst()
                .orElseThrow();
    }

    private static void assertTrouble(Level level, String about, Consumer<Machine> trouble, String... words) {
        Finding finding = find(about, trouble);
        assertThat(finding.level()).isEqualTo(level);
        assertThat(finding.what() + " → " + finding.cure()).contains(words);
        assertThat(finding.cure()).isNotBlank();
    }

    @Test
    void a_healthy_machine_is_all_ok() {
        assertThat(Checks.all(healthy())).hasSize(12).allMatch(finding -> finding.level() == Level.OK);
    }

    @Test
    void a_platform_without_libtorch_is_a_problem() {
        assertTrouble(Level.PROBLEM, "platform", m -> m.platform = "linux-arm64", "linux-arm64", "linux-x86_64");
    }

    @ParameterizedTest
    @CsvSource({"14.7.1, PROBLEM", "15.0, OK", "26.1, OK"})
    void macos_must_be_15(String version, Level level) {
        Finding finding = find("platform", m -> {
            m.platform = "macosx-arm64";
            m.osVersion = version;
        });
        assertThat(finding.level()).isEqualTo(level);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        linux-x86_64   | 2.31 | libjnitorch.so: cannot open                        | GNU C library 2.35
        linux-x86_64   | 2.36 | version `GLIBC_2.38' not found                     | GNU C library
        linux-x86_64   | ''   | Error relocating libtorch.so                       | Alpine
        linux-x86_64   | 2.36 | libtorch_cpu.so: undefined symbol: _ZN3c10         | two libtorchs are mixed
        linux-x86_64   | 2.36 | no jnitorch in java.library.path: /usr/lib         | not on the class path
        linux-x86_64   | 2.36 | file too short                                     | delete
        windows-x86_64 | ''   | jnitorch.dll: Can't find dependent libraries       | Visual C++ Redistributable
        """)
    void what_cannot_be_loaded_has_a_cure(String platform, String glibc, String error, String cure) {
        Consumer<Machine> trouble = m -> {
            m.platform = platform;
            m.glibc = glibc;
            m.loadError = error;
            m.engine = Map.of();
        };
        assertTrouble(Level.PROBLEM, "libtorch", trouble, error, cure);
    }

    @Test
    void of_an_engine_that_is_not_there_nothing_else_is_said() {
        Machine m = healthy();
        m.loadError = "file too short";
        assertThat(Checks.all(m)).extracting(Finding::about).doesNotContain("computing", "threads", "GPU");
    }

    @Test
    void a_wrong_result_is_a_problem() {
        assertTrouble(Level.PROBLEM, "computing", m -> m.computeError = "the gradient is wrong", "gradient");
    }

    @Test
    void a_library_from_elsewhere_is_a_problem() {
        Path foreign = Path.of("/usr/lib/libtorch_cpu.so");
        assertTrouble(
                Level.PROBLEM, "libraries", m -> m.libraries = List.of(foreign), foreign.toString(), "LD_LIBRARY_PATH");
    }

    @Test
    void another_libtorch_that_is_not_used_is_ok() {
        Finding finding = find("other libtorch", m -> m.otherLibtorch = List.of("/usr/lib/libtorch.so.1.13"));
        assertThat(finding.level()).isEqualTo(Level.OK);
        assertThat(finding.what()).contains("not used", "1.13");
    }

    @Test
    void paths_first_is_a_problem() {
        assertTrouble(
                Level.PROBLEM,
                "pathsFirst",
                m -> m.properties = Map.of("org.bytedeco.javacpp.pathsFirst", "true"),
                "remove the property");
    }

    @Test
    void a_cache_that_is_not_writable_is_a_problem_and_a_full_disk_a_note() {
        assertTrouble(Level.PROBLEM, "cache", m -> m.cacheNotWritable = Path.of("/nobody"), "/nobody", "cachedir");
        assertTrouble(Level.NOTE, "cache", m -> m.diskFree = 300L << 20, "300 MB", "make room");
    }

    @Test
    void a_memory_limit_is_a_note() {
        assertTrouble(Level.NOTE, "memory", m -> m.engine.put("memory.limit", "4096"), "4096", "maxPhysicalBytes=0");
    }

    @Test
    void native_access_that_was_not_allowed_is_a_note() {
        assertTrouble(Level.NOTE, "native access", m -> m.nativeAccess = false, "--enable-native-access");
    }

    @Test
    void variables_that_change_openmp_are_a_note() {
        assertTrouble(
                Level.NOTE,
                "OpenMP",
                m -> m.environment = Map.of("OMP_NUM_THREADS", "4", "KMP_DUPLICATE_LIB_OK", "TRUE", "HOME", "/"),
                "sets KMP_DUPLICATE_LIB_OK, OMP_NUM_THREADS",
                "unset");
    }

    @Test
    void two_pools_that_spin_are_a_problem_unless_one_is_quiet() {
        Consumer<Machine> spinning = m -> m.properties = Map.of("cadenza.calm", "false");
        assertTrouble(Level.PROBLEM, "threads", spinning, "OpenMP 8, OpenBLAS 8", "cadenza.calm");
        assertThat(find("threads", spinning.andThen(m -> m.engine.put("threads.openblas", "1")))
                        .level())
                .isEqualTo(Level.OK);
        assertThat(find("threads", spinning.andThen(m -> m.environment = Map.of("OMP_WAIT_POLICY", "PASSIVE")))
                        .level())
                .isEqualTo(Level.OK);
    }

    @Test
    void a_gpu_and_a_build_that_do_not_fit_are_told() {
        Consumer<Machine> gpuBuild = m -> m.engine.put("build", "gpu");
        assertTrouble(Level.NOTE, "GPU", m -> m.nvidia = true, "-Pgpu");
        assertTrouble(Level.PROBLEM, "GPU", gpuBuild, "install NVIDIA's driver");
        assertThat(find("GPU", gpuBuild.andThen(m -> m.engine.put("cuda.devices", "2")))
                        .level())
                .isEqualTo(Level.OK);
    }

    @Test
    void platforms_are_named_as_the_native_jars_are() {
        assertThat(Probe.platform("Linux", "amd64")).isEqualTo("linux-x86_64");
        assertThat(Probe.platform("Mac OS X", "aarch64")).isEqualTo("macosx-arm64");
        assertThat(Probe.platform("Windows 11", "amd64")).isEqualTo("windows-x86_64");
        assertThat(Probe.platform("Linux", "riscv64")).isEqualTo("linux-riscv64");
    }

    @Test
    void features_are_those_that_libtorch_uses() {
        assertThat(Facts.features("fpu avx2 sse avx512f avx512_bf16")).isEqualTo("avx2 avx512_bf16 avx512f");
        assertThat(Facts.features("")).isEqualTo("unknown");
    }
}
