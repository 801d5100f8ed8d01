package dev.cadenza.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Hyper;
import dev.cadenza.optim.Optimizer;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class DigestTest {
    private final Learner learn = learner();

    private static Learner learner() {
        Rng.global().seed(3);
        Tensor x = Tensor.randn(8, 2);
        DataLoader loader = new DataLoader(new TensorDataset(x, x.mul(2)), o -> o.batchSize = 4);
        Learner learn = new Learner(
                new DataLoaders(loader, loader), Sequential.of(new Linear(2, 2), new BatchNorm1d(2)), Losses.mse());
        learn.fit(1);
        return learn;
    }

    /** Flips the lowest bit of the last element, and flips it back when run again. */
    private static void flip(Tensor tensor) {
        int size = (int) tensor.numel() * tensor.dtype().bytes();
        ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
        tensor.copyTo(bytes);
        int lowest = size - tensor.dtype().bytes();
        bytes.put(lowest, (byte) (bytes.get(lowest) ^ 1));
        tensor.detach().copy_(Tensor.of(bytes.flip(), tensor.dtype()).reshape(tensor.shape()));
    }

    @Test
    void any_bit_of_parameters_buffers_and_optimizer_state_changes_it() {
        String before = learn.digest();
        learn.model().stateDict().forEach((name, tensor) -> {
            requireSensitive(before, name, tensor);
            if (tensor instanceof Parameter parameter) {
                assertThat(learn.optimizer().state(parameter)).hasSize(2);
                learn.optimizer()
                        .state(parameter)
                        .forEach((slot, value) -> requireSensitive(before, name + " " + slot, value));
            }
        });
    }

    private void requireSensitive(String before, String name, Tensor tensor) {
        flip(tensor);
        assertThat(learn.digest()).as(name).isNotEqualTo(before);
        flip(tensor);
        assertThat(learn.digest()).as(name).isEqualTo(before);
    }

    @Test
    void a_step_and_a_dtype_change_it_and_gradients_modes_and_reading_do_not() {
        String before = learn.digest();
        learn.model().eval();
        learn.model().parameters().forEach(p -> p.setGrad(p.detach().clone()));
        learn.predict(Tensor.ones(1, 2));
        assertThat(learn.digest()).isEqualTo(before);
        learn.model().zeroGrad();
        learn.optimizer().set(Hyper.lr(0), Hyper.wd(0));
        assertThat(learn.digest()).isEqualTo(before);
        learn.model().to(DType.FLOAT64);
        assertThat(learn.digest()).isNotEqualTo(before);
    }

    @Test
    void it_counts_steps_even_where_nothing_else_changes() {
        Learner other = learner();
        assertThat(other.digest()).isEqualTo(learn.digest());
        other.optimizer(p -> Optimizer.ofGroups(p, u -> {}));
        String before = other.digest();
        other.model().parameters().get(0).setGrad(Tensor.zeros(2, 2));
        other.optimizer().step();
        assertThat(other.digest()).isNotEqualTo(before);
    }

    @Test
    void it_leaves_no_native_objects() {
        learn.digest();
        long alive = Engine.liveObjects();
        for (int i = 0; i < 5; i++) {
            learn.digest();
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }
}
