package dev.cadenza.bench;

import dev.cadenza.cli.Subcommand;
import dev.cadenza.cli.Terminal;
import dev.cadenza.io.SealedFolder;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.jr.ob.JSON;

/**
 * Kill training processes at random moments, resume each in a fresh JVM with another number of workers, and compare the
 * end, and each step, with a run that was not killed.
 */
@Command(name = "torture", description = "Kill training at random moments and resume it, to the same bits.")
final class TortureBench implements Subcommand {
    private static final List<String> TRAIN = List.of(
            "train",
            "--epochs",
            "3",
            "--hidden",
            "16",
            "--opt",
            "adam",
            "--schedule",
            "one-cycle",
            "--digests",
            "--json");

    @Option(names = "--kills", defaultValue = "200", description = "How often to kill (default: ${DEFAULT-VALUE}).")
    private int kills;

    @Option(
            names = "--within",
            defaultValue = "2500",
            description = "Milliseconds within which each process is killed (default: ${DEFAULT-VALUE}).")
    private int within;

    @Option(names = "--seed", defaultValue = "1", description = "Seed of the moments (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Mixin
    private Report report;

    private int writing; // kills that hit the writing of a checkpoint
    private int wrong;

    @Override
    public int run(Terminal terminal) {
        Report.require(kills >= 1, "--kills", "1 or more", kills);
        Report.require(within >= 1, "--within", "1 or more", within);
        try {
            Path dir = Files.createTempDirectory("cadenza-torture");
            torture(terminal, dir);
            SealedFolder.delete(dir);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run processes: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
        Report.line(
                terminal, "%d kills, %d of them while a checkpoint was written; %d ends differ", kills, writing, wrong);
        report.result(terminal, "torture", "runs that end with other bits", wrong, kills, Map.of("writing", writing));
        return wrong == 0 ? 0 : 1;
    }

    private void torture(Terminal terminal, Path dir) throws IOException, InterruptedException {
        Path whole = dir.resolve("whole");
        end(start(dir, whole, 0, false), dir);
        String digest = digest(dir);
        Random random = new Random(seed);
        for (int done = 0, run = 1; done < kills; run++) {
            Path killed = dir.resolve("killed" + run);
            Process process = start(dir, killed, 0, false);
            while (done < kills && !process.waitFor(1 + random.nextInt(within), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                done++;
                writing += unfinished(killed) ? 1 : 0;
                boolean begun = Files.exists(killed.resolve("plan.json"));
                process = start(dir, killed, random.nextInt(4), begun);
            }
            end(process, dir);
            boolean same = digest.equals(digest(dir))
                    && Files.mismatch(whole.resolve("digests.jsonl"), killed.resolve("digests.jsonl")) < 0;
            wrong += same ? 0 : 1;
            Report.line(terminal, "run %3d, %3d kills: %s", run, done, same ? "the same" : "DIFFERS, in " + killed);
            SealedFolder.delete(killed);
        }
    }

    private static Process start(Path dir, Path run, int workers, boolean resume) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-cp",
                classPath(),
                "dev.cadenza.cli.Main"));
        line.addAll(TRAIN);
        line.addAll(List.of("--checkpoint-every", "15", "--workers", String.valueOf(workers), "--run", run.toString()));
        if (resume) {
            line.add("--resume");
        } else {
            SealedFolder.delete(run); // killed before it had a plan
        }
        return new ProcessBuilder(line)
                .directory(dir.toFile())
                .redirectOutput(dir.resolve("out").toFile())
                .redirectError(dir.resolve("err").toFile())
                .start();
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static void end(Process process, Path dir) throws IOException, InterruptedException {
        if (process.waitFor() != 0) {
            throw new IllegalStateException("a training failed: " + Files.readString(dir.resolve("err")));
        }
    }

    private static String digest(Path dir) throws IOException {
        List<String> lines = Files.readAllLines(dir.resolve("out"));
        return (String) JSON.std.mapFrom(lines.get(lines.size() - 1)).get("digest");
    }

    private static boolean unfinished(Path run) throws IOException {
        Path checkpoints = run.resolve("checkpoints");
        if (Files.notExists(checkpoints)) {
            return false;
        }
        try (Stream<Path> content = Files.list(checkpoints)) {
            return content.anyMatch(each -> each.getFileName().toString().endsWith(".unfinished"));
        }
    }
}
