package dev.cadenza.io;

import static dev.cadenza.io.HostileServer.part;
import static dev.cadenza.io.HostileServer.status;
import static dev.cadenza.io.HostileServer.whole;
import static dev.cadenza.io.HostileServer.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Downloads that break off and go on. */
@Timeout(60) // a download that hangs must fail, not hang the build
class DownloadResumeTest extends DownloadCase {
    @ParameterizedTest
    @ValueSource(strings = {"\"v1\"", ""})
    void a_download_that_broke_off_goes_on_where_it_was(String etag) throws Exception {
        HostileServer.Answer broken = part(CONTENT, 0, 60_000);
        try (HostileServer server = new HostileServer(
                etag.isEmpty() ? broken : with("ETag", etag, broken),
                exchange -> rest(CONTENT).to(exchange))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().get(1))
                    .matches("/data.bin bytes=[1-9]\\d*-" + (etag.isEmpty() ? "" : " if " + etag));
        }
        assertNothingElseIsLeft();
    }

    @Test
    void a_stalled_download_is_tried_again_and_goes_on() throws Exception {
        try (HostileServer server = new HostileServer()) {
            server.then(server.stall(CONTENT));
            server.then(rest(CONTENT));
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).hasSize(2);
            assertThat(server.requests().get(1)).startsWith("/data.bin bytes=");
        }
    }

    @Test
    void what_came_is_kept_when_all_tries_failed_and_used_the_next_time() throws Exception {
        try (HostileServer server = new HostileServer(part(CONTENT, 0, 60_000))) {
            assertRefused(server, o -> o.tries = 1)
                    .hasMessageStartingWith(target + ": " + server.uri("/data.bin") + " failed: the connection broke (")
                    .hasMessageEndingWith(
                            "; check the network and run it again (what has come is kept), or fetch it by hand"
                                    + " and put it at " + target);
            assertThat(target).doesNotExist();
            server.then(rest(CONTENT));
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests().get(1)).startsWith("/data.bin bytes=");
        }
    }

    @Test
    void a_file_that_changed_between_two_tries_is_fetched_afresh() throws Exception {
        try (HostileServer server = new HostileServer(
                with("ETag", "\"old\"", part(OTHER, 0, 60_000)), with("ETag", "\"new\"", whole(CONTENT)))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests().get(1)).endsWith(" if \"old\"");
        }
    }

    @Test
    void pieces_of_two_versions_that_the_server_does_not_tell_apart_are_found_out_by_the_hash() throws Exception {
        try (HostileServer server = new HostileServer(part(OTHER, 0, 60_000), rest(CONTENT), whole(CONTENT))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).hasSize(3).last().isEqualTo("/data.bin");
        }
    }

    @Test
    void a_part_is_not_used_where_nothing_could_tell_that_the_file_changed() throws Exception {
        try (HostileServer server = new HostileServer(part(OTHER, 0, 60_000), whole(CONTENT))) {
            fetch(server, o -> {
                o.sha256 = null;
                o.unverified = true;
            });
            assertThat(target).hasBinaryContent(CONTENT);
            assertThat(server.requests()).containsExactly("/data.bin", "/data.bin");
        }
    }

    @Test
    void a_server_that_cannot_send_the_rest_sends_all_again() throws Exception {
        try (HostileServer server = new HostileServer(part(CONTENT, 0, 60_000), whole(CONTENT))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
        }
    }

    @Test
    void another_range_than_was_asked_for_is_not_glued_on() throws Exception {
        try (HostileServer server =
                new HostileServer(part(CONTENT, 0, 60_000), part(CONTENT, 7, CONTENT.length), whole(CONTENT))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).hasSize(3).last().isEqualTo("/data.bin");
        }
    }

    @Test
    void a_part_that_is_longer_than_the_file_is_thrown_away() throws Exception {
        try (HostileServer server = new HostileServer(part(CONTENT, 0, 60_000), status(416), whole(CONTENT))) {
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).hasSize(3).last().isEqualTo("/data.bin");
        }
    }

    @Test
    void a_part_whose_last_byte_came_before_the_process_died_needs_no_request() throws Exception {
        try (HostileServer server = new HostileServer()) {
            Files.createDirectories(target.getParent());
            Files.write(dir.resolve("new/data.bin.part"), CONTENT);
            Files.writeString(
                    dir.resolve("new/data.bin.part.from"),
                    server.uri("/data.bin") + "\n\"v1\"\n" + CONTENT.length + "\n");
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "no uri at all\n\n12\n", "http://127.0.0.1/other\n\"v1\"\n100000\n"})
    void a_part_of_unknown_origin_is_not_used(String origin) throws Exception {
        try (HostileServer server = new HostileServer(whole(CONTENT))) {
            Files.createDirectories(target.getParent());
            Files.write(dir.resolve("new/data.bin.part"), OTHER);
            Files.writeString(dir.resolve("new/data.bin.part.from"), origin);
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests()).containsExactly("/data.bin");
        }
    }

    @Test
    void an_interrupt_ends_the_download_and_leaves_what_came() throws Exception {
        try (HostileServer server = new HostileServer()) {
            server.then(server.stall(CONTENT));
            server.then(rest(CONTENT));
            Thread me = Thread.currentThread();
            assertThatThrownBy(() -> Download.fetch(server.uri("/data.bin"), target, o -> {
                        quick(o);
                        o.stallTimeout = Duration.ofMinutes(1);
                        o.progress = (done, total) -> {
                            if (done >= CONTENT.length / 2) {
                                me.interrupt();
                            }
                        };
                    }))
                    .isInstanceOf(DataException.class)
                    .hasMessageEndingWith("the download was interrupted; run it again: it goes on from there");
            assertThat(Thread.interrupted()).isTrue();
            assertThat(dir.resolve("new/data.bin.part")).hasSize(CONTENT.length / 2);
            assertThat(fetch(server)).hasBinaryContent(CONTENT);
            assertThat(server.requests().get(1)).isEqualTo("/data.bin bytes=" + CONTENT.length / 2 + "-");
        }
    }

    /** Sends what was asked for. */
    private static HostileServer.Answer rest(byte[] content) {
        return exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            int from = Integer.parseInt(range.replaceAll("\\D", ""));
            part(content, from, content.length).to(exchange);
        };
    }
}
