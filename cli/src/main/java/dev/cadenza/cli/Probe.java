package dev.cadenza.cli;

import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the machine. Nothing here fails: what cannot be found out is left as it was. */
final class Probe {
    private static final String CACHE_PROPERTY = "org.bytedeco.javacpp.cachedir";
    private static final Set<String> OURS = Set.of("torch", "c10", "gomp", "iomp5", "omp", "openblas", "jni");

    private Probe() {}

    static Machine look() {
        Machine m = new Machine();
        m.platform = platform(System.getProperty("os.name"), System.getProperty("os.arch"));
        m.osVersion = System.getProperty("os.version");
        m.glibc = output("getconf", "GNU_LIBC_VERSION")
                .replaceFirst("^glibc ", "")
                .strip();
        m.java = Runtime.version().feature();
        m.nativeAccess = nativeAccess();
        m.processors = Runtime.getRuntime().availableProcessors();
        m.environment = new TreeMap<>(System.getenv());
        m.properties = System.getProperties().stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, System::getProperty));
        m.nvidia = Files.exists(Path.of("/proc/driver/nvidia/version"))
                || !output("nvidia-smi", "-L").isBlank();
        m.otherLibtorch = otherLibtorch(m.environment.getOrDefault("LD_LIBRARY_PATH", ""));
        load(m);
        lookAtCache(m);
        m.libraries = libraries(m.engine);
        return m;
    }

    private static void load(Machine m) {
        try {
            m.engine = Engine.facts();
        } catch (LinkageError | RuntimeException e) {
            m.loadError = String.valueOf(e.getMessage()).lines().findFirst().orElse("") + " ("
                    + e.getClass().getSimpleName() + ")";
            return;
        }
        try (Scope scope = Scope.open()) {
            Parameter w = new Parameter(Tensor.ones(3, 2));
            Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).matmul(w).sum().backward();
            float[] gradient = w.grad().toFloats();
            if (!Arrays.equals(gradient, new float[] {5, 5, 7, 7, 9, 9})) {
                m.computeError = "the gradient of a matrix product is wrong: " + Arrays.toString(gradient);
            }
        } catch (LinkageError | RuntimeException e) {
            m.computeError = "a matrix product and its gradient failed: " + e;
        }
    }

    static String platform(String os, String arch) {
        String name = os.toLowerCase(Locale.ROOT);
        String system = name.startsWith("mac") ? "macosx" : name.startsWith("windows") ? "windows" : name;
        return system + "-"
                + switch (arch) {
                    case "amd64", "x86_64" -> "x86_64";
                    case "aarch64", "arm64" -> "arm64";
                    default -> arch;
                };
    }

    /** Asks by reflection, since Java 17 neither knows the question nor forbids anything. */
    private static boolean nativeAccess() {
        try {
            return (boolean) Module.class.getMethod("isNativeAccessEnabled").invoke(Probe.class.getModule());
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }

    /** The system's list of libraries, and the folders that come before it. */
    private static List<String> otherLibtorch(String libraryPath) {
        List<String> found = output("/sbin/ldconfig", "-p")
                .lines()
                .filter(line -> line.contains("libtorch"))
                .map(line -> line.replaceFirst(".*=> ", ""))
                .collect(Collectors.toCollection(ArrayList::new));
        Arrays.stream(libraryPath.split(":"))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, "libtorch_cpu.so"))
                .filter(Files::exists)
                .forEach(path -> found.add(path.toString()));
        return found;
    }

    /** JavaCPP takes the first of these that it can write to. */
    private static void lookAtCache(Machine m) {
        String user = System.getProperty("user.name");
        List<Path> candidates = Stream.of(
                        m.property(CACHE_PROPERTY),
                        System.getProperty("user.home") + "/.javacpp/cache",
                        System.getProperty("java.io.tmpdir") + "/.javacpp-" + user + "/cache")
                .filter(folder -> !folder.isEmpty())
                .map(Path::of)
                .toList();
        Path wanted = candidates.get(0);
        m.cache = candidates.stream().filter(Probe::isWritable).findFirst().orElse(wanted);
        m.cacheNotWritable = m.cache.equals(wanted) && isWritable(wanted) ? null : wanted;
        m.cache = real(m.cache);
        try (Stream<Path> files = Files.walk(m.cache)) {
            m.cacheBytes = files.mapToLong(file -> file.toFile().length()).sum();
            m.diskFree = Files.getFileStore(m.cache).getUsableSpace();
        } catch (IOException | UncheckedIOException e) {
            m.diskFree = 0;
        }
    }

    private static boolean isWritable(Path folder) {
        try {
            return Files.isWritable(Files.createDirectories(folder));
        } catch (IOException e) {
            return false;
        }
    }

    /** What the kernel has mapped, which JavaCPP need not know of; elsewhere what JavaCPP loaded. */
    private static List<Path> libraries(Map<String, String> engine) {
        try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
            return maps.filter(line -> line.indexOf('/') > 0)
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .distinct()
                    .filter(Probe::isOurs)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            return engine.entrySet().stream()
                    .filter(fact -> fact.getKey().startsWith("library."))
                    .map(fact -> real(Path.of(fact.getValue())))
                    .toList();
        }
    }

    private static boolean isOurs(Path path) {
        String name = path.getFileName().toString();
        return name.contains(".so") && OURS.stream().anyMatch(ours -> name.startsWith("lib" + ours));
    }

    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException e) {
            return path.toAbsolutePath().normalize();
        }
    }

    private static String output(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? output : "";
        } catch (IOException e) {
            return ""; // there is no such program here
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
