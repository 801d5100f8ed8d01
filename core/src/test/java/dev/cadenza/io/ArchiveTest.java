package dev.cadenza.io;

import static dev.cadenza.io.Archives.file;
import static dev.cadenza.io.Archives.folder;
import static dev.cadenza.io.Archives.gzip;
import static dev.cadenza.io.Archives.tar;
import static dev.cadenza.io.Archives.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Extracts good archives; {@link HostileArchiveTest} has the others. */
class ArchiveTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"tar", "tgz", "zip"})
    void each_format_is_known_by_its_content_whatever_its_name(String format) throws IOException {
        Path out = extract("data.bin", pets(format, ""), "photos");
        assertThat(out.resolve("cat/1.txt")).hasContent("meow");
        assertThat(out.resolve("cat/empty")).isEmptyFile();
        assertThat(out.resolve("dog/2.txt")).hasContent("wuff");
        assertThat(out.resolve("none")).isEmptyDirectory();
        assertNothingElseIsLeft("data.bin", "photos");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "tgz", "zip"})
    void a_single_folder_of_the_targets_name_becomes_the_target(String format) throws IOException {
        assertThat(extract("a", pets(format, "photos/"), "photos").resolve("cat/1.txt"))
                .hasContent("meow");
        assertThat(extract("b", pets(format, "photos/"), "others").resolve("photos/cat/1.txt"))
                .hasContent("meow");
        assertNothingElseIsLeft("a", "b", "photos", "others");
    }

    @Test
    void a_folder_of_the_targets_name_among_others_stays_where_it_is() throws IOException {
        Path out = extract(
                "a",
                tar(t -> {
                    file(t, "photos/1", "x");
                    file(t, "2", "y");
                }),
                "photos");
        assertThat(out.resolve("photos/1")).hasContent("x");
        assertThat(out.resolve("2")).hasContent("y");
    }

    @Test
    void names_with_dots_slashes_and_other_letters_are_kept() throws IOException {
        assumeTrue("UTF-8".equals(System.getProperty("sun.jnu.encoding")), "file names here are not in UTF-8");
        String longName = "d".repeat(90) + "/" + "f".repeat(150);
        byte[] tar = tar(t -> {
            folder(t, "./");
            file(t, "./a//b/./c..txt", "1");
            file(t, "Größe 数 🎻.txt", "2");
            file(t, longName, "3");
            file(t, "...", "4");
        });
        Path out = extract("a.tgz", gzip(tar), "out");
        assertThat(out.resolve("a/b/c..txt")).hasContent("1");
        assertThat(out.resolve("Größe 数 🎻.txt")).hasContent("2");
        assertThat(out.resolve(longName)).hasContent("3");
        assertThat(out.resolve("...")).hasContent("4");
        assertThat(extract("a.zip", zip(z -> file(z, "Größe 数 🎻.txt", "5")), "zipped")
                        .resolve("Größe 数 🎻.txt"))
                .hasContent("5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tar", "tgz", "zip"})
    void an_archive_of_nothing_gives_an_empty_folder(String format) throws IOException {
        byte[] empty = format.equals("zip") ? zip(z -> {}) : tar(t -> {});
        assertThat(extract("a", format.equals("tgz") ? gzip(empty) : empty, "out"))
                .isEmptyDirectory();
    }

    @Test
    void modes_are_not_taken_over() throws IOException {
        assumeTrue(Files.getFileStore(dir).supportsFileAttributeView("posix"), "no modes on this disk");
        Path out = extract("a.tar", tar(t -> file(t, "run.sh", "rm -rf /")), "out");
        assertThat(Files.isExecutable(out.resolve("run.sh"))).isFalse();
    }

    @Test
    void a_target_that_exists_is_left_as_it_is() throws IOException {
        Path out = Files.createDirectory(dir.resolve("out"));
        Files.writeString(out.resolve("mine"), "mine");
        extract("a.tar", pets("tar", ""), "out");
        assertThat(out).isDirectoryNotContaining("glob:**cat");
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> Archive.extract(dir.resolve("a.tar"), file, o -> {}))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": is a file, a folder was to be made; name a folder that is not there yet");
    }

    @Test
    void what_a_killed_extraction_left_is_not_taken_for_complete() throws IOException {
        Files.createDirectories(dir.resolve(".out.part/cat"));
        Files.writeString(dir.resolve(".out.part/cat/1.txt"), "me");
        Files.writeString(dir.resolve(".out.part/stale"), "");
        Path out = extract("a.tar", pets("tar", ""), "out");
        assertThat(out.resolve("cat/1.txt")).hasContent("meow");
        assertThat(out.resolve("stale")).doesNotExist();
        assertNothingElseIsLeft("a.tar", "out");
    }

    @Test
    void threads_that_want_the_same_folder_extract_it_once() throws Exception {
        Path archive = Files.write(dir.resolve("a.tar"), pets("tar", ""));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Path>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                all.add(threads.submit(() -> Archive.extract(archive, dir.resolve("new/out"), o -> {})));
            }
            for (Future<Path> each : all) {
                assertThat(each.get().resolve("dog/2.txt")).hasContent("wuff");
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(dir.resolve("new")).isDirectoryContaining("glob:**out");
    }

    @Test
    void an_interrupt_ends_the_extraction_and_leaves_nothing() throws IOException {
        Path archive = Files.write(dir.resolve("a.tar"), pets("tar", ""));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Archive.extract(archive, dir.resolve("out"), o -> {}))
                .isInstanceOf(DataException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertNothingElseIsLeft("a.tar");
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatThrownBy(() -> Archive.extract(dir.resolve("a"), dir.resolve("b"), o -> o.maxBytes = 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted maxBytes to be 1 or more, but got: 0");
        assertThatThrownBy(() -> Archive.extract(dir.resolve("a"), dir.resolve("b"), o -> o.maxEntries = -1))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Archive.extract(dir.resolve("a"), dir.resolve("b"), o -> o.maxRatio = Double.NaN))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private Path extract(String name, byte[] archive, String target) throws IOException {
        return Archive.extract(Files.write(dir.resolve(name), archive), dir.resolve(target), o -> {});
    }

    private void assertNothingElseIsLeft(String... names) throws IOException {
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString())).containsExactlyInAnyOrder(names);
        }
    }

    private static byte[] pets(String format, String before) throws IOException {
        if (format.equals("zip")) {
            return zip(z -> {
                file(z, before + "cat/1.txt", "meow");
                file(z, before + "cat/empty", "");
                file(z, before + "dog/2.txt", "wuff");
                file(z, before + "none/", "", 0040755);
            });
        }
        byte[] tar = tar(t -> {
            folder(t, before + "cat/");
            file(t, before + "cat/1.txt", "meow");
            file(t, before + "cat/empty", "");
            file(t, before + "dog/2.txt", "wuff");
            folder(t, before + "none/");
        });
        return format.equals("tgz") ? gzip(tar) : tar;
    }
}
