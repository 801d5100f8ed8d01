package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.F;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class GanTrainerTest {
    private final Gan gan = GanProblem.gan();

    private static List<Tensor> values(Module module) {
        return module.parameters().stream().map(p -> p.detach().clone()).toList();
    }

    private static boolean same(List<Tensor> a, List<Tensor> b) {
        for (int i = 0; i < a.size(); i++) {
            if (!a.get(i).equal(b.get(i))) {
                return false;
            }
        }
        return true;
    }

    @Test
    void turns_go_on_over_epochs_and_begin_anew_with_a_fit() {
        StringBuilder turns = new StringBuilder();
        Learner learn =
                GanProblem.learner(gan, 4, new GanTrainer(o -> o.turns = GanTurns.fixed(5, 1)), GanProblem.log(turns));
        learn.fit(2);
        learn.validate();
        learn.fit(1);
        assertThat(turns).hasToString("CCCCCGCC" + "CCCC");
    }

    @Test
    void a_batch_without_a_step_does_not_count_so_that_gradients_are_accumulated_for_one_side() {
        StringBuilder turns = new StringBuilder();
        Callback twoBatches = new GradientAccumulation(8);
        GanProblem.learner(gan, 6, new GanTrainer(), GanProblem.log(turns), twoBatches)
                .fit(1);
        assertThat(turns).hasToString("CCGGCC");
        gan.critic().parameters().forEach(p -> assertThat(p.requiresGrad()).isTrue());
    }

    @Test
    void adaptive_turns_follow_the_losses_of_the_fit() {
        StringBuilder turns = new StringBuilder();
        Callback givenLosses = Callback.on(Event.AFTER_LOSS, learn -> {
            double wanted = List.of(0.9, 0.4, 0.8, 0.3, 0.9).get(learn.batchIndex());
            learn.loss(learn.loss().mul(0).add(wanted));
        });
        GanProblem.learner(
                        gan,
                        5,
                        new GanTrainer(o -> o.turns = GanTurns.adaptive(0.5, 0.5)),
                        givenLosses,
                        GanProblem.log(turns))
                .fit(1);
        assertThat(turns).hasToString("CCGGC");
    }

    @Test
    void on_a_turn_only_the_side_that_plays_it_changes() {
        List<List<Tensor>> before = new ArrayList<>();
        Callback start = Callback.on(Event.BEFORE_BATCH, learn -> {
            before.clear();
            before.add(values(gan.generator()));
            before.add(values(gan.critic()));
        });
        Callback end = Callback.on(Event.AFTER_STEP, learn -> {
            assertThat(same(before.get(0), values(gan.generator()))).isEqualTo(!GanProblem.generates(learn));
            assertThat(same(before.get(1), values(gan.critic()))).isEqualTo(GanProblem.generates(learn));
        });
        GanProblem.learner(gan, 6, new GanTrainer(), start, end).fit(2);
    }

    @Test
    void the_optimizer_counts_the_updates_of_each_side() {
        Learner learn = GanProblem.learner(gan, 6, new GanTrainer(o -> o.turns = GanTurns.fixed(2, 1)));
        learn.fit(1);
        gan.critic()
                .parameters()
                .forEach(p -> assertThat(learn.optimizer().steps(p)).isEqualTo(4));
        gan.generator()
                .parameters()
                .forEach(p -> assertThat(learn.optimizer().steps(p)).isEqualTo(2));
    }

    @Test
    void the_critic_sees_fakes_then_reals_and_the_generator_wants_its_own_to_pass() {
        List<String> seen = new ArrayList<>();
        Callback log = Callback.on(
                Event.AFTER_LOSS,
                learn -> seen.add(learn.pred().describe() + " "
                        + Arrays.toString(learn.batch().target().toDoubles())));
        GanTrainer trainer = new GanTrainer(o -> {
            o.real = 0.5;
            o.fake = -1;
        });
        GanProblem.learner(gan, GanProblem.data(2), Losses.mse())
                .add(trainer, log)
                .fit(1);
        assertThat(seen).hasSize(4);
        assertThat(seen.get(0)).contains("[8, 1]").endsWith("[-1.0, -1.0, -1.0, -1.0, 0.5, 0.5, 0.5, 0.5]");
        assertThat(seen.subList(1, 4)).allMatch(s -> s.contains("[4, 1]") && s.endsWith(" [0.5, 0.5, 0.5, 0.5]"));
    }

    @Test
    void labels_have_the_shape_of_the_scores_also_where_a_critic_scores_patches() {
        Gan ofPatches = new Gan(new Linear(3, 2), new Linear(2, 7));
        Callback check = Callback.on(
                Event.AFTER_LOSS,
                learn -> assertThat(learn.batch().target().shape())
                        .containsExactly(learn.pred().shape()));
        GanProblem.learner(ofPatches, 4, new GanTrainer(), check).fit(1);
    }

    @Test
    void validation_is_the_generators_loss() {
        Learner learn = GanProblem.learner(gan, 3, new GanTrainer());
        learn.fit(2);
        double sum = 0;
        for (Batch batch : learn.data().valid().epoch(0)) {
            Tensor scores = gan.forward(batch.input());
            sum += F.softplus(scores.neg()).mean().item(); // -log sigmoid(x)
        }
        assertThat(learn.recorder().lastEpoch().get("valid_loss")).isCloseTo(sum / 3, offset(1e-5));
    }

    @Test
    void the_loss_of_each_side_is_smoothed_and_a_probe_leaves_it() {
        GanTrainer trainer = new GanTrainer();
        assertThat(trainer.criticLoss()).isNaN();
        Learner learn = GanProblem.learner(gan, 3, trainer);
        learn.fit(1);
        double[] losses = learn.recorder().losses();
        assertThat(trainer.generatorLoss()).isEqualTo(losses[1], offset(1e-9));
        assertThat(trainer.criticLoss()).isEqualTo((0.98 * losses[0] + losses[2]) / 1.98, offset(1e-9));
        learn.validate();
        assertThat(trainer.generatorLoss()).isEqualTo(losses[1], offset(1e-9));
    }

    @Test
    void a_wasserstein_critic_tells_fakes_from_reals_within_clipped_weights() {
        gan.generator().requiresGrad_(false);
        Loss wasserstein = (scores, labels) -> scores.mul(labels).mean();
        Learner learn = GanProblem.learner(gan, GanProblem.data(20), wasserstein)
                .add(new GanTrainer(o -> {
                    o.turns = GanTurns.fixed(100, 1);
                    o.real = -1;
                    o.fake = 1;
                    o.clip = 0.02;
                }));
        learn.fit(1);
        assertThat(gan.critic().parameters())
                .allMatch(p -> p.detach().abs().max().item() <= 0.02 + 1e-9)
                .allMatch(p -> p.requiresGrad());
        assertThat(gan.generator().parameters())
                .anyMatch(p -> p.detach().abs().max().item() > 0.02);
        Batch batch = learn.data().valid().epoch(0).iterator().next();
        double gap = gan.critic().forward(batch.target()).mean().item()
                - gan.forward(batch.input()).mean().item();
        assertThat(gap).isGreaterThan(0.02);
    }

    @Test
    void a_frozen_part_of_the_critic_stays_frozen_and_is_not_clipped() {
        Tensor weight = gan.critic().parameters().get(0).requiresGrad_(false);
        Tensor before = weight.clone();
        GanProblem.learner(gan, 4, new GanTrainer(o -> o.clip = 1e-3)).fit(1);
        assertThat(weight.requiresGrad()).isFalse();
        assertThat(weight.equal(before)).isTrue();
        assertThat(gan.critic().parameters().get(1).requiresGrad()).isTrue();
    }
}
