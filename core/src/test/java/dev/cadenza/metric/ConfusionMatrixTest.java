package dev.cadenza.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.metric.ConfusionMatrix.ClassScores;
import dev.cadenza.metric.ConfusionMatrix.Confusion;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class ConfusionMatrixTest {
    private final ConfusionMatrix matrix = new ConfusionMatrix(5);

    @BeforeEach
    void count() {
        matrix.add(labels(0, 1, 1, 2, 0), labels(0, 0, 1, 2, 2));
        matrix.add(labels(4, 2, 4, 1, 0).reshape(5, 1), labels(4, 4, 4, 1, 0).reshape(5, 1));
    }

    @Test
    void rows_are_what_is_right_and_columns_what_was_predicted() {
        assertThat(matrix.matrix()).isDeepEqualTo(new long[][] {
            {2, 1, 0, 0, 0}, {0, 2, 0, 0, 0}, {1, 0, 1, 0, 0}, {0, 0, 0, 0, 0}, {0, 0, 1, 0, 2}
        });
        assertThat(matrix.classes()).isEqualTo(5);
        assertThat(matrix.total()).isEqualTo(10);
    }

    @Test
    void the_matrix_that_is_returned_is_a_copy() {
        matrix.matrix()[0][0] = 99;
        assertThat(matrix.matrix()[0][0]).isEqualTo(2);
    }

    @Test
    void what_was_confused_most_comes_first_and_then_the_order_of_the_classes() {
        matrix.add(labels(2, 3), labels(4, 0));
        assertThat(matrix.mostConfused(1))
                .containsExactly(
                        new Confusion(4, 2, 2), new Confusion(0, 1, 1), new Confusion(0, 3, 1), new Confusion(2, 0, 1));
        assertThat(matrix.mostConfused(0)).isEqualTo(matrix.mostConfused(1));
        assertThat(matrix.mostConfused(2)).containsExactly(new Confusion(4, 2, 2));
        assertThat(matrix.mostConfused(3)).isEmpty();
    }

    @Test
    void each_class_has_its_scores() {
        assertThat(matrix.scores()).hasSize(5).contains(new ClassScores(3, 0, 0, 0, 0));
        ClassScores first = matrix.scores().get(1);
        assertThat(first.precision()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(first.recall()).isOne();
        assertThat(first.f1()).isCloseTo(0.8, within(1e-12));
        assertThat(first.support()).isEqualTo(2);
    }

    @Test
    void the_report_is_that_of_scikit_learn() {
        assertThat(matrix.report()).isEqualTo("""
                              precision    recall  f1-score   support

                           0       0.67      0.67      0.67         3
                           1       0.67      1.00      0.80         2
                           2       0.50      0.50      0.50         2
                           4       1.00      0.67      0.80         3

                    accuracy                           0.70        10
                   macro avg       0.71      0.71      0.69        10
                weighted avg       0.73      0.70      0.70        10
                """);
    }

    @Test
    void the_report_names_classes_and_makes_room_for_long_names() {
        assertThat(matrix.report("a", "b", "c", "d", "a rather long name").lines())
                .startsWith("                    precision    recall  f1-score   support", "")
                .contains("a rather long name       1.00      0.67      0.80         3")
                .noneMatch(line -> line.contains(" d "));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> matrix.report("a"))
                .withMessage("wanted the number of names to be 5, one for each class, or 0, but got: 1");
    }

    @Test
    void nothing_counted_is_an_empty_report() {
        assertThat(new ConfusionMatrix(2).report()).contains("accuracy").contains("         0\n");
        assertThat(new ConfusionMatrix(2).mostConfused(1)).isEmpty();
    }

    @Test
    void what_are_no_labels_of_these_classes_is_refused_and_nothing_counted() {
        assertThatThrownBy(() -> matrix.add(labels(0, 5), labels(0, 1)))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith(
                        "confusion matrix (predictions): wanted labels from 0 to 4, but element 1 of int64[2] is 5");
        assertThatThrownBy(() -> matrix.add(labels(0, 1), labels(0, -1)))
                .isInstanceOf(TensorException.class)
                .hasMessageStartingWith("confusion matrix (targets): wanted labels from 0 to 4");
        assertThatThrownBy(() -> matrix.add(Tensor.zeros(2, 5), labels(0, 1)))
                .isInstanceOf(TensorException.class)
                .hasMessage("confusion matrix: wanted predicted and right labels, integers of one shape, but got"
                        + " float32[2, 5] and int64[2]; for scores, add(scores.argmax(1), target)");
        assertThat(matrix.total()).isEqualTo(10);
    }

    @Test
    void there_must_be_some_classes_and_not_too_many() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ConfusionMatrix(0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ConfusionMatrix(60_000))
                .withMessage("wanted classes to be from 1 to 10000, but got: 60000");
    }

    private static Tensor labels(long... labels) {
        return Tensor.of(labels);
    }
}
