package dev.cadenza.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The layers of core and the arrows there may be between them. */
class LayerTest {
    private static final String BYTEDECO = "org.bytedeco.";
    private static final String SLF4J = "org.slf4j.";

    /** What each layer may use besides itself and {@code java..}: layers by name, libraries by prefix. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "tensor", Set.of(BYTEDECO, SLF4J),
            "nn", Set.of("io", "tensor", SLF4J),
            "io", Set.of("tensor", SLF4J, "tools.jackson.", "org.apache.commons.compress."),
            "data", Set.of("io", "tensor", SLF4J),
            "optim", Set.of("tensor", SLF4J),
            "metric", Set.of("tensor", SLF4J),
            "schedule", Set.of(),
            "predict", Set.of("io", "nn", "data", "tensor", SLF4J),
            "train", Set.of("predict", "io", "nn", "data", "optim", "schedule", "metric", "tensor", SLF4J),
            "callback", Set.of("train", "io", "nn", "data", "optim", "schedule", "metric", "tensor", SLF4J));

    @Test
    void every_class_uses_only_the_layers_below_its_own() {
        assertThat(forbiddenArrows(Sources.mainClasses(), Sources.ROOT)).isEmpty();
    }

    @Test
    void no_public_signature_shows_a_bytedeco_type() {
        assertThat(exposedBindings(Sources.mainClasses())).isEmpty();
    }

    @Test
    void an_arrow_upwards_or_to_a_library_that_is_not_listed_is_reported() {
        assertThat(forbiddenArrows(Sources.fixtures(), Sources.FIXTURE))
                .anyMatch(arrow -> arrow.startsWith("schedule → train: ") && arrow.contains("ReachesUp"))
                .anyMatch(arrow -> arrow.startsWith("schedule → org.slf4j: ") && arrow.contains("ReachesUp"))
                .anyMatch(arrow -> arrow.startsWith("nn → org.bytedeco.pytorch: ") && arrow.contains("ShowsBindings"))
                .noneMatch(arrow -> arrow.startsWith("train → "));
    }

    @Test
    void a_class_outside_the_known_layers_is_reported() {
        assertThat(forbiddenArrows(Sources.fixtures(), "dev.cadenza.architecture"))
                .anyMatch(arrow -> arrow.startsWith("no such layer: fixture"));
    }

    @Test
    void a_bytedeco_type_is_reported_wherever_a_signature_shows_it() {
        assertThat(exposedBindings(Sources.fixtures()))
                .anyMatch(place -> place.contains("ShowsBindings.field"))
                .anyMatch(place -> place.contains("ShowsBindings.<init>"))
                .anyMatch(place -> place.contains("ShowsBindings.inGenerics"))
                .anyMatch(place -> place.contains("ShowsBindings.inherited"))
                .anyMatch(place -> place.contains("ShowsBindings$Child> extends"))
                .noneMatch(place -> place.contains("hidden"));
    }

    private static List<String> forbiddenArrows(JavaClasses classes, String root) {
        return classes.stream()
                .flatMap(from -> forbiddenArrows(from, root))
                .distinct()
                .sorted()
                .toList();
    }

    private static Stream<String> forbiddenArrows(JavaClass from, String root) {
        String layer = layer(from, root);
        if (!ARROWS.containsKey(layer)) {
            return Stream.of("no such layer: " + layer + " (" + from.getName() + ")");
        }
        return from.getDirectDependenciesFromSelf().stream()
                .filter(arrow -> !mayUse(layer, target(arrow), root))
                .map(arrow -> layer + " → " + layer(target(arrow), root) + ": " + arrow.getDescription());
    }

    private static boolean mayUse(String layer, JavaClass target, String root) {
        String used = layer(target, root);
        return target.isPrimitive()
                || target.getName().startsWith("java.")
                || target.getName().startsWith("javax.net.")
                || used.equals(layer)
                || ARROWS.get(layer).contains(used)
                || ARROWS.get(layer).stream()
                        .anyMatch(allowed ->
                                allowed.endsWith(".") && target.getName().startsWith(allowed));
    }

    private static JavaClass target(Dependency arrow) {
        return arrow.getTargetClass().getBaseComponentType();
    }

    /** Name the layer of one of our classes, which is the first package below the root; for any other class, its package. */
    private static String layer(JavaClass type, String root) {
        String name = type.getPackageName();
        return name.startsWith(root + ".") ? name.substring(root.length() + 1).split("\\.")[0] : name;
    }

    private static List<String> exposedBindings(JavaClasses classes) {
        return classes.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .flatMap(type -> Stream.concat(exposedByParents(type), exposedByMembers(type)))
                .sorted()
                .toList();
    }

    private static Stream<String> exposedByParents(JavaClass type) {
        return type.getClassHierarchy().stream()
                .flatMap(each -> Stream.concat(each.getSuperclass().stream(), each.getInterfaces().stream()))
                .filter(parent -> parent.getAllInvolvedRawTypes().stream().anyMatch(LayerTest::isBinding))
                .map(parent -> "<" + type.getName() + "> extends " + parent.getName());
    }

    /** Look at inherited members too: a public method of a hidden parent is as visible as one of the class itself. */
    private static Stream<String> exposedByMembers(JavaClass type) {
        return type.getAllMembers().stream()
                .filter(member -> !isBinding(member.getOwner()))
                .filter(member -> member.getModifiers().contains(JavaModifier.PUBLIC)
                        || member.getModifiers().contains(JavaModifier.PROTECTED))
                .filter(LayerTest::showsBinding)
                .map(member -> type.getName() + " shows " + member.getFullName())
                .sorted(Comparator.naturalOrder());
    }

    private static boolean showsBinding(JavaMember member) {
        return Stream.concat(
                        member.getAllInvolvedRawTypes().stream(),
                        member instanceof JavaCodeUnit code ? code.getExceptionTypes().stream() : Stream.empty())
                .anyMatch(LayerTest::isBinding);
    }

    private static boolean isBinding(JavaClass type) {
        return type.getBaseComponentType().getName().startsWith(BYTEDECO);
    }
}
