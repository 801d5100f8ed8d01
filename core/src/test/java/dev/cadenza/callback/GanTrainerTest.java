package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(InScope.class)
class GanTrainerTest {
    private static Learner learner(int batches, Loss loss) {
        Rng.global().seed(1);
        Module generator = Sequential.of(new Linear(3, 8), F::relu, new Linear(8, 2));
        Module critic = Sequential.of(new Linear(2, 8), F::relu, new Linear(8, 1));
        DataLoader loader = new DataLoader(
                new TensorDataset(Tensor.randn(batches * 4L, 3), Tensor.randn(batches * 4L, 2)), o -> o.batchSize = 4);
        return new Learner(new DataLoaders(loader, loader), new Gan(generator, critic), loss)
                .optimizer(Optimizers.adam(o -> {}));
    }

    private static Gan gan(Learner learn) {
        return (Gan) learn.model();
    }

    private static List<double[]> values(Module module) {
        return module.parameters().stream().map(Tensor::toDoubles).toList();
    }

    private static boolean same(List<double[]> a, List<double[]> b) {
        return Arrays.deepEquals(a.toArray(), b.toArray());
    }

    /** C or G for each training batch, by whose parameters changed; both or none is an error. */
    private static String turns(Learner learn, GanTrainer trainer) {
        StringBuilder turns = new StringBuilder();
        List<List<double[]>> before = new ArrayList<>();
        learn.fit(
                1,
                trainer,
                Callback.on(Event.BEFORE_STEP, l -> {
                    before.clear();
                    before.add(values(gan(l).critic()));
                    before.add(values(gan(l).generator()));
                }),
                Callback.on(Event.AFTER_STEP, l -> {
                    boolean critic = !same(before.get(0), values(gan(l).critic()));
                    boolean generator = !same(before.get(1), values(gan(l).generator()));
                    assertThat(critic).as("one side, and not both").isNotEqualTo(generator);
                    turns.append(critic ? 'C' : 'G');
                }));
        return turns.toString();
    }

    @Test
    void only_the_side_whose_turn_it_is_learns_and_the_critic_begins() {
        assertThat(turns(learner(6, Losses.bceWithLogits()), new GanTrainer())).isEqualTo("CGCGCG");
    }

    @Test
    void turns_can_be_of_any_length() {
        GanTrainer trainer = new GanTrainer(o -> o.turns = GanTurns.fixed(3, 2));
        assertThat(turns(learner(8, Losses.bceWithLogits()), trainer)).isEqualTo("CCCGGCCC");
    }

    @Test
    void turns_can_last_until_a_loss_is_reached() {
        GanTurns never = GanTurns.adaptive(-1, -1);
        assertThat(turns(learner(4, Losses.bceWithLogits()), new GanTrainer(o -> o.turns = never)))
                .isEqualTo("CCCC");
        GanTurns always = GanTurns.adaptive(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);
        assertThat(turns(learner(4, Losses.bceWithLogits()), new GanTrainer(o -> o.turns = always)))
                .isEqualTo("CGCG");
    }

    @Test
    void the_critic_sees_fakes_and_reals_and_the_generator_and_validation_see_fakes_only() {
        List<String> seen = new ArrayList<>();
        learner(2, Losses.bceWithLogits())
                .fit(1, new GanTrainer(o -> o.real = 0.9), Callback.on(Event.AFTER_LOSS, l -> {
                    String labels = Arrays.toString(l.batch().target().toFloats());
                    seen.add((l.training() ? "train " : "valid ") + l.pred().describe() + " " + labels);
                }));
        assertThat(seen)
                .containsExactly(
                        "train float32[8, 1] [0.0, 0.0, 0.0, 0.0, 0.9, 0.9, 0.9, 0.9]",
                        "train float32[4, 1] [0.9, 0.9, 0.9, 0.9]",
                        "valid float32[4, 1] [0.9, 0.9, 0.9, 0.9]",
                        "valid float32[4, 1] [0.9, 0.9, 0.9, 0.9]");
    }

