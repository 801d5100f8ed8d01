package dev.cadenza.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.cli.Cadenza.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Processes that are killed, or have no room on the disk; {@code bench torture} kills more of them. */
class KilledTest {
    private static final long SEED = 20;
    private static final int KILLS = 4;

    @TempDir
    private Path dir;

    private static String[] train(String run, String... more) {
        List<String> line = new ArrayList<>(List.of("train", "--epochs", "2", "--hidden", "8", "--checkpoint-every"));
        line.addAll(List.of("40", "--opt", "adam", "--schedule", "one-cycle", "--digests", "--json", "--run", run));
        line.addAll(List.of(more));
        return line.toArray(String[]::new);
    }

    @Test
    void a_run_killed_at_random_moments_ends_with_the_bits_of_one_that_was_not() throws Exception {
        Result whole = Cadenza.process(dir, train("whole"));
        assertThat(whole.code()).as(whole.err()).isZero();
        Random random = new Random(SEED);
        Process process = Cadenza.start(dir, Cadenza.classPath(), train("killed"));
        for (int i = 0; i < KILLS && Files.notExists(dir.resolve("killed/model.safetensors")); i++) {
            waitForPlan();
            process.waitFor(random.nextInt(1200), TimeUnit.MILLISECONDS);
            process.destroyForcibly().waitFor();
            String workers = String.valueOf(random.nextInt(3));
            process = Cadenza.start(dir, Cadenza.classPath(), train("killed", "--resume", "--workers", workers));
        }
        Result last = Cadenza.end(dir, process);
        assertThat(last.code()).as("seed %d: %s", SEED, last.err()).isZero();
        assertThat(last.lastJson().get("digest")).isEqualTo(whole.lastJson().get("digest"));
        assertThat(dir.resolve("killed/digests.jsonl")).hasSameTextualContentAs(dir.resolve("whole/digests.jsonl"));
    }

    private void waitForPlan() throws IOException, InterruptedException {
        while (Files.notExists(dir.resolve("killed/plan.json"))) {
            Thread.sleep(20); // another process tells nobody
        }
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void a_disk_without_room_ends_the_run_in_one_line_and_it_goes_on_later() throws Exception {
        List<String> line = new ArrayList<>(List.of("bash", "-c", "ulimit -f 60; exec \"$@\"", "bash"));
        line.addAll(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:-UsePerfData"));
        line.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp", Cadenza.classPath()));
        line.add("dev.cadenza.cli.Main");
        line.addAll(List.of("train", "--epochs", "1", "--quiet", "--run", "run"));
        Process process = new ProcessBuilder(line)
                .directory(dir.toFile())
                .redirectOutput(dir.resolve("out").toFile())
                .redirectError(dir.resolve("err").toFile())
                .start();
        Result full = Cadenza.end(dir, process);
        assertThat(full.code()).as(full.err()).isEqualTo(Main.BAD_INPUT);
        assertThat(full.err()).containsPattern("^cadenza: .*model.safetensors: cannot be written \\(.*\\n$");
        Result later = Cadenza.process(dir, "train", "--epochs", "1", "--json", "--resume", "--run", "run");
        assertThat(later.err()).contains("no checkpoint yet");
        assertThat(later.lastJson()).containsEntry("event", "done");
    }
}
