package dev.cadenza.cli;

import java.util.Arrays;

/** What to do when libtorch cannot be loaded, by what the dynamic linker said. */
final class LoadCures {
    /** The newest symbols that the libraries for Linux need, as objdump shows them. */
    private static final String GLIBC = "2.35";

    private LoadCures() {}

    static String of(Machine m) {
        String error = m.loadError;
        if ((!m.glibc.isEmpty() && older(m.glibc, GLIBC)) || error.contains("GLIBC")) {
            return "use a system with the GNU C library " + GLIBC + " or newer, such as Ubuntu 22.04 or Debian 12"
                    + (m.glibc.isEmpty() ? "" : "; here it is " + m.glibc);
        }
        if (m.platform.startsWith("windows")) {
            return "install the Microsoft Visual C++ Redistributable for Visual Studio 2015-2022 (x64)";
        }
        if (error.contains("undefined symbol") || error.contains("Symbol not found")) {
            return "libraries of two libtorchs are mixed: unset LD_LIBRARY_PATH, and delete " + m.cache;
        }
        if (error.contains("in java.library.path")) {
            return "the jar with the natives of " + m.platform
                    + " is not on the class path: build on this machine, with" + " ./mvnw -Dquick package";
        }
        if (m.platform.startsWith("linux") && m.glibc.isEmpty()) {
            return "use a Linux with the GNU C library " + GLIBC + " or newer: on Alpine (musl) libtorch does not run";
        }
        return "delete " + m.cache + ", which is filled again, and see that 1 GB is free there; unset LD_LIBRARY_PATH";
    }

    /** Compares versions number by number: 2.9 is older than 2.35. */
    static boolean older(String version, String than) {
        return Arrays.compare(numbers(version), numbers(than)) < 0;
    }

    private static int[] numbers(String version) {
        return Arrays.stream(version.split("\\D+"))
                .filter(part -> !part.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
