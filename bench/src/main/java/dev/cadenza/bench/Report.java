package dev.cadenza.bench;

import dev.cadenza.cli.BadInputException;
import dev.cadenza.cli.Terminal;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.jr.ob.JSON;

/** Where a benchmark's figures go: lines for people to standard error and, with {@code --json}, one line to the other. */
final class Report {
    @Option(names = "--json", description = "Print the result as one line of JSON to standard output.")
    private boolean json;

    /** Says what was measured, where our figure is to be compared with a limit, and on what machine. */
    void result(Terminal terminal, String name, String unit, double ours, double limit, double ratio) {
        result(terminal, name, unit, ours, limit, Map.of("ratio", ratio));
    }

    /** Says so with further figures; the ratio is that of the two, unless it is among them. */
    void result(Terminal terminal, String name, String unit, double ours, double limit, Map<String, ?> more) {
        terminal.err().println(Machine.describe());
        if (json) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("name", name);
            line.put("ours", ours);
            line.put("limit", limit);
            line.put("ratio", ours / limit);
            line.put("unit", unit);
            line.put("machine", Machine.describe());
            line.putAll(more);
            terminal.out().println(JSON.std.asString(line));
        }
    }

    static void line(Terminal terminal, String format, Object... values) {
        terminal.err().println(String.format(Locale.ROOT, format, values));
    }

    static void require(boolean holds, String option, String wanted, Object value) {
        if (!holds) {
            throw new BadInputException(option + ": wanted " + wanted + ", but got: " + value);
        }
    }
}
