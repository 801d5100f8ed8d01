package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.data.Offset.offset;

import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class GanTurnsTest {
    /** Who plays when these are the losses, C or G for each. */
    private static String played(GanTurns turns, double... losses) {
        GanScore score = new GanScore();
        return DoubleStream.of(losses)
                .mapToObj(loss -> {
                    score.begin(turns);
                    String side = score.generates() ? "G" : "C";
                    score.end(loss);
                    return side;
                })
                .collect(Collectors.joining());
    }

    @Test
    void fixed_turns_alternate_by_batches_and_the_critic_begins() {
        double[] anyLosses = new double[8];
        assertThat(played(GanTurns.fixed(1, 1), anyLosses)).isEqualTo("CGCGCGCG");
        assertThat(played(GanTurns.fixed(2, 1), anyLosses)).isEqualTo("CCGCCGCC");
        assertThat(played(GanTurns.fixed(1, 3), anyLosses)).isEqualTo("CGGGCGGG");
    }

    @Test
    void adaptive_turns_end_when_the_loss_of_the_side_is_below_its_threshold() {
        assertThat(played(GanTurns.adaptive(0.5, 1), 0.9, 0.5, 0.4, 1.5, 0.9, 0.6))
                .isEqualTo("CCCGGC");
    }

    @Test
    void a_loss_that_is_no_number_does_not_end_an_adaptive_turn() {
        assertThat(played(GanTurns.adaptive(0.5, 1), Double.NaN, 0.4, 0)).isEqualTo("CCG");
    }

    @Test
    void an_infinite_threshold_ends_a_turn_after_one_batch() {
        assertThat(played(GanTurns.adaptive(Double.POSITIVE_INFINITY, 1), 9, 9, 9, 0.5, 9))
                .isEqualTo("CGGGC");
    }

    @Test
    void turns_of_your_own_are_asked_with_what_was_played() {
        assertThat(played(turn -> turn.batches() >= 2 || turn.loss() < 0.5, 1, 1, 0.4, 1, 1, 1))
                .isEqualTo("CCGCCG");
        assertThat(played(turn -> true, 1, 1, 1))
                .as("the first turn is not over before it began")
                .isEqualTo("CGC");
    }

    @Test
    void turns_of_no_batch_and_thresholds_that_are_no_numbers_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GanTurns.fixed(0, 1))
                .withMessage("wanted turns of 1 batch or more, but got 0 for the critic and 1 for the generator");
        assertThatIllegalArgumentException().isThrownBy(() -> GanTurns.fixed(1, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> GanTurns.adaptive(0.5, Double.NaN))
                .withMessageContaining("NaN for the generator");
    }

    @Test
    void losses_of_a_side_are_averaged_with_weight_for_the_last_ones_and_no_bias_to_zero() {
        GanScore score = new GanScore();
        assertThat(score.critic.value()).isNaN();
        score.end(3);
        assertThat(score.critic.value()).isEqualTo(3);
        score.end(1);
        assertThat(score.critic.value()).isEqualTo((0.98 * 3 + 1) / 1.98, offset(1e-12));
        assertThat(score.generator.value()).isNaN();
    }
}
