package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.DataLoaders;
import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Dropout;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Module;
import dev.cadenza.nn.Sequential;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** BnFreeze and MCDropout, which change the modes of some modules. */
@ExtendWith(InScope.class)
class ModesTest {
    private final Linear first = new Linear(1, 6);
    private final BatchNorm1d norm = new BatchNorm1d(6);
    private final Dropout dropout = new Dropout(0.5);
    private final Module model = Sequential.of(first, Sequential.of(norm, dropout), new Linear(6, 1));

    private Learner learner() {
        Rng.global().seed(3);
        DataLoaders data = TinyProblem.learner().data();
        return new Learner(data, model, Losses.mse()).optimizer(Optimizers.sgd(o -> o.lr = 0.01));
    }

    private List<Boolean> modes() {
        return Stream.of(model, first, norm, dropout).map(Module::isTraining).toList();
    }

    private static Callback failing(Event event) {
        return Callback.on(event, l -> {
            throw new IllegalStateException("test");
        });
    }

    private Map<String, double[]> statistics() {
        return Map.of(
                "mean", norm.namedBuffers().get("running_mean").toDoubles(),
                "var", norm.namedBuffers().get("running_var").toDoubles());
    }

    @Test
    void frozen_batch_norms_keep_their_statistics_and_train_their_weights() {
        Learner learn = learner();
        learn.fit(1);
        Map<String, double[]> before = statistics();
        double[] weight = norm.weight().toDoubles();
        learn.fit(
                2,
                new BnFreeze(),
                Callback.on(
                        Event.AFTER_LOSS,
                        l -> assertThat(modes()).isEqualTo(List.of(l.training(), l.training(), false, l.training()))));
        assertThat(statistics().get("mean")).isEqualTo(before.get("mean"));
        assertThat(statistics().get("var")).isEqualTo(before.get("var"));
        assertThat(norm.weight().toDoubles()).isNotEqualTo(weight);
        assertThat(modes()).containsOnly(true);
        learn.fit(1);
        assertThat(statistics().get("mean")).isNotEqualTo(before.get("mean"));
    }

    @Test
    void dropout_drops_while_validating_and_each_validation_differs_by_the_seed() {
        Learner learn = learner();
        double plain = learn.validate().get("valid_loss");
        assertThat(learn.validate().get("valid_loss")).isEqualTo(plain);
        Callback sees =
                Callback.on(Event.AFTER_LOSS, l -> assertThat(modes()).isEqualTo(List.of(false, false, false, true)));
        Rng.global().seed(1);
        double one = learn.validate(new MCDropout(), sees).get("valid_loss");
        Rng.global().seed(2);
        double two = learn.validate(new MCDropout(), sees).get("valid_loss");
        assertThat(one).isNotEqualTo(plain).isNotEqualTo(two);
        learn.fit(
                1,
                new MCDropout(),
                Callback.on(Event.AFTER_EPOCH, l -> assertThat(modes()).containsOnly(false)));
        assertThat(modes()).containsOnly(true);
    }

    @Test
    void a_failure_restores_the_modes() {
        Learner learn = learner();
        first.setTraining(false);
        List<Boolean> before = modes();
        for (Event event : List.of(Event.BEFORE_TRAIN, Event.AFTER_LOSS, Event.BEFORE_VALIDATE, Event.AFTER_VALIDATE)) {
            assertThatThrownBy(() -> learn.fit(1, new BnFreeze(), new MCDropout(), failing(event)))
                    .hasMessage("test");
            assertThat(modes()).as(event.name()).isEqualTo(before);
        }
    }
}
