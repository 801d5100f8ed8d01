package dev.cadenza.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Finds the real data sets that tests may use: {@code $CADENZA_DATA}, else {@code ../shared/data} by the checkout. */
final class TestData {
    private TestData() {}

    /** Give the data directory, or nothing where there is none: the test then skips itself and says so. */
    static Optional<Path> dir() {
        String named = System.getenv("CADENZA_DATA");
        Path checkout = Path.of(System.getProperty("cadenza.root", ""));
        Path dir = named != null ? Path.of(named) : checkout.resolve("../shared/data");
        return Optional.of(dir).filter(Files::isDirectory);
    }
}
