package dev.cadenza.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.cli.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import tools.jackson.jr.ob.JSON;

class OptimizersBenchTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(print(out), print(err), false, 80);

    private static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String told() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void it_measures_every_row_and_says_how_to_get_djls() throws Exception {
        OptimizersBench bench = new OptimizersBench();
        new CommandLine(bench)
                .parseArgs("--json", "--forks", "0", "--warm-up", "0", "--iterations", "1", "--millis", "1");
        assertThat(bench.run(terminal)).isZero();
        Map<String, Object> line = JSON.std.mapFrom(out.toString(StandardCharsets.UTF_8));
        assertThat(line)
                .containsEntry("name", "optimizers")
                .containsKeys("ours", "limit", "ratio", "machine", "adam.loop", "adam.multiTensor", "adam.fused")
                .containsKeys("sgd.loop", "sgd.multiTensor", "sgd.fused");
        assertThat(told()).contains("ratio over kernel", "bench/djl/optimizers");
    }

    @Test
    void the_floor_is_the_kernel_once_there_is_such_a_row() {
        Ratios ratios = new Ratios();
        ratios.add("adam", "kernel", new Ratios.Time(10, 1));
        ratios.add("adam", "fused", new Ratios.Time(11, 1));
        ratios.add("adam", "loop", new Ratios.Time(25, 1));
        ratios.print(terminal);
        assertThat(told()).contains("ratio over kernel", "2.50");
        assertThat(ratios.ours("adam") / ratios.floor("adam")).isCloseTo(1.1, within(1e-9));
    }
}
