package dev.cadenza.callback;

import static dev.cadenza.callback.Failing.ADAM;
import static dev.cadenza.callback.Failing.BATCHES;
import static dev.cadenza.callback.Failing.SGD;
import static dev.cadenza.callback.Failing.SIZE;
import static dev.cadenza.callback.Failing.failingWhole;
import static dev.cadenza.callback.Failing.learner;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.callback.SafeStep.Then;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class SafeStepPiecesTest {
    @Test
    void what_is_retried_in_pieces_is_gradient_accumulation() {
        Learner accumulating = learner(SIZE / 2, -1, SGD, new GradientAccumulation(SIZE));
        accumulating.fit(3);
        double[] halves = accumulating.recorder().losses();
        String expected = accumulating.digest();
        byte[] random = Rng.global().state();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        learn.fit(3);
        assertThat(Rng.global().state()).isEqualTo(random);
        assertThat(learn.digest()).isEqualTo(expected);
        assertThat(learn.iteration()).isEqualTo(3 * BATCHES);
        double[] losses = learn.recorder().losses();
        assertThat(losses).hasSize(3 * BATCHES);
        for (int i = 0; i < losses.length; i++) {
            assertThat(losses[i]).isCloseTo((halves[2 * i] + halves[2 * i + 1]) / 2, within(1e-7));
        }
        assertThat(learn.timeline().entries())
                .filteredOn(entry -> "in parts: 2".equals(entry.to()))
                .hasSize(3 * BATCHES);
    }

    @Test
    void pieces_have_company_of_accumulation_and_averages() {
        Supplier<Callback[]> company = () -> new Callback[] {WeightAverage.ema(0.8), GradientClip.norm(0.5)};
        Learner accumulating = learner(SIZE / 2, -1, ADAM, company.get());
        accumulating.add(new GradientAccumulation(2L * SIZE));
        accumulating.fit(2);
        Learner learn = learner(SIZE, -1, ADAM, company.get());
        learn.add(new GradientAccumulation(2L * SIZE), new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        learn.fit(2);
        List<Tensor> got = List.copyOf(learn.model().stateDict().values());
        List<Tensor> want = List.copyOf(accumulating.model().stateDict().values());
        for (int i = 0; i < got.size(); i++) { // N/S · n/N is not always n/S to the bit
            assertThat(got.get(i).to(DType.FLOAT64).allclose(want.get(i).to(DType.FLOAT64), 1e-4, 1e-6))
                    .as("tensor %d", i)
                    .isTrue();
        }
        assertThat(learn.recorder().losses()).hasSize(2 * BATCHES);
    }

    @Test
    void the_last_piece_shows_batch_loss_and_prediction_of_the_whole() {
        List<String> seen = new ArrayList<>();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        learn.add(Callback.on(Event.AFTER_BATCH, l -> {
            if (l.training() && l.batchIndex() == 0) {
                boolean done = l.outcome().kind() == Outcome.Kind.COMPLETED;
                seen.add(l.outcome().kind() + " " + l.batch().size() + " "
                        + l.pred().size(0) + " " + l.iteration());
                assertThat(!done || l.batch().target().size(0) == SIZE).isTrue();
            }
        }));
        learn.fit(1);
        assertThat(seen).containsExactly("FAILED 8 8 1", "CANCELLED 4 4 0", "COMPLETED 8 8 1");
    }

    @Test
    void pieces_get_smaller_until_one_fits() {
        List<Long> sizes = new ArrayList<>();
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY));
        learn.fit(1, Callback.on(Event.AFTER_PRED, l -> {
            if (l.training() && l.batchIndex() == 0) {
                sizes.add(l.batch().size());
                if (l.batch().size() > 2) {
                    throw new IllegalStateException("too large");
                }
            }
        }));
        assertThat(sizes).startsWith(8L, 4L, 2L).hasSize(2 + 4);
        assertThat(sizes.stream().skip(2).mapToLong(n -> n).sum()).isEqualTo(SIZE);
        assertThat(SafeStep.split(learn.data().train().dataset().batch(new int[] {0, 1, 2}), 8))
                .hasSize(3);
    }

    @Test
    void a_cancel_after_a_piece_waits_for_the_whole_batch() {
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), ShortEpoch.batches(1));
        learn.fit(1, failingWhole());
        assertThat(learn.iteration()).isEqualTo(1);
        assertThat(learn.recorder().losses()).hasSize(1);
    }

    @Test
    void a_cancel_in_a_piece_leaves_nothing_of_the_batch() {
        Learner learn = learner(SIZE, -1, SGD, new SafeStep(o -> o.then = Then.RETRY), failingWhole());
        String before = learn.digest();
        boolean[] second = {false};
        learn.fit(1, Callback.on(Event.AFTER_LOSS, l -> {
            if (l.training() && second[0]) {
                throw Cancel.train("in the second piece");
            }
            second[0] = l.training();
        }));
        assertThat(learn.digest()).isEqualTo(before);
        assertThat(learn.optimizer().params()).isEmpty();
        assertThat(learn.iteration()).isZero();
    }
}
