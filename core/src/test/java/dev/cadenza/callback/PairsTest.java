package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.architecture.CallbackTypes;
import dev.cadenza.tensor.Scope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Learner;
import dev.cadenza.train.PlanException;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every ordered pair of the callbacks that come with Cadenza trains, or is refused with a reason before it begins. */
class PairsTest {
    /** What every fit of this problem refuses: it has a recorder already, and its model is no GAN. */
    private static final Set<String> ALWAYS = Set.of("Recorder", "GanTrainer");

    /** Of each of these a fit takes one. */
    private static final List<Set<String>> ONE_OF = List.of(
            Set.of("MixUp", "CutMix"),
            Set.of("WeightAverage.ema", "WeightAverage.swa"),
            Set.of("ReduceLROnPlateau"),
            Set.of("ParamScheduler"),
            Set.of("SafeStep"),
            Set.of("Digests"),
            Set.of("MixedPrecision", "MixedPrecision.fp16"),
            Set.of("ChannelsLast"),
            Set.of("GradientAccumulation"));

    static Set<String> names() {
        return Shipped.all().keySet();
    }

    @Test
    void every_callback_that_is_shipped_is_among_the_pairs() {
        Set<String> here = Shipped.all().values().stream()
                .map(make -> make.get().getClass())
                .flatMap(type -> Arrays.asList(type, type.getSuperclass()).stream())
                .map(Class::getSimpleName)
                .collect(Collectors.toSet());
        assertThat(here).containsAll(CallbackTypes.publicOnes());
    }

    @Test
    void the_table_of_orders_is_true() throws IOException {
        String table = CallbackTypes.packageInfo();
        for (Supplier<Callback> make : Shipped.all().values()) {
            Callback callback = make.get();
            String row = String.format(
                    "<td>%.0f</td><td>{@link %s}",
                    callback.order(), callback.getClass().getName());
            if (callback.order() != 0 && Modifier.isPublic(callback.getClass().getModifiers())) {
                assertThat(table).contains(row);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void with_any_other_after_it_each_trains_or_is_refused_with_a_reason(String first) {
        Map<String, Supplier<Callback>> all = Shipped.all();
        List<String> refused = new ArrayList<>();
        all.forEach((second, make) -> {
            try (Scope scope = Scope.open()) {
                Learner learn = Shipped.learner();
                learn.fit(2, all.get(first).get(), make.get());
                assertThat(DoubleStream.of(learn.recorder().losses()))
                        .as("%s, %s", first, second)
                        .allMatch(Double::isFinite);
                assertThat(learn.model().parameters())
                        .allMatch(p -> p.isFinite().all().item() == 1);
            } catch (PlanException e) {
                assertThat(e.problems()).as("%s, %s", first, second).isNotEmpty();
                refused.add(second);
            }
        });
        assertThat(refused)
                .containsExactlyInAnyOrderElementsOf(all.keySet().stream()
                        .filter(second -> excluded(first, second))
                        .toList());
    }

    private static boolean excluded(String first, String second) {
        return ALWAYS.contains(first)
                || ALWAYS.contains(second)
                || ONE_OF.stream().anyMatch(names -> names.contains(first) && names.contains(second));
    }
}
