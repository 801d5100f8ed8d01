package dev.cadenza.io;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Fetch a file from a server, once, and only the right one.
 *
 * <pre>{@code
 * Path labels = Download.fetch(
 *         java.net.URI.create("https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz"),
 *         dir.resolve("t10k-labels-idx1-ubyte.gz"),
 *         o -> {
 *             o.sha256 = "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6";
 *             o.progress = Download.bar("labels", System.err);
 *         });
 * }</pre>
 *
 * <p>What comes is written to {@code NAME.part} beside the target and gets its name only when it is whole and its
 * SHA-256 is the one that was wanted. A download that broke, in this process or an earlier one, goes on where it stopped
 * if the server can do that and still has the same version of the file; else it starts afresh. Servers that are slow to
 * answer, stall, break off or have an error of their own are asked again after a pause that doubles; who says no (403,
 * 404) is not. Two threads or processes that want the same target fetch it once: one waits for the other.
 *
 * <p>Only http and https are spoken, redirects are followed but never from https to http, and the proxy is the one of
 * the system properties ({@code https.proxyHost}).
 */
public final class Download {
    /** What can be chosen. */
    public static final class Options {
        /** The SHA-256 of the file, 64 hexadecimal digits; default null, which {@link #unverified} must allow. */
        public String sha256;

        /** Whether to take whatever the server sends, where no SHA-256 is known; default false. */
        public boolean unverified;

        /** How many bytes the file may have, 1 or more; default 2<sup>34</sup> (16 GiB). */
        public long maxBytes = 1L << 34;

        /** How long to wait for a connection; default 20 seconds. */
        public Duration connectTimeout = Duration.ofSeconds(20);

        /** How long to wait for an answer, and then for each next byte; default 30 seconds. */
        public Duration stallTimeout = Duration.ofSeconds(30);

        /** How often to ask each address, 1 or more; default 5. */
        public int tries = 5;

        /** The pause before the second try, which doubles before each one after it, up to 30 seconds; default 1 second. */
        public Duration pause = Duration.ofSeconds(1);

        /** Who follows the download; default nobody. */
        public DownloadProgress progress = (done, total) -> {};

        private Options() {}
    }

    private Download() {}

    /**
     * Fetch a file from one address; see {@link #fetch(List, Path, Consumer)}.
     *
     * @param source an address with http or https
     * @return the target
     */
    public static Path fetch(URI source, Path target, Consumer<Options> options) {
        return fetch(List.of(source), target, options);
    }

    /**
     * Fetch a file from the first of these addresses that has it.
     *
     * <p>A target that exists is not fetched, and not checked either. Missing folders are made. If the thread is
     * interrupted, what has come stays for the next time.
     *
     * @param mirrors addresses of the same file with http or https, the best first
     * @param target the file to make
     * @param options what can be chosen; {@code sha256} must be
     * @return the target
     * @throws DataException if the file cannot be had or cannot be written: names address, target and reason, and what to
     *     do
     * @throws IllegalArgumentException if an address or an option is out of range
     */
    public static Path fetch(List<URI> mirrors, Path target, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        check(o);
        check(mirrors);
        if (Files.isDirectory(target)) {
            throw new DataException(target, "is a directory, a file was to be written", "name a file inside it");
        }
        if (Files.exists(target)) {
            return target;
        }
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            try (PathLock lock = PathLock.of(target)) {
                return Files.exists(target) ? target : new DownloadJob(mirrors, target, o).run();
            }
        } catch (IOException e) {
            throw unwritable(target, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataException(target, "the download was interrupted", "run it again: it goes on from there", e);
        } finally {
            o.progress.end();
        }
    }

    /**
     * Draw a bar with speed and time left, for {@link Options#progress}.
     *
     * @param name what stands before the bar
     * @param out a terminal, such as {@code System.err}
     */
    public static DownloadProgress bar(String name, PrintStream out) {
        return new DownloadBar(name, out, System::nanoTime);
    }

    private static void check(Options o) {
        if (o.sha256 == null && !o.unverified) {
            throw new IllegalArgumentException("wanted the SHA-256 of the file, but got none;"
                    + " set o.sha256, or o.unverified = true to take whatever comes");
        }
        require(o.sha256 == null || o.sha256.matches("[0-9a-fA-F]{64}"), "sha256", "64 hexadecimal digits", o.sha256);
        require(o.sha256 == null || !o.unverified, "unverified", "false where a sha256 is given", o.unverified);
        require(o.maxBytes >= 1, "maxBytes", "1 or more", o.maxBytes);
        require(o.tries >= 1, "tries", "1 or more", o.tries);
        require(o.connectTimeout.toMillis() >= 1, "connectTimeout", "1 ms or more", o.connectTimeout);
        require(o.stallTimeout.toMillis() >= 1, "stallTimeout", "1 ms or more", o.stallTimeout);
        require(!o.pause.isNegative(), "pause", "0 or more", o.pause);
        require(o.progress != null, "progress", "a listener", null);
    }

    private static void check(List<URI> mirrors) {
        require(!mirrors.isEmpty(), "mirrors", "one address or more", mirrors);
        for (URI source : mirrors) {
            boolean http = "http".equalsIgnoreCase(source.getScheme()) || "https".equalsIgnoreCase(source.getScheme());
            require(http && source.getHost() != null, "the address", "one with http:// or https:// and a host", source);
        }
    }

    private static void require(boolean holds, String name, String wanted, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + name + " to be " + wanted + ", but got: " + value);
        }
    }

    static DataException unwritable(Path target, IOException e) {
        return new DataException(
                target,
                "cannot be written (" + e + ")",
                "free some space or make its folder writable, then run it again",
                e);
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.3g s", time.toMillis() / 1000.0);
    }
}
