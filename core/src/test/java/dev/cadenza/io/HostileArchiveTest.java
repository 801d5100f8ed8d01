package dev.cadenza.io;

import static dev.cadenza.io.Archives.file;
import static dev.cadenza.io.Archives.folder;
import static dev.cadenza.io.Archives.gzip;
import static dev.cadenza.io.Archives.special;
import static dev.cadenza.io.Archives.tar;
import static dev.cadenza.io.Archives.zip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives that are made to do harm, and such as were damaged on their way: each leaves nothing behind. */
class HostileArchiveTest {
    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource({
        "../evil, leads out of its folder",
        "a/../../evil, leads out of its folder",
        "a/.., leads out of its folder",
        "/tmp/evil, is absolute",
        "C:/evil, is absolute",
        "C:evil, is absolute",
        "a\\..\\evil, has a backslash",
        "\\\\host\\evil, has a backslash"
    })
    void names_that_lead_elsewhere_are_refused_in_tar_and_zip(String name, String problem) throws IOException {
        assertHostile(tar(t -> {
                    file(t, "good", "x");
                    file(t, name, "x");
                }))
                .hasMessageContaining(" " + problem + ", so nothing was extracted; ")
                .hasMessageStartingWith(dir.resolve("a") + ": its entry " + name + " ");
        if (!name.contains("\\")) { // this writer of zip files makes slashes of them
            assertHostile(zip(z -> file(z, name, "x")))
                    .hasMessageContaining(" " + problem + ", so nothing was extracted; ");
        }
    }

    @Test
    void names_that_could_change_what_a_terminal_shows_are_refused_and_not_shown() throws IOException {
        String name = "a\n\u001b[2Jb";
        assertHostile(tar(t -> file(t, name, "x")))
                .hasMessageContaining("its entry a??[2Jb has a control character, so nothing was extracted");
        assertHostile(zip(z -> file(z, name, "x"))).hasMessageContaining("its entry a??[2Jb has a control character");
        assertHostile(zip(z -> file(z, "a\0b", "x"))).hasMessageContaining("its entry a?b has a control character");
    }

    @ParameterizedTest
    @ValueSource(
            bytes = {
                TarConstants.LF_SYMLINK,
                TarConstants.LF_LINK,
                TarConstants.LF_CHR,
                TarConstants.LF_BLK,
                TarConstants.LF_FIFO,
                TarConstants.LF_GNUTYPE_SPARSE,
                'V'
            })
    void only_files_and_folders_are_made(byte kind) throws IOException {
        String problem = switch (kind) {
            case TarConstants.LF_SYMLINK, TarConstants.LF_LINK -> "is a link to /etc/passwd";
            case TarConstants.LF_GNUTYPE_SPARSE -> "is";
            case 'V' -> "is of the unknown kind 86";
            default -> "is a device";
        };
        byte[] tar = tar(t -> special(t, "evil", kind));
        assertHostile(tar).hasMessageContaining(" " + problem);
    }

