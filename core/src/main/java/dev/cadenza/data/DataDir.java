package dev.cadenza.data;

import dev.cadenza.io.Archive;
import dev.cadenza.io.DataException;
import dev.cadenza.io.Download;
import java.io.Console;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Find data sets on this machine, or bring them here once.
 *
 * <pre>{@code
 * Path photos = DataDir.find("hymenoptera"); // the folder, or out of hymenoptera.tgz
 * DataLoaders data = Mnist.in(Mnist.folder()).loaders(o -> o.batchSize = 64);
 * }</pre>
 *
 * <p>They lie in the data directory: the one that the environment variable {@code CADENZA_DATA} names, else
 * {@code ../shared/data} beside the checkout (the system property {@code cadenza.root}, else the working directory)
 * where that exists, else the cache, {@code .cache/cadenza} in the user's home.
 *
 * <p>The data directory is only read. What is an archive there is extracted into the cache once and found in it from
 * then on; what is nowhere is downloaded into the cache.
 */
public final class DataDir {
    private static final Logger LOG = LoggerFactory.getLogger(DataDir.class);
    private static final List<String> ARCHIVES = List.of(".tgz", ".tar.gz", ".tar", ".zip");

    /**
     * Say where a file can be downloaded.
     *
     * @param sha256 the SHA-256 of the file, 64 hexadecimal digits
     * @param mirrors addresses of the same file, the best first
     */
    public record Source(String sha256, List<URI> mirrors) {
        /** Copy the list. */
        public Source {
            mirrors = List.copyOf(mirrors);
            if (mirrors.isEmpty()) {
                throw new IllegalArgumentException("wanted one address or more, but got none");
            }
        }

        /** Take addresses as text. */
        public static Source of(String sha256, String... mirrors) {
            return new Source(sha256, Stream.of(mirrors).map(URI::create).toList());
        }

        /** Return the name of the file, what stands behind the last slash of the first address. */
        public String file() {
            String path = mirrors.get(0).getPath();
            return path.substring(path.lastIndexOf('/') + 1);
        }
    }

    /** Where to look and where to write; tests have their own. */
    record Places(Path root, Path cache) {
        static Places real() {
            return new Places(DataDir.root(), DataDir.cache());
        }
    }

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
        return Files.isDirectory(shared) ? shared : cache();
    }

    private static Path cache() {
        return Path.of(System.getProperty("user.home"), ".cache", "cadenza");
    }

    /**
     * Return the folder of a data set, after extracting its archive if that is what there is.
     *
     * @param name such as {@code hymenoptera}: a folder of that name, or an archive with {@code .tgz}, {@code .tar.gz},
     *     {@code .tar} or {@code .zip} behind it
     * @throws DataException if there is neither: says where it was looked for; or if the archive is damaged or hostile
     */
    public static Path find(String name) {
        return find(Places.real(), name);
    }

    static Path find(Places places, String name) {
        return found(places, name, List.of()).orElseThrow(() -> {
            Path dir = places.root().resolve(name).toAbsolutePath().normalize();
            return new DataException(
                    dir,
                    "no such folder",
                    "put the files of " + name + " there, or set CADENZA_DATA to the folder that has a folder " + name);
        });
    }

    /**
     * Return the folder of a data set, after downloading and extracting its archive if it is nowhere.
     *
     * @param name the folder's name
     * @param archive where the archive can be had; one that is there already is not compared with the SHA-256, so that it
     *     may be of another make
     * @param options for the download; by default it draws a bar if there is a terminal
     * @throws DataException if it cannot be downloaded or extracted: says where to put the archive
     */
    public static Path folder(String name, Source archive, Consumer<Download.Options> options) {
        return folder(Places.real(), name, archive, options);
    }

    static Path folder(Places places, String name, Source archive, Consumer<Download.Options> options) {
        return found(places, name, List.of(archive.file())).orElseGet(() -> {
            Path downloaded = places.cache().resolve(archive.file());
            fetch(archive, downloaded, options);
            Path folder = extract(downloaded, places.cache().resolve(name));
            delete(downloaded);
            return folder;
        });
    }

    /**
     * Return the folder of a data set that is a few files, after downloading those that the cache lacks.
     *
     * <p>A folder of that name in the data directory is taken as it is.
     *
     * @param name the folder's name
     * @param files where each file can be had; one that is there without its {@code .gz} is not downloaded
     * @param options for the downloads; by default they draw a bar if there is a terminal
     * @throws DataException if a file cannot be downloaded: says where to put it
     */
    public static Path files(String name, List<Source> files, Consumer<Download.Options> options) {
        return files(Places.real(), name, files, options);
    }

    static Path files(Places places, String name, List<Source> files, Consumer<Download.Options> options) {
        Path folder = places.cache().resolve(name);
        Optional<Path> found = found(places, name, List.of());
        if (found.isPresent() && !found.get().equals(folder)) {
            return found.get();
        }
        for (Source source : files) {
            Path file = folder.resolve(source.file());
            Path plain = folder.resolve(source.file().replaceFirst("\\.gz$", ""));
            if (!Files.exists(file) && !Files.exists(plain)) {
                fetch(source, file, options);
            }
        }
        return folder;
    }

    private static Optional<Path> found(Places places, String name, List<String> archives) {
        if (!name.matches("\\w[\\w.-]*")) {
            throw new IllegalArgumentException("wanted the name of a data set, but got: " + name);
        }
        for (Path place : List.of(places.root(), places.cache())) {
            if (Files.isDirectory(place.resolve(name))) {
                return Optional.of(place.resolve(name));
            }
        }
        List<String> names = Stream.concat(archives.stream(), ARCHIVES.stream().map(end -> name + end))
                .toList();
        return Stream.of(places.root(), places.cache())
                .flatMap(place -> names.stream().map(place::resolve))
                .filter(Files::isRegularFile)
                .findFirst()
                .map(archive -> extract(archive, places.cache().resolve(name)));
    }

    private static Path fetch(Source source, Path target, Consumer<Download.Options> options) {
        LOG.info("downloading {} to {}", source.mirrors().get(0), target);
        return Download.fetch(source.mirrors(), target, o -> {
            o.sha256 = source.sha256();
            if (terminal()) {
                o.progress = Download.bar(source.file(), System.err);
            }
            options.accept(o);
        });
    }

    /** Since JDK 22 there is a console without a terminal, too, and a method that tells. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean terminal() {
        Console console = System.console();
        try {
            return console != null
                    && (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (NoSuchMethodException e) {
            return true;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a public method of the JDK cannot be called", e);
        }
    }

    private static Path extract(Path archive, Path folder) {
        LOG.info("extracting {} to {}", archive, folder);
        return Archive.extract(archive, folder, o -> {});
    }

    private static void delete(Path archive) {
        try {
            Files.deleteIfExists(archive);
        } catch (IOException e) {
            LOG.warn("{} was extracted and is not needed any more, but cannot be deleted ({})", archive, e.toString());
        }
    }
}
