package dev.cadenza.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.cli.Cadenza.Result;
import dev.cadenza.io.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.jr.ob.JSON;

class MainTest {
    @TempDir
    private Path dir;

    @Test
    void without_arguments_there_is_help_with_examples() {
        Result bare = Cadenza.run();
        assertThat(bare.code()).isZero();
        assertThat(bare.err()).isEmpty();
        assertThat(bare.out()).contains("Examples:", "cadenza train --data mnist", "  train ", "  doctor ");
        assertThat(Cadenza.run("--help")).isEqualTo(bare);
    }

    @Test
    void a_command_of_another_module_is_listed_and_runs() {
        assertThat(Cadenza.run("--help").out()).contains("  test-sum ");
        assertThat(Cadenza.run("test-sum", "--a", 2, "--b", 3)).isEqualTo(new Result(0, "5\n", ""));
    }

    @Test
    void every_command_has_help() {
        assertThat(Cadenza.run("train", "--help").out()).contains("--epochs", "--seed", "0.5 for sgd", "--debug");
        assertThat(Cadenza.run("doctor", "-h").out()).contains("--json");
    }

    @Test
    void the_version_names_all_that_computes() {
        assertThat(Cadenza.run("--version").out().lines())
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("Cadenza "),
                        line -> assertThat(line).matches("libtorch \\d+\\.\\d+.*"),
                        line -> assertThat(line).startsWith("Java " + System.getProperty("java.version")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        trian                    | cadenza: Unmatched argument at index 0: 'trian'; did you mean train?
        train --epoch=3          | cadenza train: Unknown option: '--epoch=3'; did you mean --epochs?
        train --epochs=few       | cadenza train: Invalid value for option '--epochs': 'few' is not an int
        train --bs               | cadenza train: Missing required parameter for option '--bs' (<bs>)
        train more               | cadenza train: Unmatched argument at index 1: 'more'
        train --epochs=0         | cadenza: --epochs: wanted 1 or more, but got: 0
        train --bs=-64           | cadenza: --bs: wanted 1 or more, but got: -64
        train --hidden=0         | cadenza: --hidden: wanted 1 or more, but got: 0
        train --lr=-0.1          | cadenza: --lr: wanted a finite number, 0 or more, but got: -0.1
        train --lr=NaN           | cadenza: --lr: wanted a finite number, 0 or more, but got: NaN
        train --lr=Infinity      | cadenza: --lr: wanted a finite number, 0 or more, but got: Infinity
        train --wd=-1            | cadenza: --wd: wanted a finite number, 0 or more, but got: -1
        train --mom=1            | cadenza: --mom: wanted 0 or more and below 1, but got: 1.0
        train --opt=adma         | cadenza: --opt: wanted one of sgd, rmsprop, adagrad, adam, radam, qhadam, ranger, larc, lamb, lion, adan, but got: adma
        train --opt=adagrad --mom=0.9 | cadenza: --mom: wanted none with --opt adagrad, which has no momentum
        train --schedule=cosine  | cadenza: --schedule: wanted none, one-cycle, flat-cos or sgdr, but got: cosine
        train --schedule=sgdr --epochs=4 | cadenza: --epochs: wanted 1, 3, 7, 15, … for cycles of 1, 2, 4, … epochs (--schedule sgdr), but got: 4
        lr-find --start=0        | cadenza: --start, --end: wanted a rate above 0 and a greater one, but got: 0.0, 10.0
        lr-find --iterations=5   | cadenza: --iterations: wanted 16 or more, to have a curve, but got: 5
        train --threads=0        | cadenza: --threads: wanted 1 to 1024, but got: 0
        train --device=tpu       | cadenza: --device: wanted cpu, cuda or cuda:N, but got: tpu
        train --device=cuda:99   | cadenza: --device: wanted one that libtorch can use here
        train --data=pom.xml     | cadenza: pom.xml: wanted a folder of images, but it is a file
        train --data=mnist --size=32 | cadenza: --size: wanted none for mnist, but got: 32
        train --data=cifar10 --size=4 | cadenza: --size: wanted 8 to 4096, but got: 4
        train --workers=-1       | cadenza: --workers: wanted 0 to 256, but got: -1
        train --arch=resnet      | cadenza: --arch: wanted one of mlp, small-resnet, resnet9, resnet18, resnet34, resnet50, xresnet18, xresnet34, xresnet50, but got: resnet
        train --data=cifar10 --arch=mlp | cadenza: --arch: wanted one for photographs
        train --weights=x.pth    | cadenza: --weights: wanted an --arch for images, but got: mlp
        train --arch=resnet18 --weights=x.pth --schedule=none | cadenza: --schedule: wanted none with --weights, which fine-tunes by one-cycle, but got: none
        train --arch=resnet18 --weights=x.pth | cadenza: x.pth: no such file
        predict no-run a.png     | cadenza: no-run: no such file
        predict pom.xml          | cadenza predict: Missing required parameter: 'IMAGE'
        test-sum --a=-1          | cadenza: --a: wanted 0 or more, but got: -1
        """)
    void wrong_usage_is_one_line_that_says_what_to_do(String line, String message) {
        Result result = Cadenza.run((Object[]) line.split(" "));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).startsWith(message).endsWith("\n").containsOnlyOnce("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "lr-find", "show-batch"})
    void data_that_are_nowhere_are_refused_by_name(String command) {
        Result result = Cadenza.run(command, "--data", "no-photos");
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("no-photos: no such folder").containsOnlyOnce("\n");
    }

    @Test
    void a_run_folder_with_something_in_it_is_refused() throws IOException {
        Files.writeString(dir.resolve("precious"), "");
        Result result = Cadenza.run("train", "--run", dir);
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).isEqualTo("cadenza: --run: wanted a new or an empty folder, but got: " + dir + "\n");
        assertThat(dir).isDirectoryContaining(file -> file.endsWith("precious"));
    }

    @Test
    void a_run_folder_that_cannot_be_made_is_refused() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        Result result = Cadenza.run("train", "--run", file.resolve("run"));
        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("cadenza: --run: cannot write to " + file)
                .containsOnlyOnce("\n");
    }

    @Test
    void two_runs_of_one_second_get_folders_of_their_own() throws IOException {
        Path first = RunFolder.unique(dir, "digits");
        Path second = RunFolder.unique(dir, "digits");
        assertThat(second).isNotEqualTo(first).isDirectory();
        assertThat(second.getFileName().toString()).matches("\\d{8}-\\d{6}-digits(-2)?");
    }

    @Test
    void a_failure_is_one_line_and_exit_code_1_and_with_debug_says_where() {
        Result failed = Cadenza.run("test-sum");
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .isEqualTo("cadenza: failed: java.lang.IllegalStateException: nothing to add (--debug shows where)\n");
        assertThat(Cadenza.run("test-sum", "--debug").err()).contains("\tat " + Sum.class.getName());
    }

    @Test
    void json_has_null_where_a_number_is_none() {
        assertThat(Json.line(Map.of("loss", Double.NaN))).isEqualTo("{\"loss\":null}");
    }

    @Test
    void a_training_that_diverges_ends_with_a_warning() throws IOException {
        Result result = Cadenza.run("train", "--lr", "1e20", "--epochs", 1, "--quiet", "--json", "--run", dir);
        assertThat(result.code()).isZero();
        assertThat(result.err())
                .startsWith("warning: the loss is not a finite number from epoch 0 on")
                .contains("smaller --lr")
                .containsOnlyOnce("\n");
        assertThat(result.lastJson()).containsEntry("train_loss", null).containsKey("valid_loss");
        assertThat(Files.readAllLines(dir.resolve("metrics.csv")).get(1)).startsWith("0,NaN,");
    }

    @Test
    void people_read_a_table_and_nothing_goes_to_standard_output() {
        Result result = Cadenza.watched("train", "--epochs", 2, "--hidden", 5, "--run", dir);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .startsWith(
                        "digits (30,000 + 5,000 images), 784-5-10 network (3,985 parameters), sgd, lr 0.5, bs 64, seed"
                                + " 1")
                .contains("epoch  train_loss  valid_loss    accuracy      time")
                .containsPattern(" 1    \\d\\.\\d{6}    \\d\\.\\d{6}")
                .containsPattern("\ndone in \\d+\\.\\d s, .* images/s; written to ");
    }

    @ParameterizedTest
    @CsvSource({"adam, one-cycle, 0.005", "sgd, flat-cos, 0.5", "lion, sgdr, 0.003", "rmsprop, none, 0.002"})
    void each_schedule_and_optimizer_learns(String opt, String schedule, double lr) {
        Result result = Cadenza.run(
                "train", "--opt", opt, "--schedule", schedule, "--lr", lr, "--epochs", 1, "--json", "--run", dir);
        assertThat(result.code()).isZero();
        assertThat((Double) result.lastJson().get("accuracy")).isGreaterThan(0.9);
        assertThat(dir.resolve("plan.json")).content().contains("\"optimizer\" : \"" + opt + "\"", schedule);
    }

    @Test
    void lr_find_prints_suggestions_and_writes_the_curve() throws IOException {
        Result result = Cadenza.run("lr-find", "--opt", "adam", "--json", "--run", dir);
        assertThat(result.code()).isZero();
        assertThat(result.err()).contains("valley", "slide", "minimum", "steepest", "lr_find.csv");
        assertThat((Double) result.lastJson().get("valley")).isBetween(1e-6, 1.0);
        assertThat(Files.readAllLines(dir.resolve("lr_find.csv")).get(0)).isEqualTo("lr,loss");
    }

    @Test
    void the_doctor_speaks_json() throws IOException {
        Map<String, Object> all =
                JSON.std.mapFrom(Cadenza.run("doctor", "--json").out());
        assertThat(all).containsKeys("Cadenza", "Java", "Machine", "Engine", "Libraries", "Findings");
        assertThat(all.get("Findings").toString()).contains("level=ok", "about=computing");
    }

    /** A command as another module would bring it; it is named in the test's META-INF/services. */
    @Command(name = "test-sum", description = "Add two numbers.")
    public static final class Sum implements Subcommand {
        @Option(names = "--a")
        private int a;

        @Option(names = "--b")
        private int b;

        @Override
        public int run(Terminal terminal) {
            if (a < 0) {
                throw BadInputException.option("--a", "0 or more", a);
            }
            if (a + b == 0) {
                throw new IllegalStateException("nothing to add");
            }
            terminal.out().println(a + b);
            return 0;
        }
    }
}
