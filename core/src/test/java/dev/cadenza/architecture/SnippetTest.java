package dev.cadenza.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every example in the Javadoc of core, in README.md and in docs is compiled, as the body of a method. */
class SnippetTest {
    private static final Pattern IN_JAVADOC =
            Pattern.compile("<pre>\\{@code\\n(.*?)\\n\\s*\\* }</pre>", Pattern.DOTALL);
    private static final Pattern IN_MARKDOWN = Pattern.compile("```java\\n(.*?)\\n```", Pattern.DOTALL);

    /** What examples may use without declaring it; their own declarations hide these. */
    private static final String AROUND = """
            import static dev.cadenza.optim.Hyper.*;
            import static dev.cadenza.optim.Slot.*;
            import static dev.cadenza.optim.Steps.*;
            import dev.cadenza.callback.*;
            import dev.cadenza.data.*;
            import dev.cadenza.io.*;
            import dev.cadenza.metric.*;
            import dev.cadenza.nn.*;
            import dev.cadenza.nn.Module;
            import dev.cadenza.optim.*;
            import dev.cadenza.schedule.*;
            import dev.cadenza.tensor.*;
            import dev.cadenza.train.*;
            import java.nio.file.Path;
            import java.util.*;
            import java.util.stream.*;

            @SuppressWarnings("all")
            class %s {
                Path dir;
                Dataset dataset, trainSet, validSet;
                DataLoaders data;
                Module model;
                Learner learn;
                Optimizer optimizer;
                TensorList params, grads, average;
                Tensor x, y, loss, pred, target, images, labels, weight, w1, b1, w2, b2;
                Linear layer;
                double lr, mom;
                long seed, epoch, index, channels;

                void run() throws Exception {
            %s
                }
            }
            """;

    private record Snippet(String name, String where, String code) {
        JavaFileObject source() {
            return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return AROUND.formatted(name, code);
                }
            };
        }
    }

    private static List<Snippet> snippets() throws IOException {
        List<Snippet> snippets = new ArrayList<>();
        Path root = Sources.checkout().normalize();
        try (Stream<Path> java = Files.walk(root.resolve("core/src/main/java"));
                Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            List<Path> files = Stream.concat(Stream.concat(java, docs), Stream.of(root.resolve("README.md")))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            for (Path file : files) {
                String text = Files.readString(file);
                boolean isJava = file.toString().endsWith(".java");
                Matcher m = (isJava ? IN_JAVADOC : IN_MARKDOWN).matcher(text);
                while (m.find()) {
                    String code = isJava ? m.group(1).replaceAll("(?m)^\\s*\\* ?", "") : m.group(1);
                    snippets.add(new Snippet(
                            "Snippet" + snippets.size(),
                            root.relativize(file) + ":"
                                    + text.substring(0, m.start()).lines().count(),
                            code.replaceAll("(?m)^import .*$", "").replace("…", "")));
                }
            }
        }
        return snippets;
    }

    private static List<String> errors(List<Snippet> snippets, Path out) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        javac.getTask(
                        null,
                        null,
                        found,
                        List.of("-proc:none", "-d", out.toString(), "-cp", classPath),
                        null,
                        snippets.stream().map(Snippet::source).toList())
                .call();
        return found.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(d -> snippets.stream()
                                .filter(s -> d.getSource().getName().contains(s.name() + ".java"))
                                .map(Snippet::where)
                                .collect(Collectors.joining())
                        + ": " + d.getMessage(Locale.ROOT).lines().findFirst().orElse(""))
                .toList();
    }

    @Test
    void every_example_in_javadoc_readme_and_docs_compiles(@TempDir Path out) throws IOException {
        List<Snippet> snippets = snippets();
        assertThat(snippets).hasSizeGreaterThan(20);
        assertThat(errors(snippets, out)).isEmpty();
    }

    @Test
    void an_example_that_does_not_compile_is_found_and_named(@TempDir Path out) {
        Snippet wrong = new Snippet("Wrong", "here:1", "Tensor t = \"no tensor\";");
        assertThat(errors(List.of(wrong), out)).singleElement().asString().startsWith("here:1: incompatible types");
    }
}
