package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class GanTrainerFailureTest {
    private final Gan gan = GanProblem.gan();

    @Test
    void a_fit_that_fails_at_any_event_of_a_batch_leaves_the_model_as_it_was() {
        gan.critic().parameters().get(1).requiresGrad_(false);
        List<Boolean> trained = List.of(true, false);
        for (Event event : EnumSet.range(Event.BEFORE_BATCH, Event.AFTER_STEP)) {
            Learner learn = GanProblem.learner(gan, 4, new GanTrainer(), Callback.on(event, l -> {
                if (l.batchIndex() == 1) {
                    throw new IllegalStateException("test");
                }
            }));
            assertThatThrownBy(() -> learn.fit(1)).as("%s", event).hasMessage("test");
            assertThat(gan.critic().parameters().stream().map(Tensor::requiresGrad))
                    .as("%s", event)
                    .isEqualTo(trained);
            assertThat(gan.namedModules().values()).allMatch(Module::isTraining);
        }
    }

    @Test
    void other_models_a_second_trainer_and_bad_options_are_refused() {
        assertThatThrownBy(() -> TinyProblem.learner(new GanTrainer()).fit(1))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining(
                        "GanTrainer trains a Gan, but the model is a Linear; make it new Gan(generator, critic)");
        assertThatThrownBy(() -> GanProblem.learner(gan, 2, new GanTrainer(), new GanTrainer())
                        .fit(1))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("cannot play in the same fit");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GanTrainer(o -> o.fake = 1))
                .withMessage("wanted two different labels, but got real=1.0 and fake=1.0");
        assertThatIllegalArgumentException().isThrownBy(() -> new GanTrainer(o -> o.real = Double.NaN));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GanTrainer(o -> o.clip = 0))
                .withMessageContaining("wanted a clip above 0");
    }

    @Test
    void a_batch_without_reals_is_refused() {
        DataLoader noTargets =
                new DataLoader(new TensorDataset(List.of(Tensor.randn(8, 3)), Collections.emptyList()), o -> {});
        Learner learn = new Learner(new DataLoaders(noTargets, noTargets), gan, Losses.bceWithLogits());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> learn.fit(1, new GanTrainer()))
                .withMessage("wanted one input (noise) and one target (reals), but the batch has 1 and 0");
    }

    @Test
    void there_are_as_many_objects_after_200_batches_as_after_20() {
        List<Long> alive = new ArrayList<>();
        GanProblem.learner(gan, 210, new GanTrainer(o -> o.clip = 0.1)).fit(1, Callback.on(Event.AFTER_BATCH, learn -> {
            if (learn.batchIndex() == 20 || learn.batchIndex() == 200) {
                alive.add(Engine.liveObjects());
            }
        }));
        assertThat(alive).hasSize(4);
        assertThat(alive.get(1)).as("training").isLessThanOrEqualTo(alive.get(0));
        assertThat(alive.get(3)).as("validation").isLessThanOrEqualTo(alive.get(2));
    }
}
