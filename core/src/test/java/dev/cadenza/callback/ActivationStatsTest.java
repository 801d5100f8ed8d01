package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.DataLoader;
import dev.cadenza.data.DataLoaders;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.nn.Activation;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class ActivationStatsTest {
    private final List<Tensor> outputs = new ArrayList<>();

    private Learner learner() {
        Rng.global().seed(1);
        Module model = Sequential.of(new Linear(4, 6), Activation.relu(), Sequential.of(new Linear(6, 1)));
        DataLoader loader =
                new DataLoader(new TensorDataset(Tensor.randn(40, 4), Tensor.randn(40, 1)), o -> o.batchSize = 10);
        return new Learner(new DataLoaders(loader, loader), model, Losses.mse());
    }

    @Test
    void it_tells_mean_deviation_and_share_near_zero_of_each_layer_in_training() {
        ActivationStats stats = new ActivationStats(o -> {
            o.every = 3;
            o.histogram = true;
            o.bins = 4;
            o.max = 2;
        });
        Learner learn = learner();
        Module relu = learn.model().namedModules().get("1");
        relu.onForward((module, inputs, output) -> {
            outputs.add(new dev.cadenza.tensor.Buffer(output));
            return output;
        });
        learn.fit(1, stats);
        assertThat(stats.names()).containsExactlyInAnyOrder("0", "1", "2.0");
        assertThat(stats.of("0")).extracting(ActivationStats.Stat::iteration).containsExactly(0, 3);
        ActivationStats.Stat first = stats.of("1").get(0);
        Tensor out = outputs.get(0);
        assertThat(first.mean()).isCloseTo(out.mean().item(), within(1e-6));
        assertThat(first.std()).isCloseTo(out.std(true).item(), within(1e-6));
        double[] values = out.toDoubles();
        long near =
                java.util.Arrays.stream(values).filter(v -> Math.abs(v) <= 0.05).count();
        assertThat(first.nearZero()).isCloseTo((double) near / values.length, within(1e-6));
        long low = java.util.Arrays.stream(values).filter(v -> v < 0.5).count();
        assertThat(first.histogram()).hasSize(4).startsWith(low);
    }

    @Test
    void training_ends_with_the_same_bits_and_without_hooks_also_when_it_fails() {
        Learner alone = learner();
        alone.fit(1);
        ActivationStats stats = new ActivationStats();
        Learner learn = learner();
        learn.fit(1, stats);
        assertThat(learn.digest()).isEqualTo(alone.digest());
        assertThatThrownBy(() -> learn.fit(1, stats, Callback.on(Event.AFTER_PRED, l -> {
                    throw new IllegalStateException("test");
                })))
                .hasMessage("test");
        int before = stats.of("0").size();
        learn.fit(1);
        assertThat(stats.of("0")).as("of the fit that failed, and no more").hasSize(before);
    }

    @Test
    void modules_can_be_chosen_and_unknown_names_are_errors_that_list_the_known() {
        ActivationStats stats = new ActivationStats(o -> o.modules = m -> m instanceof Activation);
        learner().fit(1, stats);
        assertThat(stats.names()).containsExactly("1");
        assertThatThrownBy(() -> stats.of("2")).hasMessage("there are no figures of a layer '2'; there is [1]");
    }

    @Test
    void options_out_of_range_are_refused() {
        assertThatThrownBy(() -> new ActivationStats(o -> o.every = 0))
                .hasMessage("wanted every to be 1 or more, but got: 0");
        assertThatThrownBy(() -> new ActivationStats(o -> o.bins = 0)).hasMessage("wanted 1 bin or more, but got: 0");
        assertThatThrownBy(() -> new ActivationStats(o -> o.max = Double.POSITIVE_INFINITY))
                .hasMessage("wanted a max above 0, but got: Infinity");
    }
}
