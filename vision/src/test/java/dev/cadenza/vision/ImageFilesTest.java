package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFilesTest {
    private static Path touch(Path dir, String name) throws IOException {
        Path file = dir.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.createFile(file);
    }

    @Test
    void lists_images_in_all_folders_in_the_order_of_code_points(@TempDir Path dir) throws IOException {
        String[] ordered = {
            "B/x.PNG", "a.jpeg", "a/2.webp", "a/b/1.gif", "a10.bmp", "a2.jpg", "b.JPG", "ä.jpg", "𝒳.jpg"
        };
        for (int i = ordered.length - 1; i >= 0; i--) {
            touch(dir, ordered[i]);
        }
        for (String other :
                new String[] {"notes.txt", "jpg", "a.jpg.part", ".hidden.jpg", ".git/x.jpg", "a/.DS_Store"}) {
            touch(dir, other);
        }
        assertThat(ImageFiles.in(dir))
                .extracting(file -> dir.relativize(file).toString().replace('\\', '/'))
                .containsExactly(
                        "B/x.PNG", "a/2.webp", "a/b/1.gif", "a.jpeg", "a10.bmp", "a2.jpg", "b.JPG", "ä.jpg", "𝒳.jpg");
    }

    @Test
    void a_link_to_a_folder_around_it_ends(@TempDir Path dir) throws IOException {
        Path file = touch(dir, "in/a.jpg");
        Files.createSymbolicLink(dir.resolve("in/loop"), dir);
        Files.createSymbolicLink(dir.resolve("dangling.jpg"), dir.resolve("nowhere.jpg"));
        assertThat(ImageFiles.in(dir)).containsExactly(file);
    }

    @Test
    void a_link_to_another_folder_is_followed(@TempDir Path dir) throws IOException {
        touch(dir, "elsewhere/a.jpg");
        Path photos = Files.createDirectory(dir.resolve("photos"));
        Files.createSymbolicLink(photos.resolve("link"), dir.resolve("elsewhere"));
        assertThat(ImageFiles.in(photos)).containsExactly(photos.resolve("link/a.jpg"));
    }

    @Test
    void a_hidden_folder_may_be_asked_for_itself(@TempDir Path dir) throws IOException {
        Path file = touch(dir, ".cache/a.jpg");
        assertThat(ImageFiles.in(dir.resolve(".cache"))).containsExactly(file);
    }

    @Test
    void a_missing_or_empty_folder_and_a_file_are_refused_by_name(@TempDir Path dir) throws IOException {
        Path file = touch(dir, "a/notes.txt");
        assertThatThrownBy(() -> ImageFiles.in(dir.resolve("b")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("b: there is no such folder");
        assertThatThrownBy(() -> ImageFiles.in(file))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("notes.txt: wanted a folder of images, but it is a file");
        assertThatThrownBy(() -> ImageFiles.in(dir))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("there is no jpg, jpeg, png, bmp, gif or webp file");
    }

    @Test
    void a_hidden_folder_that_cannot_be_opened_is_left_out_as_others_are(@TempDir Path dir) throws IOException {
        FileVisitor<Path> visitor = ImageFiles.into(new ArrayList<>(), dir);
        Path trash = dir.resolve(".Trash-0");
        assertThat(visitor.visitFileFailed(trash, new AccessDeniedException(trash.toString())))
                .isEqualTo(FileVisitResult.CONTINUE);
        for (Path asked : new Path[] {dir, dir.resolve("bees")}) {
            assertThatThrownBy(() -> visitor.visitFileFailed(asked, new AccessDeniedException(asked.toString())))
                    .isInstanceOf(AccessDeniedException.class);
        }
    }
}
