package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.metric.Metrics;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.testing.TinyProblem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The number of native objects; it may shrink, when the garbage collector finds some of an earlier test. */
class MemoryTest {
    /** A fit with callbacks that make tensors everywhere. */
    private static Learner learner(int batches) {
        Learner learn = TinyProblem.learner(batches, batches)
                .optimizer(Optimizers.adam(o -> {}))
                .metrics(Metrics.average(
                        "mae", (pred, target) -> pred.sub(target).abs().mean()));
        for (Event event : Event.values()) {
            learn.add(Callback.on(event, l -> {
                try (Scope scope = Scope.open()) {
                    l.model()
                            .parameters()
                            .forEach(p -> p.detach().square().sum().item());
                }
            }));
        }
        return learn.add(
                Callback.on(Event.AFTER_PRED, l -> l.pred(l.pred().mul(0.5))),
                Callback.on(
                        Event.AFTER_LOSS,
                        l -> l.loss(l.loss().add(l.pred().square().mean()))),
                Callback.on(Event.BEFORE_BACKWARD, l -> l.scaleBackward(0.5)),
                Callback.on(Event.BEFORE_STEP, l -> l.optimizer().grads().clipNorm_(1.0)));
    }

    @Test
    void there_are_as_many_objects_after_200_batches_as_after_20() {
        List<Long> alive = new ArrayList<>();
        try (Scope outer = Scope.open()) {
            learner(210).fit(1, Callback.on(Event.AFTER_BATCH, l -> {
                if (l.batchIndex() == 20 || l.batchIndex() == 200) {
                    alive.add(Engine.liveObjects());
                }
            }));
        }
        assertThat(alive).hasSize(4);
        assertThat(alive.get(1)).as("training").isLessThanOrEqualTo(alive.get(0));
        assertThat(alive.get(3)).as("validation").isLessThanOrEqualTo(alive.get(2));
    }

    @Test
    void fits_that_fail_leave_nothing() {
        try (Scope outer = Scope.open()) {
            Learner learn = learner(3);
            learn.fit(1);
            long alive = Engine.liveObjects();
            for (Event event : Event.values()) {
                if (!event.name().contains("CANCEL")) {
                    assertThatThrownBy(() -> learn.fit(1, Callback.on(event, l -> {
                        throw new IllegalStateException("test");
                    })));
                }
            }
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
        }
    }
}
