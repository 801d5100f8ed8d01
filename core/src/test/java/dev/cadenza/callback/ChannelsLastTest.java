package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.optim.Optimizer;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.optim.Slot;
import dev.cadenza.tensor.Layout;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(InScope.class)
class ChannelsLastTest {
    private static final Optimizer.Factory MOMENTUM = Optimizers.sgd(o -> {
        o.lr = 0.05;
        o.mom = 0.9;
    });

    private static List<Parameter> weights(Learner learn) {
        return learn.model().parameters().stream().filter(p -> p.dim() == 4).toList();
    }

    private static Stream<Tensor> remembered(Learner learn) {
        return weights(learn).stream().flatMap(w -> learn.optimizer().state(w).values().stream());
    }

    /** A weight of 1 x 1 lies both ways. */
    private static void assertAsBefore(Learner learn) {
        assertThat(weights(learn)).hasSize(3).allMatch(Layout.CONTIGUOUS::holds);
        assertThat(remembered(learn)).allMatch(Layout.CONTIGUOUS::holds);
    }

    @Test
    void images_weights_gradients_and_averages_lie_channels_last_while_it_trains() {
        List<String> seen = new ArrayList<>();
        Learner learn = SmallConvNet.learner(new ChannelsLast(), Callback.on(Event.AFTER_STEP, l -> {
            assertThat(weights(l)).allMatch(Layout.CHANNELS_LAST::holds);
            assertThat(weights(l)).allMatch(w -> Layout.CHANNELS_LAST.holds(w.grad()));
            assertThat(remembered(l)).hasSize(6).allMatch(Layout.CHANNELS_LAST::holds);
            assertThat(Layout.CHANNELS_LAST.holds(l.batch().input())).isTrue();
            seen.add("step");
        }));
        learn.fit(2);
        assertThat(seen).hasSize(6);
        assertAsBefore(learn);
    }

    /** Averages that were made channels last go on after a fit without it, and the other way round. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fits_with_and_without_it_go_where_fits_without_it_go(boolean adam) {
        Optimizer.Factory optimizer = adam ? Optimizers.adam(o -> o.lr = 0.01) : MOMENTUM;
        Learner plain = SmallConvNet.learner(optimizer);
        Learner mixed = SmallConvNet.learner(optimizer);
        for (int fit = 0; fit < 3; fit++) {
            plain.fit(1);
            mixed.fit(1, fit % 2 == 0 ? new Callback[] {new ChannelsLast()} : new Callback[0]);
            assertAsBefore(mixed);
        }
        Map<String, Parameter> wanted = plain.model().namedParameters();
        mixed.model().namedParameters().forEach((name, p) -> {
            Tensor q = wanted.get(name);
            assertThat(p.allclose(q, 1e-3, adam ? 2e-4 : 1e-5))
                    .as("%s: %s, %s", name, p, q)
                    .isTrue();
        });
        assertClose("losses", mixed.recorder().losses(), plain.recorder().losses(), 1e-4, 1e-5);
    }

    @Test
    void the_averages_of_an_average_that_lies_otherwise_give_right_numbers() {
        Learner plain = SmallConvNet.learner(MOMENTUM);
        Learner mixed = SmallConvNet.learner(MOMENTUM);
        plain.fit(1);
        mixed.fit(1);
        weights(mixed).forEach(w -> {
            Tensor average = mixed.optimizer().state(w).get(Slot.GRAD_AVG.name());
            average.setData(Layout.CHANNELS_LAST.apply(average.detach()));
        });
        plain.fit(1);
        mixed.fit(1);
        assertClose("losses", mixed.recorder().losses(), plain.recorder().losses(), 1e-5, 1e-5);
    }

    @Test
    void a_validation_changes_nothing_to_the_bit() {
        Learner learn = SmallConvNet.learner(new ChannelsLast());
        learn.fit(1);
        String digest = learn.digest();
        learn.validate();
        assertThat(learn.digest()).isEqualTo(digest);
        assertAsBefore(learn);
    }

    private static Callback failing(Event event, RuntimeException how) {
        return Callback.on(event, l -> {
            throw how;
        });
    }

    @Test
    void weights_lie_as_before_after_a_failure_or_a_cancelled_fit() {
        for (Event event : new Event[] {Event.BEFORE_FIT, Event.AFTER_BACKWARD, Event.AFTER_STEP, Event.AFTER_EPOCH}) {
            Learner learn = SmallConvNet.learner(new ChannelsLast(), failing(event, new IllegalStateException("x")));
            assertThatThrownBy(() -> learn.fit(1)).hasMessage("x");
            assertAsBefore(learn);
            Learner cancelled = SmallConvNet.learner(new ChannelsLast(), failing(event, Cancel.fit("x")));
            cancelled.fit(1);
            assertAsBefore(cancelled);
        }
    }

    @Test
    void weights_that_lay_channels_last_before_stay_so() {
        Learner learn = SmallConvNet.learner(new ChannelsLast());
        weights(learn).forEach(w -> w.setData(Layout.CHANNELS_LAST.apply(w.detach())));
        learn.fit(1);
        assertThat(weights(learn)).allMatch(Layout.CHANNELS_LAST::holds);
    }

    @Test
    void it_goes_with_an_average_of_weights_clipping_accumulation_and_the_best_epoch() {
        Callback[] others = {
            WeightAverage.ema(0.5), GradientClip.norm(0.1), new GradientAccumulation(16), new SaveBest()
        };
        Callback[] same = {WeightAverage.ema(0.5), GradientClip.norm(0.1), new GradientAccumulation(16), new SaveBest()
        };
        Learner plain = SmallConvNet.learner(MOMENTUM, others);
        Learner with = SmallConvNet.learner(MOMENTUM, same);
        plain.fit(2);
        with.fit(2, new ChannelsLast());
        assertAsBefore(with);
        assertClose("losses", with.recorder().losses(), plain.recorder().losses(), 1e-4, 1e-5);
    }
}
