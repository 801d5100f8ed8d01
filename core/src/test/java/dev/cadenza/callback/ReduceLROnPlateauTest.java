package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReduceLROnPlateauTest {
    private static Learner learnerWithThreeGroups(double... validLoss) {
        Parameter[] none = {};
        return Scripted.learner(validLoss).optimizer(groups -> {
            List<Parameter> all = groups.get(0);
            Optimizer optimizer = Optimizer.ofGroups(
                    List.of(List.of(none), List.of(all.get(0)), List.of(all.get(1))), Steps.sgdStep());
            optimizer.groups().get(0).set(Hyper.lr(1e-4));
            optimizer.groups().get(1).set(Hyper.lr(0.01));
            optimizer.groups().get(2).set(Hyper.lr(0.1));
            return optimizer;
        });
    }

    private static List<Double> lrs(Learner learn) {
        return learn.optimizer().groups().stream()
                .map(group -> group.get(Hyper.LR))
                .toList();
    }

    @Test
    void every_group_keeps_its_share_down_to_the_least() {
        Learner learn = learnerWithThreeGroups(1, 1);
        learn.fit(2, new ReduceLROnPlateau(o -> o.minLr = 0.002));
        assertThat(lrs(learn)).as("one is below the least already").containsExactly(1e-4, 0.002, 0.01);
        learn.fit(2, new ReduceLROnPlateau(o -> o.factor = 4));
        assertThat(lrs(learn)).as("without a least").containsExactly(0.25e-4, 0.0005, 0.0025);
    }

    @Test
    void the_timeline_tells_what_was_changed_and_why() {
        Learner learn = Scripted.learner(1, 1, 1);
        learn.fit(3, new ReduceLROnPlateau(o -> o.patience = 2));
        assertThat(learn.timeline().entries().get(0))
                .hasToString("epoch 2, iteration 3, AFTER_EPOCH: ReduceLROnPlateau: lr 0.1 → 0.01"
                        + " (no improvement of valid_loss since epoch 0)");
    }

    @Test
    void it_cannot_be_used_with_a_schedule_that_would_set_it_back() {
        Callback schedule = new Callback() {
            @Override
            public Set<Hyper> schedules() {
                return Set.of(Hyper.LR);
            }
        };
        assertThatThrownBy(() -> Scripted.learner(1).fit(1, new ReduceLROnPlateau(), schedule))
                .isInstanceOf(PlanException.class)
                .hasMessageContaining("both schedule hyper-parameter 'lr'");
    }

    @Test
    void it_plays_before_stopping_is_considered() {
        Learner learn = Scripted.learner(1, 1, 1);
        learn.fit(3, 0.1, new EarlyStopping(), new ReduceLROnPlateau());
        assertThat(learn.epoch()).isEqualTo(1);
        assertThat(lrs(learn)).containsExactly(0.01);
    }
}
