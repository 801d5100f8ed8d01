package dev.cadenza.tensor;

import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.presets.openblas_nolapack.MklDomainSetNumThreads;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Let glibc keep the memory of large tensors that were freed.
 *
 * <p>It asks the system for each block above 32 MB, and gives it back at once: the page faults of a fresh block cost many
 * times what the operation does that fills it. {@code mallopt} is not mapped; it is called through a mapped function
 * pointer of the same form.
 */
final class KeptMemory {
    private static final Logger LOG = LoggerFactory.getLogger(KeptMemory.class);
    private static final int TRIM_THRESHOLD = -1; // glibc's M_TRIM_THRESHOLD
    private static final int MMAP_THRESHOLD = -3; // glibc's M_MMAP_THRESHOLD

    /** How a function pointer lies in memory is JavaCPP's own business: another version may crash. */
    private static final String TESTED_JAVACPP = "1.5.13";

    private KeptMemory() {}

    /** Returns whether glibc agreed; false, having done nothing, on other systems and with other versions of JavaCPP. */
    static boolean keep() {
        try {
            return Loader.getPlatform().startsWith("linux")
                    && TESTED_JAVACPP.equals(Loader.getVersion("org.bytedeco", "javacpp"))
                    && call("mallopt", MMAP_THRESHOLD, 1 << 30) == 1
                    && call("mallopt", TRIM_THRESHOLD, Integer.MAX_VALUE) == 1;
        } catch (IOException | LinkageError e) {
            LOG.debug("freed memory of large tensors goes back to the system, as mallopt cannot be called", e);
            return false;
        }
    }

    /** Calls {@code int name(int, int)} of the C library; 0 if it has none. */
    static int call(String name, int a, int b) {
        Pointer function = Loader.addressof(name);
        if (function == null) {
            return 0;
        }
        try (LongPointer form = new LongPointer(4)) { // {function, Java object, method}
            form.put(function.address(), 0, 0, 0);
            return new MklDomainSetNumThreads((Pointer) form).call(a, b);
        }
    }
}
