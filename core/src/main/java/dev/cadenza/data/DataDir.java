package dev.cadenza.data;

import dev.cadenza.io.DataException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Find data sets on this machine.
 *
 * <p>They lie in the data directory: the one that the environment variable {@code CADENZA_DATA} names, else
 * {@code ../shared/data} beside the checkout (the system property {@code cadenza.root}, else the working directory)
 * where that exists, else {@code .cache/cadenza} in the user's
 * home.
 */
public final class DataDir {
    private DataDir() {}

    /** Return the data directory, whether or not it exists. */
    public static Path root() {
        return root(System.getenv("CADENZA_DATA"), Path.of(System.getProperty("cadenza.root", "")));
    }

    /** Choose for this value of {@code CADENZA_DATA}, or null, and this checkout or working directory. */
    static Path root(String named, Path here) {
        if (named != null && !named.isBlank()) {
            return Path.of(named);
        }
        Path shared = here.resolve("../shared/data");
        return Files.isDirectory(shared) ? shared : Path.of(System.getProperty("user.home"), ".cache", "cadenza");
    }

    /**
     * Return the folder of a data set.
     *
     * @param name such as {@code mnist}
     * @throws DataException if the data directory has no such folder: says where it was looked for
     */
    public static Path find(String name) {
        Path dir = root().resolve(name);
        if (!Files.isDirectory(dir)) {
            throw new DataException(
                    dir.toAbsolutePath().normalize(),
                    "no such folder",
                    "put the files of " + name + " there, or set CADENZA_DATA to the folder that has a folder " + name);
        }
        return dir;
    }
}
