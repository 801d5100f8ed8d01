package dev.cadenza.architecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the architecture tests look at: the main classes of core as compiled, the main sources of all modules, the fixtures. */
final class Sources {
    static final String ROOT = "dev.cadenza";
    static final String FIXTURE = "dev.cadenza.architecture.fixture";

    private Sources() {}

    static JavaClasses mainClasses() {
        return new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(ROOT);
    }

    static JavaClasses fixtures() {
        return new ClassFileImporter().importPackages(FIXTURE);
    }

    static Path checkout() {
        return Path.of(System.getProperty("cadenza.root", "..")).toAbsolutePath();
    }

    /** List the main Java sources of all modules below a checkout. */
    static List<Path> mainFiles(Path checkout) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(checkout, Files::isDirectory)) {
            for (Path module : modules) {
                Path sources = module.resolve("src/main/java");
                if (Files.isDirectory(sources)) {
                    try (Stream<Path> files = Files.walk(sources)) {
                        files.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        }
        return found;
    }
}
