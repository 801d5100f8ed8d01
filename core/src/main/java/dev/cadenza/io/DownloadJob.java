package dev.cadenza.io;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One download: its addresses, its tries, and the check of what came. */
final class DownloadJob {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final List<URI> mirrors;
    private final Path target;
    private final Download.Options options;
    private final HttpClient client;

    DownloadJob(List<URI> mirrors, Path target, Download.Options options) {
        this.mirrors = mirrors;
        this.target = target;
        this.options = options;
        // The body of an answer is no place for HTTP/2's gains, and without it a plain connection needs no upgrade.
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .connectTimeout(options.connectTimeout)
                .build();
    }

    Path run() throws InterruptedException {
        DataException failed = null;
        for (URI source : mirrors) {
            try {
                return from(source);
            } catch (DownloadFailure e) {
                DataException next = failed(source, e);
                if (failed != null) {
                    next.addSuppressed(failed);
                }
                failed = next;
            }
        }
        throw failed;
    }

    private DataException failed(URI source, DownloadFailure e) {
        String again = e.again() ? "check the network and run it again (what has come is kept), or " : "";
        return new DataException(
                target,
                source + " " + e.getMessage() + (e.again() ? " (" + options.tries + " tries)" : ""),
                again + "fetch it by hand and put it at " + target.toAbsolutePath(),
                e);
    }

    private Path from(URI source) throws DownloadFailure, InterruptedException {
        long pause = options.pause.toMillis();
        for (int attempt = 1; ; attempt++) {
            try {
                return once(source);
            } catch (DownloadFailure e) {
                if (!e.again() || attempt == options.tries) {
                    throw e;
                }
                LOG.warn("{} {}; try {} of {} in {} ms", source, e.getMessage(), attempt + 1, options.tries, pause);
            }
            Thread.sleep(pause);
            pause = Math.min(2 * pause, LONGEST_PAUSE.toMillis());
        }
    }

    private Path once(URI source) throws DownloadFailure, InterruptedException {
        try (DownloadPart part = new DownloadPart(target)) {
            boolean resumed = new DownloadTry(client, options, source).into(part);
            part.close();
            verify(part, resumed);
            part.complete();
            return target;
        } catch (IOException e) {
            throw broken(source, e);
        }
    }

    private void verify(DownloadPart part, boolean resumed) throws DownloadFailure {
        String came = options.sha256 == null ? null : part.sha256();
        if (came == null || came.equalsIgnoreCase(options.sha256)) {
            return;
        }
        long size = part.size();
        part.delete();
        // Pieces of two versions may have been glued together; a file that came in one piece is what the server has.
        throw new DownloadFailure(
                "sent another file: " + size + " bytes with SHA-256 " + came + ", wanted "
                        + options.sha256.toLowerCase(Locale.ROOT) + "; it was deleted",
                resumed,
                null);
    }

    private DownloadFailure broken(URI source, IOException e) {
        if (has(e, UnresolvedAddressException.class)) {
            return new DownloadFailure("is on a host that is not known here: " + source.getHost(), true, e);
        }
        if (has(e, HttpConnectTimeoutException.class)) {
            return new DownloadFailure("gave no connection for " + Download.seconds(options.connectTimeout), true, e);
        }
        if (has(e, ConnectException.class)) {
            return new DownloadFailure("gave no connection", true, e);
        }
        if (has(e, SSLException.class)) {
            return new DownloadFailure(
                    "has no secure connection that can be trusted (" + e.getMessage() + ")", false, e);
        }
        return new DownloadFailure(
                (e instanceof HttpTimeoutException ? "stalled: " : "failed: ") + e.getMessage(), true, e);
    }

    private static boolean has(Throwable e, Class<? extends Throwable> type) {
        return e != null && (type.isInstance(e) || has(e.getCause(), type));
    }
}
