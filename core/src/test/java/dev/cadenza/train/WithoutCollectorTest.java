package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.cadenza.tensor.Engine;
import dev.cadenza.testing.TinyProblem;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training frees its native memory itself: it goes on under a collector that never collects. */
class WithoutCollectorTest {
    @Test
    void native_objects_stay_as_many_without_any_garbage_collection() throws Exception {
        Process process = new ProcessBuilder(List.of(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-XX:+UnlockExperimentalVMOptions",
                        "-XX:+UseEpsilonGC",
                        "-Xmx1g",
                        "-Dcadenza.threads=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        boolean ended = process.waitFor() == 0;
        assumeFalse(output.contains("Unrecognized VM option"), "this JVM has no collector that does nothing");
        assertThat(ended).as(output).isTrue();
        assertThat(output).containsPattern("(?m)^alive (\\d+) and \\1$");
    }

    static final class Main {
        private Main() {}

        public static void main(String[] args) {
            long[] alive = new long[2];
            TinyProblem.learner(2_001, 0).fit(1, Callback.on(Event.AFTER_BATCH, l -> {
                if (l.batchIndex() == 100 || l.batchIndex() == 2_000) {
                    alive[l.batchIndex() / 2_000] = Engine.liveObjects();
                }
            }));
            System.out.println("alive " + alive[0] + " and " + alive[1]);
        }
    }
}
