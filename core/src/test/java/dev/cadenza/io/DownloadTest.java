package dev.cadenza.io;

import static dev.cadenza.io.HostileServer.status;
import static dev.cadenza.io.HostileServer.whole;
import static dev.cadenza.io.HostileServer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads from a server that does all that servers and networks do. */
@Timeout(60) // a download that hangs must fail, not hang the build
class DownloadTest extends DownloadCase {
    @Test
    void a_file_is_fetched_once_into_folders_that_are_made() throws Exception {
        try (HostileServer server = new HostileServer(whole(CONTENT))) {
            assertThat(fetch(server)).isEqualTo(target).hasBinaryContent(CONTENT);
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).containsExactly("/data.bin");
        }
        assertNothingElseIsLeft();
    }

    @Test
    void an_empty_file_can_be_fetched() throws Exception {
        try (HostileServer server = new HostileServer(exchange -> exchange.sendResponseHeaders(200, -1))) {
            Download.fetch(server.uri("/data.bin"), target, o -> o.sha256 = sha256(new byte[0]));
        }
        assertThat(target).isEmptyFile();
    }

    @Test
    void the_listener_sees_every_byte_and_the_end() throws Exception {
        List<Long> seen = new ArrayList<>();
        try (HostileServer server = new HostileServer(whole(CONTENT))) {
            fetch(
                    server,
                    o -> o.progress = new DownloadProgress() {
                        @Override
                        public void at(long done, long total) {
                            assertThat(total).isEqualTo(CONTENT.length);
                            seen.add(done);
                        }

                        @Override
                        public void end() {
                            seen.add(-1L);
                        }
                    });
        }
        assertThat(seen.subList(0, seen.size() - 1)).isSorted().startsWith(0L).endsWith((long) CONTENT.length);
        assertThat(seen).endsWith(-1L);
    }

    @Test
    void a_server_that_never_says_anything_is_given_up() throws Exception {
        try (HostileServer server = new HostileServer()) {
            server.then(server.silence());
            server.then(server.silence());
            assertRefused(server, o -> o.tries = 2)
                    .hasMessageContaining("stalled: no answer came for ")
                    .hasMessageContaining("(2 tries)");
            assertThat(server.requests()).hasSize(2);
        }
    }

    @Test
    void another_file_than_the_one_that_was_wanted_is_refused_at_once_and_deleted() throws Exception {
        try (HostileServer server = new HostileServer(whole(OTHER), whole(CONTENT))) {
            assertRefused(server, o -> {})
                    .hasMessage(
                            target + ": " + server.uri("/data.bin") + " sent another file: 100000 bytes with SHA-256 "
                                    + sha256(OTHER) + ", wanted " + sha256(CONTENT)
                                    + "; it was deleted; fetch it by hand and put it at "
                                    + target);
            assertThat(server.requests()).hasSize(1);
        }
        assertThat(dir.resolve("new")).isEmptyDirectory();
    }

    @ParameterizedTest
    @CsvSource({"404, (no such file)", "403, (access denied)", "401, (it wants a password)", "418, 418"})
    void a_refusal_is_not_asked_again(int status, String words) throws Exception {
        try (HostileServer server = new HostileServer(status(status))) {
            assertRefused(server, o -> {})
                    .hasMessageContaining("answered " + status)
                    .hasMessageContaining(words + "; fetch it by hand and put it at " + target);
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void a_server_with_a_problem_of_its_own_is_asked_again() throws Exception {
        try (HostileServer server = new HostileServer(status(503), status(500), status(429), whole(CONTENT))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
        }
        Files.delete(target);
        try (HostileServer server = new HostileServer()) {
            assertRefused(server, o -> o.tries = 3)
                    .hasMessageContaining("answered 500 (the server has a problem) (3 tries)");
            assertThat(server.requests()).hasSize(3);
        }
    }

    @Test
    void the_next_mirror_is_asked_when_one_has_nothing() throws Exception {
        try (HostileServer server = new HostileServer(status(404), whole(CONTENT))) {
            Download.fetch(List.of(server.uri("/a"), server.uri("/b")), target, this::quick);
            assertThat(target).hasBinaryContent(CONTENT);
            assertThat(server.requests()).containsExactly("/a", "/b");
        }
    }

    @Test
    void redirects_are_followed() throws Exception {
        try (HostileServer server = new HostileServer(with("Location", "/there", status(302)), whole(CONTENT))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).containsExactly("/data.bin", "/there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://127.0.0.1/x", "file:///etc/passwd"})
    void redirects_to_other_protocols_are_not_followed(String where) throws Exception {
        try (HostileServer server = new HostileServer(with("Location", where, status(302)))) {
            assertRefused(server, o -> o.tries = 1);
            assertThat(target).doesNotExist();
        }
    }

    @Test
    void a_circle_of_redirects_ends() throws Exception {
        try (HostileServer server = new HostileServer()) {
            for (int i = 0; i < 20; i++) {
                server.then(with("Location", "/again", status(302)));
            }
            assertRefused(server, o -> o.tries = 1).hasMessageContaining("leads to /again");
            assertThat(server.requests()).hasSizeLessThan(10);
        }
    }

    @Test
    void a_file_beyond_the_limit_is_refused_before_it_comes_or_as_soon_as_it_is_too_long() throws Exception {
        try (HostileServer server = new HostileServer(whole(CONTENT), exchange -> {
            exchange.sendResponseHeaders(200, 0); // in chunks, without a length
            exchange.getResponseBody().write(CONTENT);
        })) {
            assertRefused(server, o -> o.maxBytes = 99_999)
                    .hasMessageContaining("announces 100000 bytes, more than the limit of 99999");
            assertRefused(server, o -> o.maxBytes = 50_000)
                    .hasMessageContaining(" bytes or more, more than the limit of 50000");
        }
        assertThat(dir.resolve("new")).isEmptyDirectory();
    }

    @Test
    void a_file_for_which_the_disk_has_no_room_is_refused_before_it_comes() throws Exception {
        try (HostileServer server = new HostileServer(exchange -> {
            exchange.sendResponseHeaders(200, 1L << 60);
            exchange.getResponseBody().flush(); // newer servers send headers with the first bytes
        })) {
            assertRefused(server, o -> o.maxBytes = Long.MAX_VALUE)
                    .hasMessageContaining("announces 1.2 EB, but the disk has room for ");
        }
    }

    @Test
    void a_length_that_is_too_short_cuts_the_file_and_the_hash_tells() throws Exception {
        try (HostileServer server = new HostileServer(whole(java.util.Arrays.copyOf(CONTENT, 5)))) {
            assertRefused(server, o -> {}).hasMessageContaining("sent another file: 5 bytes with SHA-256 ");
        }
    }

    @Test
    void a_server_that_is_not_there_is_told_apart() {
        assertThatThrownBy(() -> Download.fetch(URI.create("http://127.0.0.1:1/data.bin"), target, o -> {
                    quick(o);
                    o.tries = 2;
                }))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("http://127.0.0.1:1/data.bin gave no connection (2 tries)");
    }

    @Test
    void a_folder_that_cannot_be_written_is_named() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> Download.fetch(URI.create("http://127.0.0.1:1/x"), file.resolve("x"), this::quick))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file.resolve("x") + ": cannot be written (")
                .hasMessageContaining("make its folder writable");
        assertThatThrownBy(() -> Download.fetch(URI.create("http://127.0.0.1:1/x"), dir, this::quick))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("is a directory, a file was to be written");
    }

    @Test
    void threads_that_want_the_same_file_fetch_it_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (HostileServer server = new HostileServer(whole(CONTENT))) {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> fetch(server)));
            }
            for (Future<Path> each : all) {
                assertThat(each.get()).hasBinaryContent(CONTENT);
            }
            assertThat(server.requests()).hasSize(1);
        } finally {
            threads.shutdownNow();
        }
        assertNothingElseIsLeft();
    }

    @Test
    void wrong_options_and_addresses_are_refused_where_they_are_given() {
        URI uri = URI.create("http://127.0.0.1:1/x");
        assertWrong(uri, o -> o.sha256 = null, "wanted the SHA-256 of the file, but got none;");
        assertWrong(uri, o -> o.sha256 = "abc", "wanted sha256 to be 64 hexadecimal digits, but got: abc");
        assertWrong(uri, o -> o.unverified = true, "wanted unverified to be false where a sha256 is given");
        assertWrong(uri, o -> o.maxBytes = 0, "wanted maxBytes to be 1 or more, but got: 0");
        assertWrong(uri, o -> o.tries = 0, "wanted tries to be 1 or more");
        assertWrong(uri, o -> o.stallTimeout = Duration.ZERO, "wanted stallTimeout to be 1 ms or more");
        assertWrong(uri, o -> o.connectTimeout = Duration.ZERO, "wanted connectTimeout to be 1 ms or more");
        assertWrong(uri, o -> o.pause = Duration.ofMillis(-1), "wanted pause to be 0 or more");
        assertWrong(uri, o -> o.progress = null, "wanted progress to be a listener");
        for (String address : List.of("file:///etc/passwd", "ftp://host/x", "data.bin", "http:///x")) {
            assertWrong(
                    URI.create(address), o -> {}, "wanted the address to be one with http:// or https:// and a host");
        }
    }

    private void assertWrong(URI uri, Consumer<Download.Options> wrong, String message) {
        assertThatThrownBy(() -> Download.fetch(uri, target, o -> {
                    quick(o);
                    wrong.accept(o);
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }
}
