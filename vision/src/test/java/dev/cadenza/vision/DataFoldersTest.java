package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Finds data sets in a cache of its own; that they are extracted and downloaded is tested in core. */
class DataFoldersTest {
    private final String home = System.getProperty("user.home");

    @TempDir
    Path dir;

    private Path cache;

    @BeforeEach
    void leaveHome() {
        System.setProperty("user.home", dir.toString());
        cache = dir.resolve(".cache/cadenza");
    }

    @AfterEach
    void returnHome() {
        System.setProperty("user.home", home);
    }

    @Test
    void cifar10_is_a_folder_with_train_and_test() throws IOException {
        Files.createDirectories(cache.resolve("cifar10/train"));
        Files.createDirectories(cache.resolve("cifar10/test"));
        assertThat(Cifar10.folder()).isDirectoryContaining("glob:**/train").isDirectoryContaining("glob:**/test");
        assertThat(Cifar10.CLASSES).hasSize(10).isSorted();
    }

    @Test
    void imagenette_has_a_folder_for_each_size() throws IOException {
        String[] names = {"imagenette2-160", "imagenette2-320", "imagenette2"};
        for (Imagenette.Size size : Imagenette.Size.values()) {
            String name = names[size.ordinal()];
            Files.createDirectories(cache.resolve(name + "/train"));
            Files.createDirectories(cache.resolve(name + "/val"));
            assertThat(Imagenette.folder(size)).hasFileName(name);
        }
    }

    @Test
    void a_folder_that_lacks_a_part_is_refused() throws IOException {
        Path folder = Files.createDirectories(cache.resolve("imagenette2-160"));
        Files.createDirectory(folder.resolve("train"));
        assertThatThrownBy(() -> Imagenette.folder(Imagenette.Size.PX160))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": wanted the folders train and val in it, but there is no val;"
                        + " delete or move it, so that the data set is extracted or downloaded again");
    }

    @Test
    void classes_have_names() {
        assertThat(Imagenette.IDS).hasSameSizeAs(Imagenette.CLASSES).isSorted();
        assertThat(Imagenette.className("n01440764")).isEqualTo("tench");
        assertThat(Imagenette.className("n03888257")).isEqualTo("parachute");
        assertThatThrownBy(() -> Imagenette.className("n00000000"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("wanted one of [n01440764, ")
                .hasMessageEndingWith("], but got: n00000000");
    }
}
