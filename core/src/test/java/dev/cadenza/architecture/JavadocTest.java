package dev.cadenza.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything public says in Javadoc what it is.
 *
 * <p>javadoc's own check cannot be asked for the sentence without asking for a {@code @param} for every parameter too.
 */
class JavadocTest {
    @Test
    void everything_public_has_javadoc() throws IOException {
        assertThat(undocumented(Sources.mainFiles(Sources.checkout()))).isEmpty();
    }

    @Test
    void a_public_thing_without_javadoc_is_reported(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("A.java");
        Files.writeString(file, """
                /** A. */
                public class A {
                    public int bare;
                    int hidden;
                    protected void bare(int x) {}
                    @Override public String toString() { return ""; }
                    private static class Hidden { public void hidden() {} }
                    /** B. */
                    public interface B { void bare(); }
                    /** C. */
                    public enum C { CONSTANT }
                }
                """);
        assertThat(undocumented(List.of(file))).containsExactly("A.java:3: bare", "A.java:5: bare", "A.java:9: bare");
    }

    private static List<String> undocumented(List<Path> files) throws IOException {
        JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = javac.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    javac.getTask(null, manager, null, null, null, manager.getJavaFileObjectsFromPaths(files));
            List<String> found = new ArrayList<>();
            for (CompilationUnitTree file : task.parse()) {
                new Undocumented(DocTrees.instance(task), found).scan(file, null);
            }
            return found;
        }
    }

    /** Collects what is public, or protected, and has no comment; what overrides inherits its comment, and constants have names. */
    private static final class Undocumented extends TreePathScanner<Void, Void> {
        private final DocTrees trees;
        private final List<String> found;

        private Undocumented(DocTrees trees, List<String> found) {
            this.trees = trees;
            this.found = found;
        }

        @Override
        public Void visitClass(ClassTree type, Void none) {
            if (!isPublic(type.getModifiers())) {
                return null; // nor is anything inside it
            }
            check(type.getSimpleName().toString());
            return super.visitClass(type, null);
        }

        @Override
        public Void visitMethod(MethodTree method, Void none) {
            boolean overrides = method.getModifiers().getAnnotations().stream()
                    .anyMatch(annotation ->
                            annotation.getAnnotationType().toString().equals("Override"));
            if (isPublic(method.getModifiers()) && !overrides) {
                check(method.getName().toString());
            }
            return null; // what is inside is nobody else's
        }

        @Override
        public Void visitVariable(VariableTree field, Void none) {
            if (isPublic(field.getModifiers()) && !isEnumConstant(field)) {
                check(field.getName().toString());
            }
            return null;
        }

        private boolean isEnumConstant(VariableTree field) {
            return getCurrentPath().getParentPath().getLeaf() instanceof ClassTree owner
                    && owner.getKind() == Tree.Kind.ENUM
                    && field.getType().toString().contentEquals(owner.getSimpleName());
        }

        private boolean isPublic(ModifiersTree modifiers) {
            Tree owner = getCurrentPath().getParentPath().getLeaf();
            return modifiers.getFlags().contains(Modifier.PUBLIC)
                    || modifiers.getFlags().contains(Modifier.PROTECTED)
                    || (owner.getKind() == Tree.Kind.INTERFACE
                            && !modifiers.getFlags().contains(Modifier.PRIVATE));
        }

        private void check(String name) {
            TreePath path = getCurrentPath();
            if (trees.getDocComment(path) == null) {
                CompilationUnitTree file = path.getCompilationUnit();
                long position = trees.getSourcePositions().getStartPosition(file, path.getLeaf());
                found.add(Path.of(file.getSourceFile().getName()).getFileName() + ":"
                        + file.getLineMap().getLineNumber(position) + ": " + name);
            }
        }
    }
}
