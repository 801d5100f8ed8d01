package dev.cadenza.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.cli.Cadenza.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.jr.ob.JSON;

class DiffTest {
    @TempDir
    private static Path runs;

    @TempDir
    private Path dir;

    @BeforeAll
    static void train() {
        train("a");
        train("again", "--workers", 3);
        train("seed", "--seed", 2);
        train("rate", "--lr", 0.25);
    }

    private static void train(String name, Object... more) {
        List<Object> line =
                new ArrayList<>(List.of("train", "--epochs", 1, "--bs", 2000, "--hidden", 4, "--quiet", "--digests"));
        line.addAll(List.of("--run", runs.resolve(name)));
        line.addAll(List.of(more));
        assertThat(Cadenza.run(line.toArray()).code()).isZero();
    }

    private static Result diff(Object a, Object b, Object... more) {
        List<Object> line = new ArrayList<>(List.of("diff", a, b));
        line.addAll(List.of(more));
        return Cadenza.run(line.toArray());
    }

    private static Path run(String name) {
        return runs.resolve(name);
    }

    @Test
    void runs_of_one_seed_are_the_same_whatever_the_workers() {
        Result result = diff(run("a"), run("again"));
        assertThat(result).isEqualTo(new Result(0, "the same in 15 steps\n", ""));
    }

    @Test
    void another_seed_shows_in_the_first_batch() {
        Result result = diff(run("a"), run("seed"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .startsWith("plan: seed: 1 | 2\nstep 1 (epoch 0, batch 0) differs first in batch, input 0: ")
                .endsWith(" more differ\n");
    }

    @Test
    void another_rate_shows_in_the_parameters_of_the_first_step() {
        Map<String, Object> found = diff(run("a"), run("rate"), "--json").lastJson();
        assertThat(found)
                .containsEntry("event", "diff")
                .containsEntry("same", false)
                .containsEntry("steps", 1)
                .containsEntry("position", "epoch 0, batch 0");
        assertThat(((Map<?, ?>) found.get("first")).get("what")).isEqualTo("parameter 0.weight");
        assertThat(found.get("plan").toString()).isEqualTo("[{what=lr, one=0.5, other=0.25}]");
        assertThat(diff(run("a"), run("again"), "--json").lastJson())
                .containsEntry("same", true)
                .containsEntry("steps", 15)
                .containsEntry("first", null);
    }

    /** A copy of a run of which the digests are changed. */
    private Path changed(Lines change) throws IOException {
        Path copy = Files.createDirectories(dir.resolve("changed"));
        Files.copy(run("a").resolve("plan.json"), copy.resolve("plan.json"));
        List<String> lines = new ArrayList<>(Files.readAllLines(run("a").resolve(DigestFile.NAME)));
        change.apply(lines);
        Files.write(copy.resolve(DigestFile.NAME), lines);
        return copy;
    }

    private interface Lines {
        void apply(List<String> lines);
    }

    @Test
    void the_first_in_causal_order_is_named() throws IOException {
        Path copy = changed(lines -> {
            String line = lines.get(6);
            Map<String, Object> step = new LinkedHashMap<>(JSON.std.mapFrom(line));
            for (String part : List.of("grads", "params")) {
                Map<Object, Object> hashes = new LinkedHashMap<>((Map<?, ?>) step.get(part));
                hashes.put("0.weight", "0123456789abcdef");
                hashes.put("2.weight", "0123456789abcdef");
                step.put(part, hashes);
            }
            lines.set(6, JSON.std.asString(step));
        });
        assertThat(diff(run("a"), copy).out())
                .matches("step 7 \\(epoch 0, batch 6\\) differs first in gradient of 2.weight: [0-9a-f]{16} \\|"
                        + " 0123456789abcdef; in that step 3 more differ\n");
    }

    @Test
    void a_run_that_is_shorter_is_named() throws IOException {
        Path copy = changed(lines -> lines.subList(10, 15).clear());
        Result result = diff(run("a"), copy);
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.out())
                .isEqualTo("the same in 10 steps; there " + run("a") + " goes on, " + copy + " ended\n");
    }

    private static void refused(Result result, String message) {
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith("cadenza: " + message).containsOnlyOnce("\n");
    }

    @Test
    void what_is_no_run_is_refused_with_a_cure() throws IOException {
        for (Path none : List.of(dir.resolve("none"), dir)) {
            refused(diff(run("a"), none), none.resolve("plan.json") + ": no such file; name the folder of a run");
        }
        Files.writeString(dir.resolve("plan.json"), "{\"lr\":");
        refused(diff(dir, run("a")), dir.resolve("plan.json") + ": no JSON object: ");
        Files.writeString(dir.resolve("plan.json"), "{}");
        refused(
                diff(run("a"), dir),
                dir.resolve(DigestFile.NAME) + ": no such file; train with --digests to write down what diff compares");
        assertThat(Cadenza.run("diff", dir).err()).contains("Missing required parameter: 'OTHER'");
    }

    @Test
    void a_damaged_line_is_named() throws IOException {
        for (String damage : List.of(
                "{\"step\":3,\"epoch\":0,", "", "[1]", "{}", "null", "{\"epoch\":0,\"batch\":0,\"inputs\":3}")) {
            Path copy = changed(lines -> lines.set(2, damage));
            refused(diff(run("a"), copy), copy.resolve(DigestFile.NAME) + ": line 3 is no step of a training");
            Files.delete(copy.resolve("plan.json"));
        }
        Path copy = changed(lines -> lines.set(2, lines.get(2).replaceAll("\"loss\":\"....", "\"loss\":\"loss")));
        refused(diff(run("a"), copy), copy.resolve(DigestFile.NAME) + ": line 3 is no step of a training");
    }
}
