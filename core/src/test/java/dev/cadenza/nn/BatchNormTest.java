package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.cadenza.tensor.Buffer;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BatchNormTest {
    @Test
    void one_value_per_channel_is_refused_when_training_and_changes_nothing() {
        BatchNorm2d norm = new BatchNorm2d(3);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> norm.forward(Tensor.randn(1, 3, 1, 1)))
                .withMessageContaining("more than 1 value per channel when training")
                .withMessageContaining("float32[1, 3, 1, 1]");
        assertThat(norm.namedBuffers().get("num_batches_tracked").itemLong()).isZero();
        assertThat(norm.eval().forward(Tensor.randn(1, 3, 1, 1)).shape()).containsExactly(1, 3, 1, 1);
    }

    @Test
    void wrong_rank_and_wrong_channels_are_refused() {
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> new BatchNorm2d(3).forward(Tensor.randn(4, 3)))
                .withMessageContaining("wanted input [N, C, H, W] with C = 3, but got float32[4, 3]");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> new BatchNorm1d(3).forward(Tensor.randn(4, 3, 2, 2)))
                .withMessageContaining("wanted input [N, C] or [N, C, L]");
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> new BatchNorm1d(3).forward(Tensor.randn(4, 2)))
                .withMessageContaining("C = 3");
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> new BatchNorm1d(3).forward(Tensor.scalar(1)));
    }

    @Test
    void without_running_statistics_inference_uses_those_of_the_batch() {
        BatchNorm1d norm = new BatchNorm1d(2, o -> o.trackRunningStats = false);
        assertThat(norm.stateDict().keySet()).containsExactly("weight", "bias");
        Tensor x = Tensor.randn(6, 2);
        Tensor train = norm.forward(x);
        assertThat(norm.eval().forward(x).equal(train)).isTrue();
        assertThatExceptionOfType(TensorException.class).isThrownBy(() -> norm.forward(Tensor.randn(1, 2)));
    }

    @Test
    void without_affine_there_are_no_parameters() {
        BatchNorm1d norm = new BatchNorm1d(2, o -> o.affine = false);
        assertThat(norm.parameters()).isEmpty();
        assertThat(norm.weight()).isNull();
        assertThat(norm.bias()).isNull();
    }

    @Test
    void cumulative_statistics_are_the_plain_average_of_all_batches() {
        BatchNorm1d norm = new BatchNorm1d(1, o -> o.cumulative = true);
        for (float mean : new float[] {1, 2, 6}) {
            norm.forward(Tensor.of(new float[] {mean - 1, mean + 1}, 2, 1));
        }
        Map<String, Buffer> buffers = norm.namedBuffers();
        assertClose("mean", buffers.get("running_mean").toDoubles(), new double[] {3}, 1e-6, 0);
        assertClose("var", buffers.get("running_var").toDoubles(), new double[] {2}, 1e-6, 0);
        assertThat(buffers.get("num_batches_tracked").itemLong()).isEqualTo(3);
    }

    @Test
    void the_function_needs_statistics_or_training() {
        Tensor x = Tensor.of(new float[] {1, 2, 3, 5, 4, 1, 0, 2}, 4, 2);
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> F.batchNorm(x, null, null, o -> {}))
                .withMessageContaining("running_mean must be defined");
        Tensor y = F.batchNorm(x, null, null, o -> o.training = true);
        assertClose("mean", y.mean(0).toDoubles(), new double[2], 0, 1e-5);
    }

    @Test
    void reset_statistics_are_those_of_a_new_layer() {
        BatchNorm1d norm = new BatchNorm1d(2);
        norm.forward(Tensor.randn(8, 2));
        norm.resetRunningStats();
        Map<String, Buffer> fresh = new BatchNorm1d(2).namedBuffers();
        norm.namedBuffers()
                .forEach((name, buffer) ->
                        assertThat(buffer.equal(fresh.get(name))).isTrue());
        new BatchNorm1d(2, o -> o.trackRunningStats = false).resetRunningStats();
    }

    @Test
    void refreshed_statistics_are_the_plain_average_of_one_pass_and_modes_stay() {
        BatchNorm1d norm = new BatchNorm1d(1);
        Module model = Sequential.of(norm, new Dropout(0.5));
        norm.forward(Tensor.of(new float[] {100, 200}, 2, 1));
        norm.setTraining(false);
        BatchNorm.refresh(model, () -> {
            assertThat(NoGrad.gradIsEnabled()).isFalse();
            for (float mean : new float[] {1, 2, 6}) {
                model.forward(Tensor.of(new float[] {mean - 1, mean + 1}, 2, 1));
            }
        });
        Map<String, Buffer> buffers = norm.namedBuffers();
        assertClose("mean", buffers.get("running_mean").toDoubles(), new double[] {3}, 1e-6, 0);
        assertClose("var", buffers.get("running_var").toDoubles(), new double[] {2}, 1e-6, 0);
        assertThat(norm.isTraining()).isFalse();
        assertThat(model.isTraining()).isTrue();
        norm.setTraining(true);
        norm.forward(Tensor.of(new float[] {12, 14}, 2, 1));
        assertClose("momentum again", buffers.get("running_mean").toDoubles(), new double[] {4}, 1e-6, 0);
    }

    @Test
    void a_pass_that_fails_restores_the_modes_and_a_model_without_norms_needs_none() {
        Module model = Sequential.of(new BatchNorm1d(1), new Dropout(0.5));
        assertThatExceptionOfType(TensorException.class)
                .isThrownBy(() -> BatchNorm.refresh(model, () -> model.forward(Tensor.ones(2, 7))));
        assertThat(model.namedModules().values()).allMatch(Module::isTraining);
        assertThat(NoGrad.gradIsEnabled()).isTrue();
        BatchNorm.refresh(new Dropout(), () -> {
            throw new AssertionError("nothing to do");
        });
    }
}
