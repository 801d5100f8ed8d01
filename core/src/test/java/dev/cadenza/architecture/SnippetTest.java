package dev.cadenza.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.testing.Snippets;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example in the Javadoc of core is compiled, as the body of a method; those of README and docs with vision. */
class SnippetTest {
    @Test
    void every_example_in_javadoc_compiles(@TempDir Path out) throws IOException {
        Path root = Sources.checkout().normalize();
        Snippets snippets = new Snippets("").addAll(root, root.resolve("core/src/main/java"));
        assertThat(snippets.size()).isGreaterThan(20);
        assertThat(snippets.errors(out)).isEmpty();
    }

    @Test
    void an_example_that_does_not_compile_is_found_and_named(@TempDir Path out) {
        Snippets wrong = new Snippets("").add("here:1", "Tensor t = \"no tensor\";");
        assertThat(wrong.errors(out)).singleElement().asString().startsWith("here:1: incompatible types");
    }
}
