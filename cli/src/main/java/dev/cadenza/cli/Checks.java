package dev.cadenza.cli;

import static dev.cadenza.cli.Finding.note;
import static dev.cadenza.cli.Finding.ok;
import static dev.cadenza.cli.Finding.problem;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/** The known troubles of the engine, one check each: from the facts to a finding with its cure. */
final class Checks {
    private static final List<Function<Machine, Finding>> OF_ANY_MACHINE = List.of(
            Checks::platform,
            Checks::loading,
            Checks::otherLibtorch,
            Checks::pathsFirst,
            Checks::cache,
            Checks::nativeAccess,
            Checks::openMp);
    private static final List<Function<Machine, Finding>> OF_A_LOADED_ENGINE =
            List.of(Checks::computing, Checks::libraries, Checks::memoryLimit, Checks::pools, Checks::gpu);

    private static final Set<String> PLATFORMS =
            new TreeSet<>(Set.of("linux-x86_64", "macosx-arm64", "windows-x86_64"));
    private static final long GB = 1L << 30;

    private Checks() {}

    static List<Finding> all(Machine m) {
        return Stream.concat(
                        OF_ANY_MACHINE.stream(), m.loadError == null ? OF_A_LOADED_ENGINE.stream() : Stream.empty())
                .map(check -> check.apply(m))
                .toList();
    }

    static Finding platform(Machine m) {
        if (!PLATFORMS.contains(m.platform)) {
            return problem(
                    "platform",
                    "there is no build of libtorch for " + m.platform,
                    "use one of " + PLATFORMS + "; on an ARM computer with Linux, an emulated x86_64 container works");
        }
        if (m.platform.startsWith("macosx") && LoadCures.older(m.osVersion, "15")) {
            return problem(
                    "platform",
                    "macOS " + m.osVersion + ", but libtorch was built for macOS 15 and newer",
                    "update macOS");
        }
        return ok("platform", m.platform);
    }

    static Finding loading(Machine m) {
        return m.loadError == null
                ? ok("libtorch", m.engine.get("libtorch") + " was loaded")
                : problem("libtorch", "cannot be loaded: " + m.loadError, LoadCures.of(m));
    }

    static Finding computing(Machine m) {
        return m.computeError == null
                ? ok("computing", "a matrix product and its gradient are right")
                : problem("computing", m.computeError, "delete " + m.cache + " and try again; then report it as a bug");
    }

    /** One foreign library among ours, and the process may die without a word (P1). */
    static Finding libraries(Machine m) {
        List<Path> foreign =
                m.libraries.stream().filter(path -> !path.startsWith(m.cache)).toList();
        return foreign.isEmpty()
                ? ok("libraries", m.libraries.size() + " were loaded, all from " + m.cache)
                : problem(
                        "libraries",
                        "loaded from outside JavaCPP's cache " + m.cache + ": " + foreign,
                        "unset LD_LIBRARY_PATH and LD_PRELOAD, do not set java.library.path, and delete the cache: "
                                + "links in it may lead there");
    }

    static Finding otherLibtorch(Machine m) {
        return m.otherLibtorch.isEmpty()
                ? ok("other libtorch", "none on this system")
                : ok("other libtorch", "there is one, which is not used: " + String.join(", ", m.otherLibtorch));
    }

    /** P2: it replaces files in the cache, which all programs share, by links to the system's. */
    static Finding pathsFirst(Machine m) {
        return m.property("org.bytedeco.javacpp.pathsFirst").equalsIgnoreCase("true")
                ? problem(
                        "pathsFirst",
                        "org.bytedeco.javacpp.pathsFirst is true: JavaCPP takes the system's libraries and puts links"
                                + " to them into its cache, which breaks other programs, too",
                        "remove the property, and delete " + m.cache)
                : ok("pathsFirst", "is not set");
    }

