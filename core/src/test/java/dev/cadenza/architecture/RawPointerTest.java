package dev.cadenza.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * No call into the bindings hands over a bare {@code Pointer}.
 *
 * <p>Every mapped class has a constructor {@code X(Pointer)} that reinterprets the memory, and javac picks it whenever no
 * overload fits better: {@code new IValue(tensorVector)} compiles and crashes. Which overload was picked stands in the class
 * file, so that this test is exact.
 */
class RawPointerTest {
    private static final String POINTER = "org.bytedeco.javacpp.Pointer";

    /** Calls that want any pointer and take it for what it is, each with the reason. */
    private static final Map<String, String> ALLOWED = Map.of(
            "org.bytedeco.pytorch.GenericList.<init>(org.bytedeco.javacpp.Pointer)",
            "a list of tensors has the layout of a list of anything; docs of the engine, on the dispatcher",
            "org.bytedeco.openblas.presets.openblas_nolapack$MklDomainSetNumThreads.<init>(org.bytedeco.javacpp.Pointer)",
            "the form of a function pointer, filled with the address of mallopt; KeptMemory, and a test that it works");

    @Test
    void no_call_into_the_bindings_reinterprets_a_pointer() {
        assertThat(rawPointerCalls(Sources.mainClasses())).isEmpty();
    }

    @Test
    void a_cast_is_reported_whether_written_out_or_picked_by_the_compiler_or_referenced_or_inherited() {
        assertThat(rawPointerCalls(Sources.fixtures()))
                .anyMatch(call -> call.contains("CastsPointers.openly"))
                .anyMatch(call -> call.contains("CastsPointers.unawares"))
                .anyMatch(call -> call.contains("CastsPointers.byReference"))
                .anyMatch(call -> call.contains("CastsPointers$Hook.<init>"))
                .noneMatch(call -> call.contains("CastsPointers.rightly"));
    }

    private static List<String> rawPointerCalls(JavaClasses classes) {
        return classes.stream()
                .flatMap(type -> type.getCodeUnitAccessesFromSelf().stream())
                .filter(access -> isRawPointerCall(access.getTarget()))
                .map(JavaAccess::getDescription)
                .sorted()
                .toList();
    }

    private static boolean isRawPointerCall(CodeUnitAccessTarget target) {
        return isBinding(target.getOwner())
                && !ALLOWED.containsKey(target.getFullName())
                && target.getRawParameterTypes().stream()
                        .anyMatch(type -> type.getName().equals(POINTER));
    }

    /** Tell whether a class is mapped or, as a hook of ours may, extends a mapped one. */
    private static boolean isBinding(JavaClass type) {
        return type.getClassHierarchy().stream()
                .anyMatch(parent -> parent.getName().startsWith("org.bytedeco."));
    }
}
