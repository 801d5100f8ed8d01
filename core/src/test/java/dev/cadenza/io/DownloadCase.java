package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the tests of downloads have in common: two files, a place for them, and a download that does not wait long. */
@Timeout(60) // a download that hangs must fail, not hang the build
abstract class DownloadCase {
    static final byte[] CONTENT = bytes(100_000, 1);
    static final byte[] OTHER = bytes(100_000, 2);

    @TempDir
    Path dir;

    Path target;

    @BeforeEach
    void name() {
        target = dir.resolve("new/data.bin");
    }

    AbstractThrowableAssert<?, ?> assertRefused(HostileServer server, Consumer<Download.Options> options) {
        return assertThatThrownBy(() -> fetch(server, options))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(target + ": ");
    }

    void assertNothingElseIsLeft() throws IOException {
        try (Stream<Path> files = Files.list(target.getParent())) {
            assertThat(files).containsExactly(target);
        }
    }

    Path fetch(HostileServer server) {
        return fetch(server, o -> {});
    }

    Path fetch(HostileServer server, Consumer<Download.Options> options) {
        return Download.fetch(server.uri("/data.bin"), target, o -> {
            quick(o);
            options.accept(o);
        });
    }

    void quick(Download.Options o) {
        o.sha256 = sha256(CONTENT);
        o.connectTimeout = Duration.ofMillis(400);
        o.stallTimeout = Duration.ofMillis(300);
        o.pause = Duration.ofMillis(1);
    }

    static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
