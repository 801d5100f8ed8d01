package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Offset.offset;

import dev.cadenza.nn.BatchNorm1d;
import dev.cadenza.nn.Linear;
import dev.cadenza.nn.Sequential;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class GanTest {
    private final Linear generator = new Linear(3, 2);
    private final Linear critic = new Linear(2, 1);
    private final Gan gan = new Gan(generator, critic);
    private final Tensor noise = Tensor.randn(5, 3);
    private final Tensor real = Tensor.randn(5, 2);

    @Test
    void noise_alone_is_scored_as_fakes_with_gradients_for_both() {
        Tensor scores = gan.forward(noise);
        assertThat(scores.shape()).containsExactly(5, 1);
        assertThat(scores.equal(critic.forward(generator.forward(noise)))).isTrue();
        scores.sum().backward();
        assertThat(gan.parameters()).allMatch(Tensor::hasGrad);
    }

    @Test
    void noise_and_reals_are_scored_one_after_the_other_with_gradients_for_the_critic_only() {
        Tensor scores = gan.forward(List.of(noise, real));
        Tensor expected = Tensor.cat(List.of(critic.forward(generator.forward(noise)), critic.forward(real)), 0);
        assertClose("scores", scores, expected, 1e-6, 1e-6);
        scores.sum().backward();
        assertThat(critic.parameters()).allMatch(Tensor::hasGrad);
        assertThat(generator.parameters()).noneMatch(Tensor::hasGrad);
    }

    @Test
    void batch_norm_of_the_critic_does_not_see_fakes_and_reals_mixed() {
        Gan normed = new Gan(generator, Sequential.of(new BatchNorm1d(2)));
        Tensor scores = normed.forward(List.of(noise, real.add(100)));
        assertThat(scores.narrow(0, 0, 5).mean().item()).isCloseTo(0, offset(1e-4));
        assertThat(scores.narrow(0, 5, 5).mean().item()).isCloseTo(0, offset(1e-4));
    }

    @Test
    void the_state_names_both_sides() {
        assertThat(gan.stateDict().keySet())
                .containsExactly("generator.weight", "generator.bias", "critic.weight", "critic.bias");
    }

    @Test
    void other_numbers_of_inputs_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gan.forward(List.of(noise, real, real)))
                .withMessageContaining("3");
    }
}
