package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.data.Batch;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.Dataset;
import dev.cadenza.data.Draw;
import dev.cadenza.data.Sample;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.metric.Metrics;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Exceptions and Cancels thrown by model, loss, data set, metric and optimizer instead of a callback. */
class PartsFailTest {
    /** What throws; {@code stopsAt} is the span that it is in. */
    enum Part {
        MODEL(Span.BATCH),
        LOSS(Span.BATCH),
        DATASET(Span.TRAIN),
        METRIC(Span.VALIDATE),
        OPTIMIZER(Span.BATCH);

        final Span within;

        Part(Span within) {
            this.within = within;
        }
    }

    /** Throws in one part, once it is told to. */
    private static final class Saboteur {
        Part part;
        Throwable thrown;

        void at(Part here) {
            if (here == part) {
                Spy.<RuntimeException>sneak(thrown);
            }
        }

        Learner learner() {
            Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 8, 1);
            DataLoader loader = new DataLoader(dataset(new TensorDataset(x, x.mul(0.5))), o -> o.batchSize = 4);
            return new Learner(new DataLoaders(loader, loader), model(), (pred, target) -> {
                        at(Part.LOSS);
                        return Losses.mse().apply(pred, target);
                    })
                    .optimizer(p -> Optimizer.ofGroups(p, u -> at(Part.OPTIMIZER), Steps.sgdStep())
                            .set(Hyper.lr(0.01)))
                    .metrics(Metrics.average("mae", (pred, target) -> {
                        at(Part.METRIC);
                        return pred.sub(target).abs().mean();
                    }));
        }

        private Dataset dataset(Dataset whole) {
            return new Dataset() {
                @Override
                public int size() {
                    return whole.size();
                }

                @Override
                public Sample get(int index) {
                    return whole.get(index);
                }

                @Override
                public Batch batch(int[] indices, List<Draw> draws) {
                    at(Part.DATASET);
                    return whole.batch(indices, draws);
                }
            };
        }

        private Module model() {
            return new Module() {
                final Parameter weight = new Parameter(Tensor.zeros(1, 1));

                @Override
                protected Tensor compute(Tensor x) {
                    at(Part.MODEL);
                    return x.matmul(weight);
                }
            };
        }
    }

    private final Saboteur saboteur = new Saboteur();

    private void arm(Part part, Throwable thrown) {
        saboteur.part = part;
        saboteur.thrown = thrown;
    }

    @ParameterizedTest
    @EnumSource
    void a_failure_of_any_part_reaches_the_caller_as_it_was_and_leaves_nothing_behind(Part part) {
        try (Scope outer = Scope.open()) {
            Learner learn = saboteur.learner();
            learn.fit(1);
            learn.model().eval();
            long alive = Engine.liveObjects();
            for (Throwable thrown : List.of(new RuntimeException("r"), new Error("e"), new IOException("i"))) {
                arm(part, thrown);
                Spy[] spies = {new Spy(), new Spy()};
                assertThat(catchThrowable(() -> learn.fit(1, spies))).isSameAs(thrown);
                assertThat(thrown.getSuppressed()) // the loader says which batch it was
                        .hasSize(part == Part.DATASET ? 1 : 0);
                Arrays.stream(spies).forEach(Spy::requireClosed);
                assertThat(learn.outcome()).isEqualTo(Outcome.of(thrown));
                assertThat(spies[1].outcomes(part.within.after())).contains(Outcome.of(thrown));
            }
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
            assertThat(learn.model().isTraining()).isFalse();
            assertThat(NoGrad.gradIsEnabled()).isTrue();
            arm(null, null);
            learn.fit(1);
            assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_cancel_of_the_fit_by_any_part_ends_it_quietly(Part part) {
        arm(part, Cancel.fit("test"));
        Spy spy = new Spy();
        Learner learn = saboteur.learner();
        learn.fit(2, spy);
        spy.requireClosed();
        assertThat(learn.outcome()).isEqualTo(Outcome.of(saboteur.thrown));
        assertThat(spy.outcomes(part.within.after())).contains(Outcome.of(saboteur.thrown));
        assertThat(spy.events()).endsWith(Event.AFTER_EPOCH, Event.AFTER_CANCEL_FIT, Event.AFTER_FIT);
    }

    @ParameterizedTest
    @EnumSource(names = {"MODEL", "LOSS"})
    void model_and_loss_can_cancel_a_batch(Part part) {
        arm(part, Cancel.batch("test"));
        Spy spy = new Spy();
        Learner learn = saboteur.learner();
        learn.fit(1, spy);
        assertThat(spy.outcomes(Event.AFTER_BATCH)).hasSize(4).containsOnly(Outcome.of(saboteur.thrown));
        assertThat(learn.recorder().lastEpoch().values()).isEmpty();
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.COMPLETED);
    }

    @ParameterizedTest
    @EnumSource(names = "OPTIMIZER")
    void the_optimizer_can_cancel_its_step(Part part) {
        arm(part, Cancel.step("test"));
        Spy spy = new Spy();
        Learner learn = saboteur.learner();
        learn.fit(1, spy);
        assertThat(spy.events()).contains(Event.AFTER_CANCEL_STEP).doesNotContain(Event.AFTER_STEP);
        assertThat(learn.recorder().losses()).hasSize(2);
    }
}
