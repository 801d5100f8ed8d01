package dev.cadenza.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files stay short enough to be read in one sitting. */
class FileSizeTest {
    private static final int LIMIT = 300;

    /** Tensor is long since it has every operation, one line or two each. */
    private static final Map<String, Integer> EXCEPTIONS = Map.of("Tensor.java", 900);

    @Test
    void no_main_source_file_is_too_long() throws IOException {
        assertThat(Sources.mainFiles(Sources.checkout())).isNotEmpty();
        assertThat(tooLong(Sources.checkout())).isEmpty();
    }

    @Test
    void a_file_one_line_too_long_is_reported(@TempDir Path checkout) throws IOException {
        Path directory = Files.createDirectories(checkout.resolve("core/src/main/java/a"));
        Files.write(directory.resolve("JustRight.java"), Collections.nCopies(300, "//"));
        Files.write(directory.resolve("Long.java"), Collections.nCopies(301, "//"));
        Files.write(directory.resolve("Tensor.java"), Collections.nCopies(900, "//"));
        assertThat(tooLong(checkout)).containsExactly("core/src/main/java/a/Long.java: 301 lines, at most 300");
    }

    private static List<String> tooLong(Path checkout) throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : Sources.mainFiles(checkout)) {
            int lines = Files.readAllLines(file).size();
            int limit = EXCEPTIONS.getOrDefault(file.getFileName().toString(), LIMIT);
            if (lines > limit) {
                found.add(checkout.relativize(file).toString().replace('\\', '/') + ": " + lines + " lines, at most "
                        + limit);
            }
        }
        return found;
    }
}
