package dev.cadenza.lessons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.lessons.SevenTechniques.ModelResetter;
import dev.cadenza.lessons.SevenTechniques.RNNRegularizer;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Recurrent;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The techniques that look for recurrent modules. */
@ExtendWith(InScope.class)
class RecurrentTechniquesTest {
    private static List<Map<String, Object>> golden;

    @BeforeAll
    static void read() {
        golden = Golden.maps(Golden.read("metrics_losses.json").get("rnn_regularizer"));
    }

    /** Gives what was stored, whatever comes in, and counts how often it was reset. */
    private static final class Stored extends Module implements Recurrent {
        private final Parameter pred;
        private final Tensor raw;
        private final Tensor dropped;
        int resets;

        Stored(Tensor pred, Tensor raw, Tensor dropped) {
            this.pred = new Parameter(pred);
            this.raw = raw;
            this.dropped = dropped;
        }

        @Override
        protected Tensor compute(Tensor x) {
            return pred;
        }

        @Override
        public void reset() {
            resets++;
        }

        @Override
        public Tensor rawOutput() {
            return raw;
        }

        @Override
        public Tensor droppedOutput() {
            return dropped;
        }
    }

    /** A learner with one batch of training and the same of validation; the module stands below another one. */
    private static Learner learner(Stored stored, Tensor target) {
        DataLoader loader = new DataLoader(new TensorDataset(Tensor.zeros(target.size(0), 1), target), o -> {});
        return new Learner(
                new DataLoaders(loader, loader),
                Sequential.of(stored),
                (pred, y) -> Losses.crossEntropy().apply(pred.reshape(-1, pred.size(2)), y.reshape(-1)));
    }

    static Stream<Arguments> entries() {
        return golden.stream()
                .map(entry -> Arguments.of("alpha " + entry.get("alpha") + ", beta " + entry.get("beta"), entry));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("entries")
    void the_regularizer_adds_what_fastais_does_in_training_and_nothing_in_validation(
            String id, Map<String, Object> want) {
        Stored stored = new Stored(
                Golden.tensor(want.get("pred")), Golden.tensor(want.get("raw_out")), Golden.tensor(want.get("out")));
        List<Double> losses = new ArrayList<>();
        learner(stored, Golden.tensor(want.get("target")))
                .fit(
                        1,
                        0,
                        new RNNRegularizer(Golden.number(want.get("alpha")), Golden.number(want.get("beta"))),
                        Callback.on(
                                Event.AFTER_BATCH,
                                learn -> losses.add(learn.loss().item())));
        double exact = Golden.number(want.get("loss_exact"));
        double base = Golden.number(want.get("base_loss"));
        assertThat(losses).hasSize(2);
        assertThat(losses.get(0)).isCloseTo(exact, within(1e-9 * exact));
        assertThat(losses.get(1)).isCloseTo(base, within(1e-9 * base));
    }

    @Test
    void there_are_four_golden_entries() {
        assertThat(golden).hasSize(4);
    }

    @Test
    void a_single_step_of_time_has_no_change_to_keep_small() {
        Stored stored = new Stored(Tensor.zeros(2, 1, 5), Tensor.ones(2, 1, 3), Tensor.ones(2, 1, 3));
        List<Double> losses = new ArrayList<>();
        learner(stored, Tensor.of(new long[] {0, 1}, 2, 1))
                .fit(
                        1,
                        0,
                        new RNNRegularizer(2, 1),
                        Callback.on(
                                Event.AFTER_BATCH,
                                learn -> losses.add(learn.loss().item())));
        assertThat(losses.get(0)).isCloseTo(Math.log(5) + 2, within(1e-6));
    }

    @Test
    void the_resetter_resets_before_training_and_before_validation() {
        Stored stored = new Stored(Tensor.zeros(2, 1, 5), Tensor.ones(2, 1, 3), Tensor.ones(2, 1, 3));
        List<Integer> resets = new ArrayList<>();
        learner(stored, Tensor.of(new long[] {0, 1}, 2, 1))
                .fit(2, new ModelResetter(), Callback.on(Event.BEFORE_BATCH, learn -> resets.add(stored.resets)));
        assertThat(resets).containsExactly(1, 2, 3, 4);
    }
}
