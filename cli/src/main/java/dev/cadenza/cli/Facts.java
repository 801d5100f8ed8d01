package dev.cadenza.cli;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** What {@link Doctor} tells about a machine before it judges, in groups. */
final class Facts {
    /** The processor features that libtorch has code of its own for. */
    private static final Set<String> FEATURES =
            Set.of("avx2", "fma", "f16c", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16", "amx_int8");

    private Facts() {}

    static Map<String, Map<String, String>> of(Machine m) {
        Map<String, Map<String, String>> groups = new LinkedHashMap<>();
        groups.put("Cadenza", Map.of("version", Versions.cadenza()));
        groups.put("Java", java());
        groups.put("Machine", machine(m));
        groups.put("Engine", engine(m));
        groups.put("Libraries", libraries(m));
        groups.put("Environment", environment(m));
        groups.values().removeIf(Map::isEmpty);
        return groups;
    }

    private static Map<String, String> java() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("version", Versions.java());
        facts.put("home", System.getProperty("java.home"));
        facts.put("heap", megabytes(Runtime.getRuntime().maxMemory()) + " at most");
        return facts;
    }

    private static Map<String, String> machine(Machine m) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("system", Versions.system() + (m.glibc.isEmpty() ? "" : ", glibc " + m.glibc));
        facts.put("processors", m.processors + " " + cpuInfo("model name"));
        facts.put("features", features(cpuInfo("flags")));
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            facts.put("memory", megabytes(system.getTotalMemorySize())); // of the container, if we are in one
        }
        return facts;
    }

    private static Map<String, String> engine(Machine m) {
        Map<String, String> facts = new LinkedHashMap<>(m.engine);
        facts.keySet().removeIf(name -> name.startsWith("library."));
        facts.put("cache", m.cache + " (" + megabytes(m.cacheBytes) + ", " + megabytes(m.diskFree) + " free)");
        return facts;
    }

    private static Map<String, String> libraries(Machine m) {
        Map<String, String> facts = new LinkedHashMap<>();
        m.libraries.stream()
                .sorted()
                .forEach(path -> facts.put(path.getFileName().toString(), path.toString()));
        return facts;
    }

    private static Map<String, String> environment(Machine m) {
        Map<String, String> facts = new LinkedHashMap<>(m.environment);
        facts.keySet()
                .removeIf(name ->
                        !name.matches("(OMP|KMP|GOMP|OPENBLAS|MKL|CUDA|CADENZA)_.*|LD_LIBRARY_PATH|LD_PRELOAD"));
        return facts;
    }

    static String features(String flags) {
        List<String> found = Arrays.stream(flags.split("\\s+"))
                .filter(FEATURES::contains)
                .distinct()
                .sorted()
                .toList();
        return found.isEmpty() ? "unknown" : String.join(" ", found);
    }

    private static String cpuInfo(String key) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException | UncheckedIOException e) {
            return ""; // not Linux
        }
    }

    private static String megabytes(long bytes) {
        return (bytes >> 20) + " MB";
    }
}
