package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Steps;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.TinyProblem;
import org.junit.jupiter.api.Test;

/** What is refused before a fit begins. */
class PlanTest {
    private static final class Net extends Module {
        private final Linear body = new Linear(1, 4);
        private Linear head = new Linear(4, 1);

        @Override
        protected Tensor compute(Tensor x) {
            return head.forward(body.forward(x));
        }
    }

    private final Net net = new Net();
    private final Learner learn = new Learner(TinyProblem.learner().data(), net, Losses.mse());

    @Test
    void less_than_no_epochs_are_refused_and_change_nothing() {
        Learner learn = TinyProblem.learner();
        learn.fit(1);
        assertThatThrownBy(() -> learn.fit(-1, 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted 0 epochs or more, but got: -1");
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(0.1);
        assertThat(learn.recorder().epochs()).hasSize(1);
    }

    @Test
    void training_from_nothing_is_refused() {
        Tensor three = Tensor.zeros(3, 1);
        DataLoader loader = new DataLoader(new TensorDataset(three, three), o -> {
            o.batchSize = 4;
            o.dropLast = true;
        });
        Learner learn = new Learner(new DataLoaders(loader, loader), new Linear(1, 1), Losses.mse());
        assertThatThrownBy(() -> learn.fit(1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("there is nothing to train from: the data set has 3 samples, the loader makes no batch of"
                        + " them");
        assertThat(learn.validate().values()).isEmpty();
    }

    @Test
    void a_head_that_was_swapped_after_the_optimizer_was_made_does_not_stay_untrained_in_silence() {
        learn.fit(1);
        net.head = new Linear(4, 1);
        assertThatThrownBy(() -> learn.fit(1, 0.5))
                .isInstanceOf(PlanException.class)
                .hasMessage("the optimizer does not have [head.weight, head.bias], so they would stay untrained; choose"
                        + " it again with learn.optimizer(…) where the model has changed since, or freeze them with"
                        + " requiresGrad_(false)");
        assertThat(learn.optimizer().get(Hyper.LR)).isEqualTo(1e-3);
        learn.optimizer(Optimizers.adam(o -> {}));
        double[] before = net.head.weight().toDoubles();
        learn.fit(1);
        assertThat(net.head.weight().toDoubles()).isNotEqualTo(before);
    }

    @Test
    void what_is_frozen_need_not_be_in_the_optimizer() {
        net.body.requiresGrad_(false);
        learn.optimizer(
                p -> Optimizer.of(net.head.parameters(), Steps.sgdStep()).set(Hyper.lr(0.1)));
        learn.fit(1);
        net.body.requiresGrad_(true);
        assertThatThrownBy(() -> learn.fit(1)).hasMessageContaining("does not have [body.weight, body.bias]");
    }
}
