package dev.cadenza.tensor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.ClassProperties;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Load libtorch safely and hold its process-wide settings.
 *
 * <p>Nobody has to call {@link #load()}: the first tensor does. What is set here holds for the whole process, because
 * libtorch keeps it so; everything else in Cadenza is an argument.
 *
 * <p>Two thread pools exist in libtorch: OpenMP (element-wise operations, convolutions) and OpenBLAS (float32 matrix
 * products). {@link #threads(int)} sets both. Results are the same bits again and again only for the same number.
 */
public final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int MOST_THREADS = 1024;
    private static boolean loaded;
    private static boolean keepsMemory;
    private static int blasThreads = Runtime.getRuntime().availableProcessors();

    private Engine() {}

    /**
     * Load libtorch, once; later calls do nothing.
     *
     * <p>The first time on a machine its libraries are unpacked into JavaCPP's cache (some 450 MB, 2 to 4 seconds).
     * A libtorch that is installed system-wide is left alone. System properties read here: {@code cadenza.threads}
     * (see {@link #threads(int)}; default: all processors) and {@code cadenza.calm} (see {@code docs/engine.md};
     * {@code false} lets OpenMP's idle threads spin) and {@code cadenza.mallopt}: on Linux with glibc, memory of freed
     * tensors of 32 to 64 MB is kept and used again, which spares the page faults of fresh memory and makes operations on
     * them several times faster, for more resident memory; {@code false} gives it back to the system, as glibc does.
     *
     * @throws UncheckedIOException if the libraries cannot be unpacked: cache folder not writable, disk full
     * @throws UnsatisfiedLinkError if a library cannot be loaded; {@code ./cadenza doctor} tells the cure
     */
    public static synchronized void load() {
        if (loaded) {
            return;
        }
        setDefault("org.bytedeco.javacpp.maxBytes", "0");
        setDefault("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        if (!hasGpuBuild()) {
            setDefault("org.bytedeco.javacpp.platform.extension", ""); // else it looks for 25 CUDA libraries in vain
        }
        loadLibrariesInOrder();
        loaded = true;
        keepsMemory = !"false".equals(System.getProperty("cadenza.mallopt")) && KeptMemory.keep();
        if (Pointer.maxPhysicalBytes() != 0) {
            LOG.warn(
                    "JavaCPP limits native memory to {} bytes, as it was used before Cadenza or told so; start the JVM"
                            + " with -Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                    Pointer.maxPhysicalBytes());
        }
        if (!"false".equals(System.getProperty("cadenza.calm"))) {
            IdleOpenMp.calm();
        }
        try (Context context = torch.globalContext()) {
            context.setUserEnabledNNPACK(false); // else it complains on standard error of processors it does not know
        }
        threads(configuredThreads());
    }

    /** A wrong property is no reason to fail where the first tensor is made, far from its cause. */
    private static int configuredThreads() {
        int processors = Runtime.getRuntime().availableProcessors();
        String wanted = System.getProperty("cadenza.threads", String.valueOf(processors));
        if (wanted.matches("\\d{1,4}") && isThreads(Integer.parseInt(wanted))) {
            return Integer.parseInt(wanted);
        }
        LOG.warn("wanted -Dcadenza.threads from 1 to {}, but got: {}; using {}", MOST_THREADS, wanted, processors);
        return processors;
    }

    /**
     * Set how many threads libtorch computes with, in both of its pools.
     *
     * <p>OpenMP's number holds for the calling thread and for threads that compute for the first time later; OpenBLAS's
     * for the process. Small models are fastest with 1.
     *
     * @param n from 1 to 1024; libgomp ends the process if the system refuses it a thread
     * @throws IllegalArgumentException if {@code n} is out of range
     */
    public static synchronized void threads(int n) {
        if (!isThreads(n)) {
            throw new IllegalArgumentException("wanted from 1 to " + MOST_THREADS + " threads, but got: " + n);
        }
        load();
        torch.set_num_threads(n);
        openblas.blas_set_num_threads(n);
        blasThreads = n;
    }

    private static boolean isThreads(int n) {
        return n >= 1 && n <= MOST_THREADS;
    }

    /** Return the number of threads that OpenMP uses for operations of the calling thread. */
    public static int threads() {
        load();
        return torch.get_num_threads();
    }

    /**
     * Use one OpenMP thread for operations of the calling thread, for good; other threads keep what they have, and
     * threads that compute for the first time later get what they would have got. OpenBLAS is not concerned.
     */
    public static synchronized void oneThreadHere() {
        load();
        int others = torch.get_num_threads();
        if (others == 1) {
            return;
        }
        torch.set_num_threads(1); // for this thread, but also for those that are born later
        Thread restorer = new Thread(() -> torch.set_num_threads(others), "cadenza-threads");
        restorer.start();
        boolean interrupted = false;
        while (restorer.isAlive()) {
            try {
                restorer.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Run something on the calling thread with one OpenMP thread, so that its sums have the same bits as on a thread
     * that has only one; it costs less than a microsecond.
     */
    public static <T> T onOneThread(Supplier<T> action) {
        load();
        int before = torch.get_num_threads();
        if (before == 1) {
            return action.get();
        }
        torch.set_num_threads(1);
        try {
            return action.get();
        } finally {
            torch.set_num_threads(before);
        }
    }

    /**
     * Return how many native objects (tensors first of all) are alive in this process.
     *
     * <p>A loop that is written right has the same number after each of its rounds; tests count it.
     */
    public static long liveObjects() {
        load();
        return Pointer.totalCount();
    }

    /** Return the number of CUDA GPUs that the loaded libtorch can compute on; 0 with the CPU build. */
    public static int cudaDevices() {
        load();
        return torch.cuda_is_available() ? torch.cuda_device_count() : 0;
    }

    /**
     * Describe what was loaded: versions, processor features, threads, GPU, and each library with its path.
     *
     * @return facts by name, in reading order; the libraries begin with {@code library.}
     */
    public static Map<String, String> facts() {
        load();
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("libtorch", version("pytorch"));
        facts.put("javacpp", version("javacpp"));
        facts.put("platform", Loader.getPlatform());
        facts.put("cpu.capability", text(torch.get_cpu_capability()));
        facts.put("onednn", String.valueOf(torch.hasMKLDNN()));
        facts.put("threads.openmp", String.valueOf(torch.get_num_threads()));
        facts.put("threads.openblas", String.valueOf(blasThreads));
        facts.put("build", hasGpuBuild() ? "gpu" : "cpu");
        facts.put("cuda.devices", String.valueOf(cudaDevices()));
        facts.put("memory.kept", String.valueOf(keepsMemory));
        facts.put("memory.limit", String.valueOf(Pointer.maxPhysicalBytes()));
        new TreeMap<>(Loader.getLoadedLibraries()).forEach((name, path) -> facts.put("library." + name, path));
        return facts;
    }

    private static boolean hasGpuBuild() {
        String library = System.mapLibraryName("torch_cuda");
        return Engine.class.getResource("/org/bytedeco/pytorch/" + Loader.getPlatform() + "-gpu/" + library) != null;
    }

    /**
     * JavaCPP would open libtorch.so while its libtorch_cpu.so is not unpacked yet, so that the dynamic linker takes
     * a system-wide one and the process dies. Unpacking all first, then loading torch_cpu before torch, prevents it.
     */
    private static void loadLibrariesInOrder() {
        Class<?> preset = org.bytedeco.pytorch.presets.torch.class;
        ClassProperties properties = Loader.loadProperties(preset, Loader.loadProperties(), true);
        try {
            for (String library : new String[] {"c10", "torch_cpu", "torch"}) {
                for (URL url : Loader.findLibrary(preset, properties, library, false)) {
                    if (!"file".equals(url.getProtocol())) {
                        Loader.cacheResource(url);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot unpack libtorch into JavaCPP's cache: " + e.getMessage()
                            + "; set -Dorg.bytedeco.javacpp.cachedir to a writable folder with 1 GB free",
                    e);
        }
        Loader.load(openblas.class); // torch_cpu needs libopenblas.so.0
        for (String library : new String[] {"gomp@.1", "c10", "torch_cpu"}) {
            URL[] urls = Loader.findLibrary(preset, properties, library, false);
            if (urls.length > 0) {
                Loader.loadLibrary(preset, urls, library);
            }
        }
        Loader.load(torch.class);
    }

    private static String version(String artifact) {
        try {
            return Loader.getVersion("org.bytedeco", artifact);
        } catch (IOException e) {
            return "unknown (" + e.getMessage() + ")";
        }
    }

    private static String text(BytePointer pointer) {
        try (pointer) {
            return pointer.getString();
        }
    }

    private static void setDefault(String key, String value) {
        if (System.getProperty(key) == null) {
            System.setProperty(key, value);
        }
    }
}
