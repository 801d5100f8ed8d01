package dev.cadenza.cli;

import dev.cadenza.io.DataException;
import dev.cadenza.io.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says where two runs part ways. */
@Command(
        name = "diff",
        description = {
            "Say in which step two runs part ways, and in what first: batch, loss, gradient, parameter or buffer; and what"
                    + " their plans have different.",
            "",
            "Both must have been trained with --digests. Gradients count from the output backwards, as they come about."
                    + " The exit code is 0 if all steps are the same, whatever the plans say, 1 if not, 2 for bad input.",
            ""
        },
        sortOptions = false)
final class Diff implements Subcommand {
    @Parameters(index = "0", paramLabel = "RUN", description = "The folder of a run.")
    private Path one;

    @Parameters(index = "1", paramLabel = "OTHER", description = "The folder of another.")
    private Path other;

    @Option(names = "--json", description = "Write the same as one line of JSON.")
    private boolean json;

    /** One thing that is not the same on both sides; null where a side does not have it. */
    private record Difference(String what, Object one, Object other) {
        Map<String, Object> toMap() {
            Map<String, Object> map = new LinkedHashMap<>();
            map.put("what", what);
            map.put("one", one);
            map.put("other", other);
            return map;
        }

        @Override
        public String toString() {
            return what + ": " + word(one) + " | " + word(other);
        }

        private static Object word(Object value) {
            return value == null ? "-" : value;
        }
    }

    /** How far both were read, and what differs in the last step that was. */
    private record Compared(int steps, String position, List<Difference> differences) {
        boolean same() {
            return differences.isEmpty();
        }
    }

    @Override
    public int run(Terminal terminal) {
        List<Difference> plan = differences(plan(one), plan(other));
        Compared compared;
        try (DigestFile a = DigestFile.in(one);
                DigestFile b = DigestFile.in(other)) {
            compared = compare(a, b);
        }
        if (json) {
            terminal.out().println(Json.line(toMap(plan, compared)));
        } else {
            plan.forEach(field -> terminal.out().println("plan: " + field));
            terminal.out().println(sentence(compared));
        }
        return compared.same() ? Main.DONE : Main.FAILURE;
    }

    private static Map<String, Object> plan(Path run) {
        Path file = run.resolve("plan.json");
        if (Files.notExists(file)) {
            throw new DataException(file, "no such file", "name the folder of a run, as runs/20300101-120000-digits");
        }
        return Json.read(file);
    }

    /** In the order of the first, then what only the second has. */
    private static List<Difference> differences(Map<String, ?> a, Map<String, ?> b) {
        Set<String> names = new LinkedHashSet<>(a.keySet());
        names.addAll(b.keySet());
        List<Difference> found = new ArrayList<>();
        for (String name : names) {
            if (!Objects.equals(a.get(name), b.get(name))) {
                found.add(new Difference(name, a.get(name), b.get(name)));
            }
        }
        return found;
    }

    private static Compared compare(DigestFile a, DigestFile b) {
        String position = "";
        for (int step = 1; ; step++) {
            String lineA = a.next();
            String lineB = b.next();
            if (lineA == null || lineB == null) {
                List<Difference> end = lineA == null && lineB == null
                        ? List.of()
                        : List.of(new Difference("end", word(lineA), word(lineB)));
                return new Compared(step - 1, position, end);
            }
            Map<String, String> hashesA = a.parse(lineA);
            Map<String, String> hashesB = b.parse(lineB);
            position = hashesA.get("position");
            if (!hashesA.equals(hashesB)) {
                return new Compared(step, position, differences(hashesA, hashesB));
            }
        }
    }

    private static String word(String line) {
        return line == null ? "ended" : "goes on";
    }

    private String sentence(Compared compared) {
        if (compared.same()) {
            return "the same in " + compared.steps() + " steps";
        }
        Difference first = compared.differences().get(0);
        if (first.what().equals("end")) {
            return "the same in " + compared.steps() + " steps; there " + one + " " + first.one() + ", " + other + " "
                    + first.other();
        }
        int more = compared.differences().size() - 1;
        return "step " + compared.steps() + " (" + compared.position() + ") differs first in " + first
                + (more == 0 ? "" : "; in that step " + more + " more differ");
    }

    private static Map<String, Object> toMap(List<Difference> plan, Compared compared) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("event", "diff");
        map.put("same", compared.same());
        map.put("steps", compared.steps());
        map.put("plan", plan.stream().map(Difference::toMap).toList());
        map.put("position", compared.position());
        map.put("first", compared.same() ? null : compared.differences().get(0).toMap());
        map.put("differences", compared.differences().size());
        return map;
    }
}
