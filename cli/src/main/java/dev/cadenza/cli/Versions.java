package dev.cadenza.cli;

import dev.cadenza.tensor.Engine;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.IVersionProvider;

/** The versions of everything that computes. */
final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("Cadenza", cadenza());
        versions.put("libtorch", libtorch());
        versions.put("Java", java());
        return versions.entrySet().stream()
                .map(e -> e.getKey() + " " + e.getValue())
                .toArray(String[]::new);
    }

    /** The version stands in the jar's manifest; classes that lie in a folder have none. */
    static String cadenza() {
        String version = Versions.class.getPackage().getImplementationVersion();
        return version == null ? "(not a build)" : version;
    }

    static String java() {
        return System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")";
    }

    static String system() {
        return System.getProperty("os.name") + " " + System.getProperty("os.version") + " "
                + System.getProperty("os.arch");
    }

    private static String libtorch() {
        try {
            return Engine.facts().get("libtorch");
        } catch (LinkageError | RuntimeException e) {
            return "cannot be loaded: cadenza doctor tells why";
        }
    }
}