    @Test
    void both_losses_are_told_apart() {
        GanTrainer trainer = new GanTrainer();
        assertThat(trainer.criticLoss()).isNaN();
        Learner learn = learner(2, Losses.bceWithLogits());
        learn.fit(1, trainer);
        assertThat(trainer.criticLoss()).isEqualTo(learn.recorder().losses()[0]);
        assertThat(trainer.generatorLoss()).isEqualTo(learn.recorder().losses()[1]);
    }

    @Test
    void a_wasserstein_critic_is_kept_small() {
        Loss wasserstein = (scores, labels) -> scores.mul(labels).mean();
        Learner learn = learner(12, wasserstein);
        learn.fit(2, new GanTrainer(o -> {
            o.turns = GanTurns.fixed(5, 1);
            o.real = -1;
            o.fake = 1;
            o.clip = 0.01;
        }));
        for (double[] parameter : values(gan(learn).critic())) {
            assertThat(Arrays.stream(parameter).map(Math::abs).max().orElse(0)).isLessThan(0.0100001);
        }
    }

    @ParameterizedTest
    @EnumSource(
            names = {
                "BEFORE_BATCH",
                "AFTER_PRED",
                "AFTER_LOSS",
                "BEFORE_BACKWARD",
                "AFTER_BACKWARD",
                "BEFORE_STEP",
                "AFTER_STEP",
                "AFTER_BATCH"
            })
    void a_failure_on_the_generators_turn_leaves_both_sides_to_be_trained(Event event) {
        Learner learn = learner(4, Losses.bceWithLogits());
        int[] plays = {0};
        assertThatThrownBy(() -> learn.fit(1, new GanTrainer(), Callback.on(event, l -> {
                    if (++plays[0] == 2) {
                        throw new IllegalStateException("test");
                    }
                })))
                .hasMessage("test");
        assertThat(learn.model().parameters()).hasSize(8).allMatch(Parameter::requiresGrad);
    }

    @Test
    void what_was_frozen_before_stays_frozen() {
        Learner learn = learner(4, Losses.bceWithLogits());
        Parameter frozen = gan(learn).critic().parameters().get(0);
        frozen.requiresGrad_(false);
        double[] before = frozen.toDoubles();
        learn.fit(1, new GanTrainer());
        assertThat(frozen.requiresGrad()).isFalse();
        assertThat(frozen.toDoubles()).isEqualTo(before);
    }

    @Test
    void memory_stays_the_same_over_many_batches() {
        List<Long> alive = new ArrayList<>();
        learner(120, Losses.bceWithLogits()).fit(1, new GanTrainer(), Callback.on(Event.AFTER_BATCH, l -> {
            if (l.training() && (l.batchIndex() == 20 || l.batchIndex() == 100)) {
                alive.add(Engine.liveObjects());
            }
        }));
        assertThat(alive.get(1)).isLessThanOrEqualTo(alive.get(0));
    }

    @Test
    void what_makes_no_sense_is_refused() {
        assertThatThrownBy(() -> GanTurns.fixed(0, 1))
                .hasMessage("wanted turns of 1 batch or more, but got 0 for the critic and 1 for the generator");
        assertThatThrownBy(() -> GanTurns.adaptive(Double.NaN, 1)).hasMessageStartingWith("wanted thresholds");
        assertThatThrownBy(() -> new GanTrainer(o -> o.fake = 1))
                .hasMessage("wanted two different labels, but got real=1.0 and fake=1.0");
        assertThatThrownBy(() -> new GanTrainer(o -> o.clip = 0)).hasMessageStartingWith("wanted a clip above 0");
        assertThatThrownBy(() -> TinyProblem.learner(new GanTrainer()).fit(1))
                .isInstanceOf(PlanException.class)
                .hasMessage("GanTrainer trains a Gan, but the model is a Linear; make it new Gan(generator, critic)");
    }
}
