package dev.cadenza.testing;

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

/** Compile the examples in Javadoc and Markdown, each as the body of a method. */
public final class Snippets {
    private static final Pattern IN_JAVADOC =
            Pattern.compile("<pre>\\{@code\\n(.*?)\\n\\s*\\* }</pre>", Pattern.DOTALL);
    private static final Pattern IN_MARKDOWN = Pattern.compile("```java\\n(.*?)\\n```", Pattern.DOTALL);

    /** What examples may use without declaring it; their own declarations hide these. */
    private static final String AROUND = """
            %s
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
            import dev.cadenza.predict.*;
            import dev.cadenza.schedule.*;
            import dev.cadenza.tensor.*;
            import dev.cadenza.train.*;
            import java.nio.file.Path;
            import java.util.*;
            import java.util.stream.*;

            @SuppressWarnings("all")
            class %s {
                Path dir, file;
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

    private final String imports;
    private final List<Snippet> found = new ArrayList<>();

    /** Begin with the imports that examples may use besides those of core, such as {@code import a.b.*;}. */
    public Snippets(String imports) {
        this.imports = imports;
    }

    private record Snippet(String name, String where, String code, String imports) {
        JavaFileObject source() {
            return new SimpleJavaFileObject(URI.create("string:///" + name + ".java"), JavaFileObject.Kind.SOURCE) {
                @Override
                public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                    return AROUND.formatted(imports, name, code);
                }
            };
        }
    }

    /** Add an example. */
    public Snippets add(String where, String code) {
        found.add(new Snippet("Snippet" + found.size(), where, code, imports));
        return this;
    }

    /** Add the examples in a file, or in all files below a folder: in Javadoc if it is Java, else in Markdown. */
    public Snippets addAll(Path root, Path from) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
                String text = Files.readString(file);
                boolean isJava = file.toString().endsWith(".java");
                Matcher m = (isJava ? IN_JAVADOC : IN_MARKDOWN).matcher(text);
                while (m.find()) {
                    String code = isJava ? m.group(1).replaceAll("(?m)^\\s*\\* ?", "") : m.group(1);
                    add(
                            root.relativize(file) + ":"
                                    + text.substring(0, m.start()).lines().count(),
                            code.replaceAll("(?m)^import .*$", "").replace("…", ""));
                }
            }
        }
        return this;
    }

    /** Return how many there are. */
    public int size() {
        return found.size();
    }

    /** Compile all into a folder, and say what is wrong and where. */
    public List<String> errors(Path out) {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        DiagnosticCollector<JavaFileObject> errors = new DiagnosticCollector<>();
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        javac.getTask(
                        null,
                        null,
                        errors,
                        List.of("-proc:none", "-d", out.toString(), "-cp", classPath),
                        null,
                        found.stream().map(Snippet::source).toList())
                .call();
        return errors.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(d -> found.stream()
                                .filter(s -> d.getSource().getName().contains(s.name() + ".java"))
                                .map(Snippet::where)
                                .collect(Collectors.joining())
                        + ": " + d.getMessage(Locale.ROOT).lines().findFirst().orElse(""))
                .toList();
    }
}
