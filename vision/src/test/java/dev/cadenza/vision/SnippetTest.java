package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.testing.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example in the Javadoc of vision, in README.md and in docs is compiled, as the body of a method. */
class SnippetTest {
    @Test
    void every_example_in_javadoc_readme_and_docs_compiles(@TempDir Path out) throws IOException {
        Path root = Path.of(System.getProperty("cadenza.root", ".."))
                .toAbsolutePath()
                .normalize();
        Snippets snippets = new Snippets("import dev.cadenza.vision.*; import dev.cadenza.vision.models.*;")
                .addAll(root, root.resolve("vision/src/main/java"))
                .addAll(root, root.resolve("docs"))
                .addAll(root, root.resolve("README.md"));
        assertThat(snippets.size()).isGreaterThan(10);
        assertThat(snippets.errors(out)).isEmpty();
    }
}
