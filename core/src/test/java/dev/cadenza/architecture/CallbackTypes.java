package dev.cadenza.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import dev.cadenza.train.Callback;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Set;
import java.util.stream.Collectors;

/** The callbacks that come with Cadenza, found in the compiled classes. */
public final class CallbackTypes {
    private CallbackTypes() {}

    /** The simple names of all public classes that are callbacks. */
    public static Set<String> publicOnes() {
        return Sources.mainClasses().stream()
                .filter(type -> type.isAssignableTo(Callback.class)
                        && !type.isInterface()
                        && type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getSimpleName)
                .collect(Collectors.toSet());
    }

    /** The source of the package's chapter. */
    public static String packageInfo() throws IOException {
        return Files.readString(
                Sources.checkout().resolve("core/src/main/java/dev/cadenza/callback/package-info.java"));
    }
}
