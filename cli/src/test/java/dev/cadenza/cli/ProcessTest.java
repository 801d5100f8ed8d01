package dev.cadenza.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.cli.Cadenza.Result;
import java.io.File;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as people start it. */
@Timeout(120)
class ProcessTest {
    @TempDir
    private Path dir;

    @Test
    void training_learns_writes_its_folder_and_repeats_to_the_bit() throws Exception {
        Result result = Cadenza.process(dir, "train", "--epochs", "1", "--json");
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.json()).extracting(e -> e.get("event")).containsExactly("start", "epoch", "done");
        Map<String, Object> done = result.lastJson();
        assertThat(done)
                .containsOnlyKeys(
                        "event",
                        "train_loss",
                        "valid_loss",
                        "accuracy",
                        "epochs",
                        "steps",
                        "seconds",
                        "items_per_second",
                        "digest",
                        "run");
        assertThat((double) done.get("accuracy")).isGreaterThan(0.9);
        assertThat(done).containsEntry("steps", 469).containsEntry("epochs", 1);
        assertThat((String) done.get("run")).matches("runs.\\d{8}-\\d{6}-digits");
        Path run = dir.resolve((String) done.get("run"));
        assertThat(Files.readString(run.resolve("plan.json"))).contains("\"lr\" : 0.5", "\"parameters\" : 39760");
        assertThat(Files.readAllLines(run.resolve("metrics.csv")))
                .hasSize(2)
                .startsWith("epoch,train_loss,valid_loss,accuracy,seconds");

        assertThat(digest("1")).isEqualTo(done.get("digest"));
        assertThat(digest("2")).isNotEqualTo(done.get("digest"));
    }

    private String digest(String seed) {
        Path run = dir.resolve("seed" + seed);
        Result result = Cadenza.run("train", "--epochs", 1, "--json", "--quiet", "--seed", seed, "--run", run);
        assertThat(result.err()).isEmpty();
        return (String) result.lastJson().get("digest");
    }

    @Test
    void wrong_input_is_one_line_and_exit_code_2() throws Exception {
        Result result = Cadenza.process(dir, "train", "--epochs", "0");
        assertThat(result).isEqualTo(new Result(2, "", "cadenza: --epochs: wanted 1 or more, but got: 0\n"));
        assertThat(dir.resolve("runs")).doesNotExist();
    }

    @Test
    @EnabledOnOs({OS.LINUX, OS.MAC})
    void an_interrupted_run_keeps_what_it_did() throws Exception {
        Process process =
                Cadenza.start(dir, Cadenza.classPath(), "train", "--epochs", "100000", "--json", "--run", "run");
        Path metrics = dir.resolve("run/metrics.csv");
        while (process.isAlive()
                && (Files.notExists(metrics) || Files.readAllLines(metrics).size() < 3)) {
            Thread.sleep(20); // another process tells nobody
        }
        boolean deaf = ignoresInterrupts();
        new ProcessBuilder("kill", deaf ? "-TERM" : "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
        Result result = Cadenza.end(dir, process);
        assertThat(result.code()).as(result.err()).isEqualTo(deaf ? 143 : 130);
        assertThat(result.err().lines().toList())
                .last()
                .isEqualTo("interrupted: the same command with --resume --run run goes on from here");
        assertThat(result.lastJson()).containsEntry("event", "interrupted").containsKeys("digest", "run");
        List<String> rows = Files.readAllLines(metrics);
        assertThat(rows).hasSize(result.json().size() - 1).allMatch(row -> row.split(",", -1).length == 5);
        assertThat(result.lastJson()).containsEntry("epochs", rows.size() - 2); // without the header and the broken one
    }

    /** Whether this process, and so its children, ignores SIGINT: one that a shell put into the background does. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        return Files.exists(status)
                && Files.readAllLines(status).stream()
                        .filter(line -> line.startsWith("SigIgn:"))
                        .anyMatch(line -> new BigInteger(line.substring(7).strip(), 16).testBit(1));
    }

    @Test
    void the_doctor_names_the_libraries_and_their_cures() throws Exception {
        Result healthy = Cadenza.process(dir, "doctor");
        assertThat(healthy.code()).as(healthy.out()).isZero();
        assertThat(healthy.out()).contains("torch", "ok       computing: ", "ok       libraries: ");
        assertThat(healthy.err()).isEmpty();

        String noNatives = Arrays.stream(Cadenza.classPath().split(File.pathSeparator))
                .filter(jar -> !jar.matches(".*-(linux|macosx|windows)-[^/\\\\]*\\.jar"))
                .collect(Collectors.joining(File.pathSeparator));
        Result sick = Cadenza.end(dir, Cadenza.start(dir, noNatives, "doctor"));
        assertThat(sick.code()).isEqualTo(1);
        assertThat(sick.out()).contains("problem  libtorch: cannot be loaded: ", "cure: ", "Java");
    }
}
