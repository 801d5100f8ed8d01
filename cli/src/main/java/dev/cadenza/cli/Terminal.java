package dev.cadenza.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Hold where a command writes.
 *
 * @param out standard output: for programs, and for what was asked for by name
 * @param err standard error: for people
 * @param tty whether people are watching standard error, so that a line of it may be drawn again
 * @param columns how wide their window is
 */
public record Terminal(PrintStream out, PrintStream err, boolean tty, int columns) {
    /** The streams of this process, in UTF-8 whatever the locale; what Java cannot find out, the launcher tells. */
    static Terminal ofProcess() {
        int columns = Integer.getInteger("cadenza.columns", 80);
        return new Terminal(
                new PrintStream(System.out, true, StandardCharsets.UTF_8),
                new PrintStream(System.err, true, StandardCharsets.UTF_8),
                Boolean.getBoolean("cadenza.tty"),
                columns < 1 ? 80 : columns); // a terminal that does not know its width says 0
    }
}
