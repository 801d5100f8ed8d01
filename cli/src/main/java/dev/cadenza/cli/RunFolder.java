package dev.cadenza.cli;

import dev.cadenza.io.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of a run: {@code plan.json} says before the training what is done and with what, {@code metrics.csv} has a
 * row for each epoch, written when it ends, so that a run that dies keeps what it had.
 */
final class RunFolder {
    private static final String MODEL = "model.safetensors";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private static final String PLAN = "plan.json";

    private final Path path;
    private final List<String> columns;

    private RunFolder(Path path, List<String> columns) {
        this.path = path;
        this.columns = columns;
    }

    /**
     * Makes a folder and writes the plan.
     *
     * @param wanted the folder, which must be empty or not exist; null for a new one below {@code runs}
     * @param name what the run is about, for the name of a new folder
     * @param columns the names of what is recorded
     * @throws BadInputException if that is not possible
     */
    static RunFolder create(Path wanted, String name, List<String> columns, Map<String, ?> plan) {
        RunFolder folder = new RunFolder(make(wanted, name), columns);
        folder.begin(plan, List.of());
        return folder;
    }

    /**
     * Opens the folder of a run to go on in it.
     *
     * @param deciding the fields of the plan that decide its numbers
     * @param whatFits whether they may be others than when it was begun
     * @throws BadInputException if there is no run, or another plan: names the fields
     */
    static RunFolder reopen(Path path, List<String> columns, Map<String, ?> deciding, boolean whatFits) {
        Path file = path.resolve(PLAN);
        if (Files.notExists(file)) {
            throw BadInputException.option("--run", "the folder of a run to resume, with a " + PLAN, path);
        }
        Map<String, Object> was = Json.read(file);
        String differences = deciding.entrySet().stream()
                .filter(each -> !String.valueOf(each.getValue()).equals(String.valueOf(was.get(each.getKey()))))
                .map(each -> each.getKey() + " was " + was.get(each.getKey()) + ", is " + each.getValue())
                .collect(Collectors.joining("; "));
        if (!differences.isEmpty() && !whatFits) {
            throw new BadInputException("--resume: " + path + " was begun with other options: " + differences
                    + "; give them as they were, or --resume=what-fits");
        }
        return new RunFolder(path, columns);
    }

    /** Writes the plan, and of the metrics that there are the rows of these many epochs. */
    void goOn(Map<String, ?> plan, long epochs) {
        try {
            List<String> rows = Files.exists(metrics()) ? Files.readAllLines(metrics()) : List.of();
            begin(plan, rows.subList(Math.min(1, rows.size()), (int) Math.min(1 + epochs, rows.size())));
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    private void begin(Map<String, ?> plan, List<String> rows) {
        try {
            Json.write(path.resolve(PLAN), plan);
            List<String> lines = new ArrayList<>(List.of("epoch," + String.join(",", columns) + ",seconds"));
            lines.addAll(rows);
            Files.writeString(metrics(), String.join("\n", lines) + "\n");
        } catch (IOException e) {
            throw cannotWrite(path, e);
        }
    }

    Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** Makes the folder alone, empty. */
    static Path make(Path wanted, String name) {
        Path runs = Path.of("runs");
        try {
            return wanted == null ? unique(runs, name) : empty(wanted);
        } catch (IOException e) {
            throw cannotWrite(wanted == null ? runs.toAbsolutePath() : wanted, e);
        }
    }

    private static BadInputException cannotWrite(Path folder, IOException e) {
        return new BadInputException(
                "--run: cannot write to " + folder + " (" + e + "); name another folder with --run DIR");
    }

    private static Path empty(Path wanted) throws IOException {
        Files.createDirectories(wanted);
        try (Stream<Path> content = Files.list(wanted)) {
            if (content.findAny().isPresent()) {
                throw BadInputException.option("--run", "a new or an empty folder", wanted);
            }
        }
        return wanted;
    }

    /** Makes a new folder, by the time; of those of one second the later ones count on from 2. */
    static Path unique(Path runs, String name) throws IOException {
        Files.createDirectories(runs);
        String stem = LocalDateTime.now(ZoneId.systemDefault()).format(TIME) + "-" + name;
        for (int i = 1; ; i++) {
            try {
                return Files.createDirectory(runs.resolve(i == 1 ? stem : stem + "-" + i));
            } catch (FileAlreadyExistsException e) {
                // another run of this second has it: count on
            }
        }
    }

    /** The file with the trained model, in a folder of a run; or the file itself. */
    static Path model(Path runOrFile) {
        return Files.isDirectory(runOrFile) ? runOrFile.resolve(MODEL) : runOrFile;
    }

    Path path() {
        return path;
    }

    private Path metrics() {
        return path.resolve("metrics.csv");
    }

    /** Adds an epoch to the metrics; what it does not have stays empty. */
    void add(int epoch, Map<String, Double> values, double seconds) {
        String cells = columns.stream()
                .map(column -> values.containsKey(column) ? String.valueOf(values.get(column)) : "")
                .collect(Collectors.joining(","));
        try {
            Files.writeString(metrics(), epoch + "," + cells + "," + seconds + "\n", StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot go on writing " + metrics(), e);
        }
    }
}
