package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class CorpusBleuTest {
    private static final int VOCABULARY = 10;

    private final Metric bleu = Metrics.corpusBleu();

    @Test
    void what_is_right_has_1() {
        bleu.accumulate(says(1, 2, 3, 4, 5), tokens(1, 2, 3, 4, 5));
        assertThat(bleu.value()).isCloseTo(1, within(1e-12));
    }

    @Test
    void runs_are_counted_over_the_corpus() {
        bleu.accumulate(says(1, 2, 3, 4, 5, 6), tokens(1, 2, 3, 4, 5, 7)); // 5/6, 4/5, 3/4, 2/3
        bleu.accumulate(says(1, 2, 3, 4), tokens(1, 2, 3, 4)); // 4/4, 3/3, 2/2, 1/1
        assertThat(bleu.value()).isCloseTo(Math.pow(9 / 10.0 * 7 / 8.0 * 5 / 6.0 * 3 / 4.0, 0.25), within(1e-12));
    }

    @Test
    void a_token_said_too_often_counts_as_often_as_it_is_right() {
        bleu.accumulate(says(1, 1, 1, 1), tokens(1, 1, 2, 3)); // 2/4, 1/3, then nothing: 1/2 of 2, 1/4 of 1
        assertThat(bleu.value()).isCloseTo(Math.pow(2 / 4.0 * 1 / 3.0 * 0.5 / 2 * 0.25, 0.25), within(1e-12));
    }

    @Test
    void what_is_too_short_pays_for_it() {
        bleu.accumulate(says(1, 2, 3, 4), tokens(1, 2, 3, 4, 5, 6));
        assertThat(bleu.value()).isCloseTo(Math.exp(1 - 6 / 4.0), within(1e-12));
        bleu.reset();
        bleu.accumulate(says(1, 2, 3, 4, 5, 6), tokens(1, 2, 3, 4)); // too long pays in precision
        assertThat(bleu.value()).isCloseTo(Math.pow(4 / 6.0 * 3 / 5.0 * 2 / 4.0 * 1 / 3.0, 0.25), within(1e-12));
    }

    @Test
    void fewer_than_four_tokens_have_no_value() {
        bleu.accumulate(says(1, 2, 3), tokens(1, 2, 3));
        assertThat(bleu.value()).isNaN();
    }

    @Test
    void tokens_in_the_last_dimension_are_refused_with_a_cure() {
        Tensor wrong = Tensor.zeros(1, 5);
        assertThatThrownBy(() -> bleu.accumulate(wrong, tokens(1, 2, 3, 4, 5)))
                .isInstanceOf(TensorException.class)
                .hasMessage("corpus_bleu: wanted scores [N, tokens, length] and labels [N, length], but got"
                        + " float32[1, 5] and int64[1, 5]; if the tokens are last: pred.transpose(1, 2)");
    }

    private static Tensor says(int... tokens) {
        float[] scores = new float[VOCABULARY * tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            scores[tokens[i] * tokens.length + i] = 1;
        }
        return Tensor.of(scores, 1, VOCABULARY, tokens.length);
    }

    private static Tensor tokens(long... tokens) {
        return Tensor.of(tokens, 1, tokens.length);
    }
}
