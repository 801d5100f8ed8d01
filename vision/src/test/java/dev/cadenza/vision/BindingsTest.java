package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One class of vision touches the bindings, and it hands over no bare pointer. */
class BindingsTest {
    private static final Path SOURCES = Path.of(System.getProperty("cadenza.root", ".."), "vision/src/main/java")
            .toAbsolutePath();

    private static List<String> touching(Path sources) throws IOException {
        try (Stream<Path> files = Files.walk(sources)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> text(file).contains("org.bytedeco"))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void only_one_class_touches_the_bindings_and_it_is_not_public() throws IOException {
        assertThat(touching(SOURCES)).containsExactly("OpenCv.java");
        assertThat(text(SOURCES.resolve("dev/cadenza/vision/OpenCv.java")))
                .contains("\nfinal class OpenCv")
                .doesNotContain("org.bytedeco.javacpp.Pointer;")
                .doesNotContain("(Pointer)");
    }

    @Test
    void another_class_that_does_is_reported(@TempDir Path sources) throws IOException {
        Files.writeString(sources.resolve("Wrong.java"), "import org.bytedeco.opencv.opencv_core.Mat;");
        Files.writeString(sources.resolve("Right.java"), "import java.util.List;");
        assertThat(touching(sources)).containsExactly("Wrong.java");
    }
}
