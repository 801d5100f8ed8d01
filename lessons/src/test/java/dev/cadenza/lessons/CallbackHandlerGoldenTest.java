package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.data.Batch;
import dev.cadenza.lessons.Step4CallbackHandler.CallbackHandler;
import dev.cadenza.lessons.Step4CallbackHandler.Learner;
import dev.cadenza.lessons.Step4CallbackHandler.TestCallback;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The logs of the original first version, with its begin_fit mended. */
class CallbackHandlerGoldenTest {
    private static List<Map<String, Object>> golden;

    @BeforeAll
    static void read() {
        golden = Golden.maps(Golden.read("events.json").get("seed_callback_handler"));
    }

    static Stream<Arguments> entries() {
        return golden.stream().map(entry -> Arguments.of(entry.get("id"), entry));
    }

    @Test
    void there_are_twelve() {
        assertThat(golden).hasSize(12);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries")
    void the_first_version_plays_what_the_original_plays(String id, Map<String, Object> want) {
        Log log = new Log((String) want.get("returns_false_at"));
        log.handler =
                want.containsKey("stops") ? new CallbackHandler(log, new TestCallback(10)) : new CallbackHandler(log);
        Step4CallbackHandler.fit(
                (int) want.get("epochs"), learner((int) want.get("n_train"), (int) want.get("n_valid")), log.handler);
        assertThat(log.entries).isEqualTo(want.get("log"));
    }

    static Learner learner(int trainBatches, int validBatches) {
        dev.cadenza.train.Learner tiny = TinyProblem.learner(trainBatches, validBatches);
        return new Learner(tiny.data(), tiny.model(), tiny.lossFunction(), tiny.optimizer());
    }

    /** Writes down each event as the golden file does, and says no at one of them. */
    private static final class Log extends Step4CallbackHandler.Callback {
        final List<List<Object>> entries = new ArrayList<>();
        private final String no;
        CallbackHandler handler;
        private Integer epoch;

        Log(String no) {
            this.no = no;
        }

        private boolean log(String event) {
            Integer shown = event.endsWith("_fit") ? null : epoch;
            entries.add(Arrays.asList(event, shown, handler.inTrain ? 1 : 0));
            return !event.equals(no);
        }

        @Override
        boolean beginFit(Learner learn) {
            return super.beginFit(learn) && log("begin_fit");
        }

        @Override
        boolean afterFit() {
            return log("after_fit");
        }

        @Override
        boolean beginEpoch(int newEpoch) {
            epoch = newEpoch;
            return log("begin_epoch");
        }

        @Override
        boolean beginValidate() {
            return log("begin_validate");
        }

        @Override
        boolean afterEpoch() {
            return log("after_epoch");
        }

        @Override
        boolean beginBatch(Batch batch) {
            return log("begin_batch");
        }

        @Override
        boolean afterLoss(Tensor loss) {
            return log("after_loss");
        }

        @Override
        boolean afterBackward() {
            return log("after_backward");
        }

        @Override
        boolean afterStep() {
            return log("after_step");
        }
    }
}
