package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Module;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.NoGrad;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Scope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Cancel;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import dev.cadenza.train.Outcome;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A callback that fails, at any event and at any place among the others, leaves everything as it was before the fit. */
class InjectionTest {
    /** Those that change modes, batches, losses, loaders, hooks, weights or gradients, all at once. */
    private static Callback[] busy() {
        Map<String, java.util.function.Supplier<Callback>> all = Shipped.all();
        return Stream.of(
                        "MixUp",
                        "RandomErasing",
                        "RNNRegularizer",
                        "ModelResetter",
                        "BnFreeze",
                        "MCDropout",
                        "WeightAverage.ema",
                        "ProgressiveResizing",
                        "ActivationStats",
                        "GradientAccumulation",
                        "GradientStats",
                        "GradientClip",
                        "MixedPrecision.fp16",
                        "ChannelsLast",
                        "SaveBest",
                        "GatherPreds")
                .map(name -> all.get(name).get())
                .toArray(Callback[]::new);
    }

    /** Leaves each span once by its own Cancel, so that all 22 events are played. */
    private static final class LeavesEachSpanOnce implements Callback {
        private final List<String> left = new ArrayList<>();

        /** Last, so that all others have seen what it leaves: brackets close only for them. */
        @Override
        public double order() {
            return 95;
        }

        private void once(Cancel cancel) {
            String span = cancel.span().name();
            if (!left.contains(span)) {
                left.add(span);
                throw cancel;
            }
        }

        @Override
        public void beforeStep(Learner learn) {
            once(Cancel.step("test"));
        }

        @Override
        public void beforeBatch(Learner learn) {
            if (learn.epoch() == 1) {
                once(Cancel.batch("test"));
            }
            if (learn.epoch() == 2 && learn.training()) {
                once(Cancel.train("test"));
            }
            if (learn.epoch() == 3 && !learn.training()) {
                once(Cancel.validate("test"));
            }
            if (learn.epoch() == 4) {
                once(Cancel.epoch("test"));
            }
            if (learn.epoch() == 5) {
                once(Cancel.fit("test"));
            }
        }
    }

    /** A callback that fails at one event, the second time where it is played more than once. */
    private static Callback failing(Event event) {
        int[] plays = {0};
        return Callback.on(event, l -> {
            if (++plays[0] == 2
                    || event.name().contains("CANCEL")
                    || event.name().endsWith("FIT")) {
                throw new IllegalStateException("injected");
            }
        });
    }

    private static long hooks(Module module) {
        try {
            Field field = Module.class.getDeclaredField("hooks");
            field.setAccessible(true);
            return ((Collection<?>) field.get(module)).size();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    static Stream<Arguments> places() {
        return Stream.of(Event.values()).flatMap(event -> Stream.of(0, 7, 15).map(place -> Arguments.of(event, place)));
    }

    @ParameterizedTest(name = "{0}, place {1}")
    @MethodSource("places")
    void a_failure_leaves_modes_autocast_loss_loaders_hooks_and_memory_as_they_were(Event event, int place) {
        try (Scope outer = Scope.open()) {
            Learner learn = Shipped.learner();
            Loss loss = learn.lossFunction();
            DataLoaders data = learn.data();
            learn.model().eval();
            learn.fit(1); // makes the optimizer's state
            Callback[] busy = busy();
            fail(learn, busy, event, place); // what is kept on purpose, such as the best weights, is there from now on
            long alive = Engine.liveObjects();
            fail(learn, busy, event, place);
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
            assertThat(learn.lossFunction()).isSameAs(loss);
            assertThat(learn.data()).isSameAs(data);
            assertThat(learn.model().namedModules().values()).noneMatch(Module::isTraining);
            assertThat(learn.model().namedModules().values()).allMatch(module -> hooks(module) == 0);
            assertThat(learn.model().parameters()).allMatch(Parameter::requiresGrad);
            assertThat(torch.is_autocast_enabled(torch.DeviceType.CPU)).isFalse();
            assertThat(NoGrad.gradIsEnabled()).isTrue();
        }
    }

    private static void fail(Learner learn, Callback[] busy, Event event, int place) {
        List<Callback> players = new ArrayList<>(List.of(busy));
        players.add(new LeavesEachSpanOnce());
        players.add(place, failing(event));
        assertThat(catchThrowable(() -> learn.fit(6, players.toArray(Callback[]::new))))
                .as("%s is played", event)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("injected")
                .hasNoSuppressedExceptions();
        assertThat(learn.outcome().kind()).isEqualTo(Outcome.Kind.FAILED);
    }
}
