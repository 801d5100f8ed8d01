package dev.cadenza.cli;

import dev.cadenza.io.Json;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what this machine has, and what is wrong with it. */
@Command(
        name = "doctor",
        description = {
            "Show what Cadenza runs on (Java, processor, libtorch, GPU) and check for known troubles.",
            "",
            "Each finding is ok, a note or a problem, with its cure. The exit code is 1 if there is a problem.",
            ""
        },
        sortOptions = false)
final class Doctor implements Subcommand {
    @Option(names = "--json", description = "Write the same as one JSON object.")
    private boolean json;

    @Override
    public int run(Terminal terminal) {
        Machine machine = Probe.look();
        Map<String, Map<String, String>> facts = Facts.of(machine);
        List<Finding> findings = Checks.all(machine);
        if (json) {
            Map<String, Object> all = new LinkedHashMap<>(facts);
            all.put("Findings", findings.stream().map(Doctor::asMap).toList());
            terminal.out().println(Json.line(all));
        } else {
            print(terminal.out(), facts, findings);
        }
        return findings.stream().anyMatch(f -> f.level() == Finding.Level.PROBLEM) ? Main.FAILURE : Main.DONE;
    }

    static void print(PrintStream out, Map<String, Map<String, String>> facts, List<Finding> findings) {
        facts.forEach((group, values) -> {
            out.println(group);
            int width = values.keySet().stream().mapToInt(String::length).max().orElse(0);
            values.forEach((name, value) -> out.printf("  %-" + width + "s  %s%n", name, value));
        });
        out.println("Findings");
        for (Finding f : findings) {
            out.printf("  %-8s %s: %s%n", word(f), f.about(), f.what());
            if (!f.cure().isEmpty()) {
                out.printf("  %-8s cure: %s%n", "", f.cure());
            }
        }
    }

    private static Map<String, String> asMap(Finding f) {
        Map<String, String> map = new LinkedHashMap<>();
        map.put("level", word(f));
        map.put("about", f.about());
        map.put("what", f.what());
        map.put("cure", f.cure());
        return map;
    }

    private static String word(Finding f) {
        return f.level().name().toLowerCase(Locale.ROOT);
    }
}
