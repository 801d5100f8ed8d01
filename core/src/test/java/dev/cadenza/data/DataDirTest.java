package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirTest {
    @TempDir
    Path dir;

    @Test
    void the_environment_names_the_directory() {
        assertThat(DataDir.root("elsewhere", dir)).isEqualTo(Path.of("elsewhere"));
    }

    @Test
    void without_it_the_shared_folder_beside_the_working_directory_is_taken_then_the_cache() throws IOException {
        Path cache = Path.of(System.getProperty("user.home"), ".cache", "cadenza");
        Path work = Files.createDirectory(dir.resolve("work"));
        assertThat(DataDir.root(null, work)).isEqualTo(cache);
        Path shared = Files.createDirectories(dir.resolve("shared").resolve("data"));
        assertThat(DataDir.root(null, work).normalize()).isEqualTo(shared);
        assertThat(DataDir.root(" ", work).normalize()).isEqualTo(shared);
    }

    @Test
    void a_data_set_that_is_not_there_is_refused_with_the_place_and_the_cure() {
        Path place = DataDir.root().resolve("no-such-set").toAbsolutePath().normalize();
        assertThatThrownBy(() -> DataDir.find("no-such-set"))
                .isInstanceOf(DataException.class)
                .hasMessage(place + ": no such folder; put the files of no-such-set there, "
                        + "or set CADENZA_DATA to the folder that has a folder no-such-set");
    }
}
