package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedFolderTest {
    @TempDir
    private Path dir;

    private Path folder;

    @BeforeEach
    void name() {
        folder = dir.resolve("some.weights");
    }

    private void write(String text) {
        SealedFolder.write(folder, inside -> {
            try {
                Files.writeString(inside.resolve("text"), text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private List<String> names() throws IOException {
        try (Stream<Path> content = Files.list(dir)) {
            return content.map(each -> each.getFileName().toString()).toList();
        }
    }

    @Test
    void a_folder_takes_the_place_of_the_one_before_and_nothing_else_is_left() throws IOException {
        write("first");
        write("second");
        SealedFolder.verify(folder);
        assertThat(folder.resolve("text")).hasContent("second");
        assertThat(names()).containsExactly("some.weights");
    }

    @Test
    void what_cannot_be_written_leaves_the_one_before() throws IOException {
        write("first");
        assertThatThrownBy(() -> SealedFolder.write(folder, inside -> {
                    throw new IllegalStateException("the disk is full");
                }))
                .hasMessage("the disk is full");
        assertThat(folder.resolve("text")).hasContent("first");
        assertThat(names()).containsExactly("some.weights");
    }

    @Test
    void a_writer_that_died_while_it_replaced_a_folder_loses_neither() throws IOException {
        write("first");
        Path replaced = dir.resolve(".some.weights." + UUID.randomUUID() + ".replaced");
        Files.move(folder, replaced);
        Files.createDirectory(dir.resolve(".some.weights." + UUID.randomUUID() + ".unfinished"));
        SealedFolder.recover(dir);
        SealedFolder.verify(folder);
        assertThat(names()).containsExactly("some.weights");

        Files.move(folder, replaced);
        write("second"); // the other one had got the name before the writer died
        Files.createDirectory(dir.resolve("mine.replaced"));
        SealedFolder.recover(dir);
        assertThat(folder.resolve("text")).hasContent("second");
        assertThat(names()).containsExactlyInAnyOrder("some.weights", "mine.replaced");
    }
}