    static Finding cache(Machine m) {
        if (m.cacheNotWritable != null) {
            return problem(
                    "cache",
                    m.cacheNotWritable + " cannot be written to: libtorch is unpacked elsewhere, if at all",
                    "set -Dorg.bytedeco.javacpp.cachedir to a folder that is writable and stays");
        }
        if (m.diskFree < GB) {
            return note(
                    "cache",
                    "only " + (m.diskFree >> 20) + " MB are free in " + m.cache,
                    "unpacking libtorch takes 1 GB (with CUDA more): make room, or set"
                            + " -Dorg.bytedeco.javacpp.cachedir to a folder on another disk");
        }
        return ok("cache", m.cache + " is writable, " + m.diskFree / GB + " GB are free");
    }

    /** P6: with limits every new tensor asks the system how much memory is used, and training stops at some 4 × Xmx. */
    static Finding memoryLimit(Machine m) {
        String limit = m.engine.getOrDefault("memory.limit", "0");
        return limit.equals("0")
                ? ok("memory", "JavaCPP sets no limit to native memory")
                : note(
                        "memory",
                        "JavaCPP limits native memory to " + limit + " bytes, and slows each operation down",
                        "start Java with -Dorg.bytedeco.javacpp.maxPhysicalBytes=0 -Dorg.bytedeco.javacpp.maxBytes=0");
    }

    static Finding nativeAccess(Machine m) {
        return m.nativeAccess
                ? ok("native access", "is allowed")
                : note(
                        "native access",
                        "Java " + m.java + " warns of native code that was not allowed; later versions will refuse it",
                        "start Java with --enable-native-access=ALL-UNNAMED, as the launcher ./cadenza does");
    }

    static Finding openMp(Machine m) {
        Set<String> set = new TreeSet<>(m.environment.keySet());
        set.retainAll(Set.of("OMP_NUM_THREADS", "OMP_WAIT_POLICY", "KMP_DUPLICATE_LIB_OK"));
        return set.isEmpty()
                ? ok("OpenMP", "no environment variable changes it")
                : note(
                        "OpenMP",
                        "the environment sets " + String.join(", ", set),
                        "unset them unless you know why: --threads sets the threads, Cadenza keeps idle ones quiet, and"
                                + " two OpenMP libraries in one process compute wrongly");
    }

    /** Two pools whose idle threads spin make a small network more than 25 times slower. */
    static Finding pools(Machine m) {
        boolean spinning = m.property("cadenza.calm").equals("false")
                && !"passive".equalsIgnoreCase(m.environment.get("OMP_WAIT_POLICY"));
        String pools = "OpenMP " + m.threads("openmp") + ", OpenBLAS " + m.threads("openblas") + " on " + m.processors
                + " processors";
        return spinning && m.threads("openmp") > 1 && m.threads("openblas") > 1
                ? problem(
                        "threads",
                        pools + ", and cadenza.calm=false lets idle threads spin: they keep each other from computing",
                        "remove -Dcadenza.calm=false, or compute with one thread")
                : ok("threads", pools);
    }

    static Finding gpu(Machine m) {
        boolean gpuBuild = m.engine.getOrDefault("build", "cpu").equals("gpu");
        String devices = m.engine.getOrDefault("cuda.devices", "0");
        if (gpuBuild) {
            return devices.equals("0")
                    ? problem(
                            "GPU",
                            "this is the build for GPUs, but libtorch sees none",
                            (m.nvidia ? "" : "install NVIDIA's driver, and ")
                                    + "install CUDA 13.1, cuDNN 9.19 and NCCL; or build without -Pgpu")
                    : ok("GPU", "CUDA devices: " + devices);
        }
        return m.nvidia
                ? note(
                        "GPU",
                        "there is an NVIDIA GPU, but this is the build for processors",
                        "build with ./mvnw -Pgpu -Dquick package; CUDA 13.1, cuDNN 9.19 and NCCL must be installed")
                : ok("GPU", "no NVIDIA GPU here: computing on the processor");
    }
}
