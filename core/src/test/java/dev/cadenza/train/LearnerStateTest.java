package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What callbacks read, and when it exists. */
class LearnerStateTest {
    private static final Set<Event> IN_BATCH = EnumSet.of(
            Event.BEFORE_BATCH,
            Event.AFTER_PRED,
            Event.AFTER_LOSS,
            Event.BEFORE_BACKWARD,
            Event.AFTER_BACKWARD,
            Event.BEFORE_STEP,
            Event.AFTER_STEP,
            Event.AFTER_BATCH);

    private static final Set<Event> WITH_OUTCOME = EnumSet.of(
            Event.AFTER_STEP,
            Event.AFTER_BATCH,
            Event.AFTER_TRAIN,
            Event.BEFORE_VALIDATE,
            Event.AFTER_VALIDATE,
            Event.AFTER_EPOCH,
            Event.AFTER_FIT);

    private static final Map<String, Consumer<Learner>> READS = Map.of(
            "batch", Learner::batch,
            "pred", Learner::pred,
            "loss", Learner::loss,
            "epoch", Learner::epoch,
            "outcome", Learner::outcome);

    private static final Map<String, Consumer<Learner>> WRITES = Map.of(
            "batch", l -> l.batch(Batch.of(Tensor.zeros(1), Tensor.zeros(1))),
            "pred", l -> l.pred(Tensor.zeros(1)),
            "loss", l -> l.loss(Tensor.zeros(1)));

    private static void require(Learner learn, String what, boolean exists, String message) {
        if (exists) {
            READS.get(what).accept(learn);
            return;
        }
        for (Map<String, Consumer<Learner>> access : List.of(READS, WRITES)) {
            if (access.containsKey(what)) {
                assertThatThrownBy(() -> access.get(what).accept(learn))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("there is no " + what + " " + message);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_does_not_exist_yet_is_an_error_that_tells_from_when_it_does(Event event) {
        Set<Event> withPred = EnumSet.copyOf(IN_BATCH);
        withPred.remove(Event.BEFORE_BATCH);
        Set<Event> withLoss = EnumSet.copyOf(withPred);
        withLoss.remove(Event.AFTER_PRED);
        boolean[] first = {true};
        TinyProblem.learner().fit(1, Callback.on(event, l -> {
            String at = "at " + event + "; it exists ";
            require(l, "batch", IN_BATCH.contains(event), at + "from BEFORE_BATCH to AFTER_BATCH");
            require(l, "pred", withPred.contains(event), at + "from AFTER_PRED to AFTER_BATCH");
            require(l, "loss", withLoss.contains(event), at + "from AFTER_LOSS to AFTER_BATCH");
            require(l, "epoch", event != Event.BEFORE_FIT, at + "from BEFORE_EPOCH on");
            if (first[0]) {
                require(l, "outcome", WITH_OUTCOME.contains(event), at + "from the end of the first step or batch on");
            }
            first[0] = false;
        }));
    }

    @Test
    void outside_a_fit_there_is_no_batch() {
        Learner learn = TinyProblem.learner();
        for (int i = 0; i < 2; i++) {
            require(learn, "batch", false, "outside a fit; it exists from BEFORE_BATCH to AFTER_BATCH");
            require(learn, "loss", false, "outside a fit; it exists from AFTER_LOSS to AFTER_BATCH");
            assertThatThrownBy(learn::batchIndex).hasMessageStartingWith("there is no batch outside a fit");
            assertThatThrownBy(() -> learn.scaleBackward(2)).hasMessageStartingWith("there is no batch outside a fit");
            learn.fit(1);
        }
        assertThat(learn.epoch()).isZero();
    }

    @Test
    void counters_count_batches_and_epochs_of_this_fit() {
        List<String> seen = new ArrayList<>();
        Learner learn = TinyProblem.learner(2, 1);
        for (int fit = 0; fit < 2; fit++) {
            seen.clear();
            learn.fit(
                    2,
                    Callback.on(Event.BEFORE_BATCH, l -> seen.add(counters(l))),
                    Callback.on(Event.AFTER_STEP, l -> seen.add("stepped " + l.iteration() + " " + l.progress())),
                    Callback.on(Event.AFTER_FIT, l -> seen.add("end " + l.epoch())));
            assertThat(seen)
                    .containsExactly(
                            "0 of 2: 0, 0 0.0 true",
                            "stepped 1 0.25",
                            "0 of 2: 1, 1 0.25 true",
                            "stepped 2 0.5",
                            "0 of 2: 0, 2 0.5 false",
                            "1 of 2: 0, 2 0.5 true",
                            "stepped 3 0.75",
                            "1 of 2: 1, 3 0.75 true",
                            "stepped 4 1.0",
                            "1 of 2: 0, 4 1.0 false",
                            "end 1");
        }
    }

    private static String counters(Learner l) {
        return l.epoch() + " of " + l.epochs() + ": " + l.batchIndex() + ", " + l.iteration() + " " + l.progress() + " "
                + l.training();
    }
}