    @Test
    void a_file_through_a_link_is_refused_at_the_link() throws IOException {
        Path outside = Files.createDirectory(dir.resolve("outside"));
        byte[] tar = tar(t -> {
            TarArchiveEntry link = new TarArchiveEntry("door", TarConstants.LF_SYMLINK);
            link.setLinkName(outside.toString());
            t.putArchiveEntry(link);
            t.closeArchiveEntry();
            file(t, "door/evil", "x");
        });
        assertRefused(tar, o -> {}).hasMessageContaining("its entry door is a link to ");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void links_and_devices_in_zip_files_are_refused() throws IOException {
        assertHostile(zip(z -> file(z, "evil", "/etc/passwd", 0120777)))
                .hasMessageContaining("its entry evil is a link");
        assertHostile(zip(z -> file(z, "evil", "", 0020777))).hasMessageContaining("its entry evil is a device");
    }

    @Test
    void nothing_is_overwritten() throws IOException {
        assertHostile(tar(t -> {
                    file(t, "a", "1");
                    file(t, "./a", "2");
                }))
                .hasMessageContaining("its entry ./a comes twice");
        assertHostile(zip(z -> {
                    file(z, "a", "1");
                    file(z, "a", "2");
                }))
                .hasMessageContaining("its entry a comes twice");
    }

    @Test
    void a_file_is_no_folder() throws IOException {
        assertHostile(tar(t -> {
                    file(t, "a", "1");
                    file(t, "a/b", "2");
                }))
                .hasMessageContaining("its entry a/b is or needs a folder of a file's name");
        assertHostile(tar(t -> {
                    file(t, "a/b", "1");
                    file(t, "a", "2");
                }))
                .hasMessageContaining("its entry a comes twice");
        assertHostile(tar(t -> {
                    file(t, "a", "1");
                    folder(t, "a/");
                }))
                .hasMessageContaining("is or needs a folder of a file's name");
        assertHostile(tar(t -> file(t, ".", "1"))).hasMessageContaining("is a file without a name");
    }

    @Test
    void more_entries_or_bytes_than_the_limits_allow_are_refused() throws IOException {
        byte[] tar = tar(t -> {
            for (int i = 0; i < 11; i++) {
                file(t, "f" + i, "x".repeat(100));
            }
        });
        assertRefused(tar, o -> o.maxEntries = 10)
                .hasMessageContaining(
                        "has more than 10 files and folders; if you trust it, extract it with a higher limit");
        assertRefused(gzip(tar), o -> o.maxBytes = 2_000).hasMessageContaining("has more than 2.0 kB of content");
        byte[] zip = zip(z -> {
            file(z, "a", "x".repeat(1_500));
            file(z, "b", "x".repeat(1_500));
        });
        assertRefused(zip, o -> o.maxEntries = 1).hasMessageContaining("has more than 1 files and folders");
        assertRefused(zip, o -> o.maxBytes = 2_000).hasMessageContaining("has more than 2.0 kB of content");
    }

    @Test
    void a_bomb_is_stopped_by_its_ratio() throws IOException {
        String zeros = "\0".repeat(70 << 20);
        assertRefused(zip(z -> file(z, "bomb", zeros)), o -> {})
                .hasMessageContaining("has more than 200.0 times its own size of content");
        // One in gzip behind the end of the tar file, where nothing is extracted, counts too.
        Path bomb = dir.resolve("a");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(bomb))) {
            gzip.write(tar(t -> file(t, "a", "x")));
            gzip.write(zeros.getBytes(StandardCharsets.US_ASCII));
        }
        assertRefused(Files.readAllBytes(bomb), o -> {})
                .hasMessageContaining("has more than 200.0 times its own size of content");
    }

    @Test
    void a_header_that_would_fill_the_memory_is_stopped() throws IOException {
        byte[] tar = tar(t -> {
            byte[] name = "n".repeat(3 << 20).getBytes(StandardCharsets.US_ASCII);
            TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
            entry.setSize(name.length);
            t.putArchiveEntry(entry);
            t.write(name);
            t.closeArchiveEntry();
            file(t, "a", "x");
        });
        assertRefused(gzip(tar), o -> {}).hasMessageContaining("has a header of more than a megabyte");
    }

    @Test
    void an_archive_that_was_cut_anywhere_is_refused() throws IOException {
        byte[] tar = tar(t -> {
            file(t, "a", "x".repeat(2_000));
            file(t, "b", "y".repeat(2_000));
        });
        byte[] tgz = gzip(tar);
        byte[] zip = zip(z -> {
            file(z, "a", "x".repeat(2_000));
            file(z, "b", "y".repeat(2_000));
        });
        for (int size = 513; size < 2 * 2_560; size += 97) {
            assertRefused(Arrays.copyOf(tar, size), o -> {}).hasMessageContaining("is damaged or incomplete (");
        }
        assertRefused(Arrays.copyOf(tar, 2 * 2_560), o -> {})
                .hasMessageContaining("the mark that ends a tar file is missing");
        for (int size = 12; size < tgz.length; size++) {
            assertRefused(Arrays.copyOf(tgz, size), o -> {}).hasMessageContaining("is damaged or incomplete (");
        }
        for (int size = 5; size < zip.length; size++) {
            assertRefused(Arrays.copyOf(zip, size), o -> {}).hasMessageContaining("; delete it and fetch it again");
        }
    }

    @Test
    void damage_never_ends_in_another_exception_nor_in_wrong_content() throws IOException {
        byte[] tar = tar(t -> {
            file(t, "a", "x".repeat(2_000));
            file(t, "b/c", "y".repeat(2_000));
        });
        byte[] zip = zip(z -> {
            file(z, "a", "x".repeat(2_000));
            file(z, "b/c", "y".repeat(2_000));
        });
        Random random = new Random(7);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = (i % 2 == 0 ? gzip(tar) : zip).clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(dir.resolve("a"), damaged);
            Path out = dir.resolve("out" + i);
            try {
                Archive.extract(dir.resolve("a"), out, o -> {});
            } catch (DataException e) {
                assertThat(out).doesNotExist();
                continue;
            }
            try (Stream<Path> files = Files.walk(out)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    assertThat(Files.readString(file)).isIn("x".repeat(2_000), "y".repeat(2_000));
                }
            }
        }
    }

    @Test
    void other_files_are_told_by_how_they_begin() throws IOException {
        assertRefused("<html>not found</html>".getBytes(StandardCharsets.US_ASCII), o -> {})
                .hasMessageContaining(
                        "wanted a .tar, .tar.gz, .tgz or .zip file, but it begins with 3c 68 74 6d; check that");
        assertRefused(new byte[0], o -> {}).hasMessageContaining("but it begins with nothing");
        assertThatThrownBy(() -> Archive.extract(dir.resolve("none"), dir.resolve("out"), o -> {}))
                .isInstanceOf(DataException.class)
                .hasMessage(dir.resolve("none") + ": no such file; check the path, or download the archive first");
    }

    @ParameterizedTest
    @CsvSource({
        "a/b.txt, true",
        "./a, true",
        "nul, false",
        "NUL.txt, false",
        "a/Com1, false",
        "console, true",
        "a:b/c, false",
        "what?, false",
        "a., false",
        "'a ', false"
    })
    void names_that_windows_cannot_have_are_refused_there(String name, boolean good) {
        assertThat(ArchiveNames.problem(name, true) == null).isEqualTo(good);
        assertThat(ArchiveNames.problem(name, false) == null).isEqualTo(!name.startsWith("a:"));
    }

    private AbstractThrowableAssert<?, ?> assertHostile(byte[] archive) throws IOException {
        return assertRefused(archive, o -> {}).hasMessageEndingWith("; fetch the archive from a place that you trust");
    }

    /** Nothing is left of a refused archive, neither inside nor outside its target. */
    private AbstractThrowableAssert<?, ?> assertRefused(byte[] archive, Consumer<Archive.Options> options)
            throws IOException {
        Path file = Files.write(dir.resolve("a"), archive);
        AbstractThrowableAssert<?, ?> thrown = assertThatThrownBy(
                        () -> Archive.extract(file, dir.resolve("out"), options))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(file + ": ");
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files.filter(each -> !each.endsWith("outside"))).containsExactly(file);
        }
        return thrown;
    }
}
