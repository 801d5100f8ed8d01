package dev.cadenza.io;

import dev.cadenza.io.DownloadPart.Origin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One request for a file, or for the rest of it. */
final class DownloadTry {
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+|\\*)");

    private final HttpClient client;
    private final Download.Options options;
    private final URI source;

    DownloadTry(HttpClient client, Download.Options options, URI source) {
        this.client = client;
        this.options = options;
        this.source = source;
    }

    /** Write what is missing into the part, and say whether an earlier try had written some. */
    boolean into(DownloadPart part) throws IOException, InterruptedException, DownloadFailure {
        Origin origin = part.origin();
        long have = usable(part, origin);
        if (have > 0 && have == origin.total()) {
            return true; // the process died between the last byte and the check
        }
        HttpResponse<Flow.Publisher<List<ByteBuffer>>> response = send(request(have, origin));
        try (DownloadBody body = new DownloadBody()) {
            response.body().subscribe(body);
            refuseErrors(response, part, have);
            boolean rest = response.statusCode() == 206;
            long total = rest ? restOf(response, part, have, origin) : length(response);
            refuseSize(part, have, total, rest);
            part.open(rest ? null : new Origin(source, version(response), total));
            receive(body, part, total);
            return rest;
        }
    }

    /** A part is of use if the server can say whether it still has that version: by name, or by length and SHA-256. */
    private long usable(DownloadPart part, Origin origin) {
        if (origin == null || !origin.source().equals(source)) {
            return 0;
        }
        boolean comparable = !origin.version().isEmpty() || (origin.total() >= 0 && options.sha256 != null);
        return comparable ? part.size() : 0;
    }

    private HttpRequest request(long have, Origin origin) {
        HttpRequest.Builder request = HttpRequest.newBuilder(source).header("User-Agent", "cadenza");
        if (have > 0) {
            request.header("Range", "bytes=" + have + "-");
            if (!origin.version().isEmpty()) {
                request.header("If-Range", origin.version());
            }
        }
        return request.build();
    }

    /** The request's own timeout is not used, since newer JDKs count the whole body in. */
    private HttpResponse<Flow.Publisher<List<ByteBuffer>>> send(HttpRequest request)
            throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> answer =
                client.sendAsync(request, BodyHandlers.ofPublisher());
        try {
            long patience = options.connectTimeout.plus(options.stallTimeout).toMillis();
            return answer.get(patience, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new HttpTimeoutException("no answer came for " + Download.seconds(options.stallTimeout));
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
        } finally {
            answer.cancel(true); // without effect on one that is there
        }
    }

    private void refuseErrors(HttpResponse<?> response, DownloadPart part, long have) throws DownloadFailure {
        int status = response.statusCode();
        if (status == 200 || (status == 206 && have > 0)) {
            return;
        }
        if (status == 416 && have > 0) {
            part.delete();
            throw new DownloadFailure(
                    "has no more than the " + have + " bytes that had come; they were deleted", true, null);
        }
        if (status / 100 == 3) {
            String where = response.headers().firstValue("Location").orElse("nowhere");
            throw new DownloadFailure(
                    "answered " + status + " and leads to " + where
                            + ", where Cadenza does not follow (from https only to https, at most 5 steps)",
                    false,
                    null);
        }
        boolean again = status >= 500 || status == 408 || status == 429;
        throw new DownloadFailure("answered " + status + meaning(status), again, null);
    }

    private static String meaning(int status) {
        return switch (status) {
            case 401 -> " (it wants a password)";
            case 403 -> " (access denied)";
            case 404, 410 -> " (no such file)";
            case 429 -> " (too many requests)";
            case 500, 502, 503, 504 -> " (the server has a problem)";
            default -> "";
        };
    }

    private static long restOf(HttpResponse<?> response, DownloadPart part, long have, Origin origin)
            throws DownloadFailure {
        String range = response.headers().firstValue("Content-Range").orElse("none");
        Matcher m = CONTENT_RANGE.matcher(range);
        boolean follows = m.matches() && m.group(1).equals("" + have);
        long total = follows && !m.group(2).equals("*") ? parse(m.group(2)) : origin.total();
        if (!follows || (origin.total() >= 0 && total != origin.total())) {
            part.delete();
            throw new DownloadFailure(
                    "sent another range than the rest after " + have + " of " + origin.total() + " bytes: " + range
                            + "; what had come was deleted",
                    true,
                    null);
        }
        return total;
    }

    private static long length(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Content-Length")
                .map(DownloadTry::parse)
                .orElse(-1L);
    }

    private static long parse(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE; // more digits than any file has bytes
        }
    }

    /** A weak ETag names a meaning, not bytes; If-Range takes a strong one or the date. */
    private static String version(HttpResponse<?> response) {
        return response.headers()
                .firstValue("ETag")
                .filter(tag -> tag.startsWith("\""))
                .or(() -> response.headers().firstValue("Last-Modified"))
                .orElse("");
    }

    private void refuseSize(DownloadPart part, long have, long total, boolean rest) throws DownloadFailure {
        if (total > options.maxBytes) {
            throw tooLarge("announces " + total + " bytes");
        }
        // Without the rest, what had come is deleted first.
        long room = part.room() + (rest ? 0 : part.size());
        long needed = total - (rest ? have : 0);
        if (needed > room) {
            throw new DownloadFailure(
                    "announces " + DownloadBar.size(total) + ", but the disk has room for " + DownloadBar.size(room)
                            + " only: free some space",
                    false,
                    null);
        }
    }

    private DownloadFailure tooLarge(String problem) {
        return new DownloadFailure(problem + ", more than the limit of " + options.maxBytes, false, null);
    }

    private void receive(DownloadBody body, DownloadPart part, long total)
            throws IOException, InterruptedException, DownloadFailure {
        long done = part.size();
        options.progress.at(done, total);
        for (List<ByteBuffer> piece = body.next(options.stallTimeout);
                piece != null;
                piece = body.next(options.stallTimeout)) {
            for (ByteBuffer bytes : piece) {
                done += bytes.remaining();
                if (done > options.maxBytes) {
                    part.delete();
                    throw tooLarge("sends " + done + " bytes or more");
                }
                part.write(bytes);
            }
            options.progress.at(done, total);
        }
        if (total >= 0 && done < total) {
            throw new IOException("only " + done + " of " + total + " bytes came");
        }
    }
}
