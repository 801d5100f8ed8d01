package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.lessons.Step5Runner.Learner;
import dev.cadenza.lessons.Step5Runner.Runner;
import dev.cadenza.lessons.Step5Runner.TestCallback;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The logs of the original Runner: event, epoch, iterations, training; and its state after the fit. */
class RunnerGoldenTest {
    private static List<Map<String, Object>> golden;

    @BeforeAll
    static void read() {
        golden = Golden.maps(Golden.read("events.json").get("seed_runner"));
    }

    static Stream<Arguments> entries() {
        return golden.stream().map(entry -> Arguments.of(entry.get("id"), entry));
    }

    @Test
    void there_are_twenty_nine() {
        assertThat(golden).hasSize(29);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries")
    void the_second_version_plays_what_the_original_plays(String id, Map<String, Object> want) {
        RunnerLog first = new RunnerLog(0);
        RunnerLog second = new RunnerLog(2);
        Step5Runner.Callback between = between(want);
        Runner runner = new Runner(second, between, first); // their order is not that of giving
        Learner learn = learner((int) want.get("n_train"), (int) want.get("n_valid"));
        runner.fit((int) want.get("epochs"), learn);
        assertThat(first.entries).isEqualTo(want.get("log"));
        if (want.containsKey("log_second")) {
            assertThat(second.entries).isEqualTo(want.get("log_second"));
        }
        Map<String, Object> last = Golden.map(want.get("final"));
        assertThat(runner.nIter).isEqualTo(last.get("n_iter"));
        assertThat(runner.nEpochs).isEqualTo(Golden.number(last.get("n_epochs")));
        assertThat(runner.stop).isEqualTo(last.get("stop"));
        assertThat(learn.model().isTraining()).isEqualTo(last.get("model_training"));
        assertThat(runner.learn).isNull();
    }

    /** What acts, at order 1: the one of the lesson where a count is told, else one that answers true. */
    private static Step5Runner.Callback between(Map<String, Object> want) {
        if (want.containsKey("stops")) {
            Matcher most = Pattern.compile(">= (\\d+)").matcher((String) want.get("stops"));
            assertThat(most.find()).isTrue();
            return new TestCallback(Integer.parseInt(most.group(1)));
        }
        boolean once = want.get("when") instanceof String when && when.startsWith("the second time");
        return new RunnerLog.Stopper((String) want.get("returns_true_at"), once);
    }

    static Learner learner(int trainBatches, int validBatches) {
        dev.cadenza.train.Learner tiny = TinyProblem.learner(trainBatches, validBatches);
        return new Learner(tiny.data(), tiny.model(), tiny.lossFunction(), tiny.optimizer());
    }
}
