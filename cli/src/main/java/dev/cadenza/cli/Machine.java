package dev.cadenza.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** All that {@link Checks} look at, so that each can be tested without a machine in that state; {@link Probe} fills it. */
final class Machine {
    /** As in the names of the native jars: {@code linux-x86_64}. */
    String platform = "";

    String osVersion = "";
    /** The version of the GNU C library, {@code 2.36}; empty where it is another, or unknown. */
    String glibc = "";

    int java;
    /** Whether native code may be called without a warning; older Java always allows it. */
    boolean nativeAccess = true;

    int processors;
    Map<String, String> environment = Map.of();
    Map<String, String> properties = Map.of();

    /** What the loaded engine says; empty if it could not be loaded. */
    Map<String, String> engine = Map.of();
    /** Why the engine could not be loaded, or null. */
    String loadError;
    /** Why a tiny computation went wrong, or null. */
    String computeError;
    /** The native libraries in this process, with their real paths. */
    List<Path> libraries = List.of();
    /** Libraries of other libtorchs that the system would find. */
    List<String> otherLibtorch = List.of();

    /** Where JavaCPP unpacks libraries. */
    Path cache = Path.of("");
    /** The folder where it should have unpacked them, if that is not possible, or null. */
    Path cacheNotWritable;

    long cacheBytes;
    long diskFree;

    /** Whether there is an NVIDIA GPU with its driver. */
    boolean nvidia;

    int threads(String pool) {
        return Integer.parseInt(engine.getOrDefault("threads." + pool, "0"));
    }

    String property(String name) {
        return properties.getOrDefault(name, "");
    }
}
