package dev.cadenza.vision;

import static dev.cadenza.vision.SmallNets.copy;
import static dev.cadenza.vision.SmallNets.data;
import static dev.cadenza.vision.SmallNets.small;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.cadenza.nn.BatchNorm;
import dev.cadenza.nn.Conv2d;
import dev.cadenza.nn.Module;
import dev.cadenza.optim.Optimizers;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Learner;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Learners for images that begin with weights of another training. */
@ExtendWith(InScope.class)
class PretrainedTest {
    @Test
    void without_weights_nothing_is_frozen_and_with_weights_all_of_the_body_but_batch_norms() {
        Learner fresh = VisionLearner.of(data(3), small(3));
        assertThat(fresh.model().parameters()).allMatch(Tensor::requiresGrad);

        Map<String, Tensor> weights = copy(small(7).stateDict());
        Learner tuned = VisionLearner.of(data(3), small(3), o -> o.pretrained = weights);
        Module body = tuned.model().namedChildren().get("0");
        assertThat(body.namedParameters().get("0.0.weight").equal(weights.get("prep.0.weight")))
                .isTrue();
        Map<String, Tensor> before = copy(body.stateDict());
        tuned.fit(1, 1e-2);
        body.namedModules().forEach((name, module) -> {
            if (module instanceof Conv2d conv) {
                assertThat(conv.weight().equal(before.get(name + ".weight")))
                        .as(name)
                        .isTrue();
            } else if (module instanceof BatchNorm norm) {
                assertThat(norm.weight().equal(before.get(name + ".weight")))
                        .as(name)
                        .isFalse();
                assertThat(norm.namedBuffers().get("running_mean").equal(before.get(name + ".running_mean")))
                        .as(name)
                        .isFalse();
            }
        });
        tuned.optimizer(Optimizers.sgd(o -> o.lr = 0.1));
        assertThat(body.namedParameters().get("0.0.weight").requiresGrad())
                .as("still frozen with another optimizer")
                .isFalse();
    }

    @Test
    void a_fine_tuned_body_learns() {
        Rng.global().seed(11);
        Map<String, Tensor> weights = copy(small(7).stateDict());
        Learner learn = VisionLearner.of(data(3), small(3), o -> o.pretrained = weights);
        double before = learn.validate().get("valid_loss");
        learn.fineTune(3, 1e-2, o -> {});
        assertThat(learn.recorder().lastEpoch().get("valid_loss")).isLessThan(0.5 * before);
        assertThat(learn.recorder().lastEpoch().get("accuracy")).isGreaterThan(0.6);
        assertThat(learn.model().parameters()).allMatch(Tensor::requiresGrad);
    }

    @Test
    void weights_of_another_number_of_classes_and_from_before_batches_were_counted_fit() {
        Map<String, Tensor> weights = copy(small(1000).stateDict());
        weights.keySet().removeIf(name -> name.endsWith("num_batches_tracked"));
        VisionLearner.of(data(3), small(3), o -> o.pretrained = weights);

        Map<String, Tensor> withoutHead = new HashMap<>(weights);
        withoutHead.remove("linear.weight");
        VisionLearner.of(data(3), small(3), o -> o.pretrained = withoutHead);
    }

    @Test
    void weights_that_are_missing_unknown_or_of_other_shapes_are_all_named_and_nothing_changes() {
        Map<String, Tensor> weights = copy(small(3).stateDict());
        weights.remove("prep.0.weight");
        weights.put("layers.0.0.0.weight", Tensor.zeros(1));
        weights.put("stem.weight", Tensor.zeros(1));
        Module arch = small(3);
        Map<String, Tensor> before = copy(arch.stateDict());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VisionLearner.of(data(3), arch, o -> o.pretrained = weights))
                .withMessageContaining("missing: prep.0.weight")
                .withMessageContaining("layers.0.0.0.weight: wanted")
                .withMessageContaining("unknown: stem.weight");
        assertThat(arch.stateDict())
                .allSatisfy((name, tensor) ->
                        assertThat(tensor.equal(before.get(name))).isTrue());
    }
}
