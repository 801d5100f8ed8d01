package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LossesTest {
    private final Tensor scores = Tensor.randn(5, 3);

    private static AbstractThrowableAssert<?, ?> assertRefused(Loss loss, Tensor pred, Tensor target) {
        return assertThatThrownBy(() -> loss.apply(pred, target)).isInstanceOf(TensorException.class);
    }

    @Test
    void labels_that_are_floats_are_refused_with_the_cure() {
        for (Loss loss : List.of(Losses.crossEntropy(), Losses.nll())) {
            assertRefused(loss, scores, Tensor.of(new float[] {0, 1, 2, 0, 1}))
                    .hasMessageContaining("wanted labels int64[5] for the prediction float32[5, 3], but got float32[5]")
                    .hasMessageEndingWith("target.to(DType.INT64)");
        }
    }

    @Test
    void a_label_out_of_range_is_named_with_its_place() {
        for (Loss loss : List.of(Losses.crossEntropy(), Losses.nll())) {
            assertRefused(loss, scores, Tensor.of(new long[] {0, -100, 3, 0, 1}))
                    .hasMessageEndingWith("wanted values from 0 to 2, but element 2 of int64[5] is 3");
        }
        assertRefused(Losses.crossEntropy(o -> o.labelSmoothing = 0.1), scores, Tensor.of(new long[] {0, 1, 2, 0, -1}))
                .hasMessageContaining("element 4 of int64[5] is -1");
    }

    @Test
    void labels_of_a_wrong_shape_are_refused_with_the_cure() {
        assertRefused(Losses.crossEntropy(), scores, Tensor.zeros(DType.INT64, 5, 1))
                .hasMessageContaining("target.squeeze(1)");
        assertRefused(Losses.crossEntropy(), Tensor.randn(2, 4, 7), Tensor.zeros(DType.INT64, 2, 4))
                .hasMessageContaining("wanted labels int64[2, 7]")
                .hasMessageContaining("o -> o.classesLast = true");
        assertRefused(Losses.crossEntropy(), scores, Tensor.zeros(5, 2)).hasMessageContaining("same shape");
        assertRefused(Losses.crossEntropy(), Tensor.scalar(1), Tensor.zeros(DType.INT64))
                .hasMessageContaining("[N, C]");
    }

    static List<Loss> losses_of_numbers() {
        return List.of(Losses.mse(), Losses.l1(), Losses.huber(), Losses.bceWithLogits());
    }

    @ParameterizedTest
    @MethodSource("losses_of_numbers")
    void a_target_that_would_be_broadcast_is_refused(Loss loss) {
        assertRefused(loss, Tensor.randn(5, 1), Tensor.randn(5))
                .hasMessageContaining("same shape as the prediction float32[5, 1], but got float32[5]")
                .hasMessageContaining("squeeze");
    }

    @ParameterizedTest
    @MethodSource("losses_of_numbers")
    void a_target_of_another_dtype_is_refused(Loss loss) {
        assertRefused(loss, Tensor.randn(5), Tensor.zeros(DType.INT64, 5))
                .hasMessageContaining("target.to(DType.FLOAT32)");
    }

    @Test
    void options_out_of_range_are_refused_where_they_are_given() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.huber(o -> o.delta = 0))
                .withMessageContaining("delta");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.crossEntropy(o -> o.labelSmoothing = 1.1))
                .withMessageContaining("labelSmoothing");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.mse(o -> o.reduction = null))
                .withMessageContaining("reduction");
    }

    @Test
    void class_weights_outlive_the_scope_in_which_they_were_made() {
        Loss loss;
        try (Scope scope = Scope.open()) {
            Tensor weight = Tensor.of(new float[] {1, 2, 3});
            loss = Losses.crossEntropy(o -> o.weight = weight);
        }
        assertThat(loss.apply(scores, Tensor.of(new long[] {0, 1, 2, 0, 1})).item())
                .isPositive();
    }

    @Test
    void functions_with_weights_keep_nothing_alive() {
        Tensor labels = Tensor.of(new long[] {0, 1, 2, 0, 1});
        Tensor weight = Tensor.of(new float[] {1, 2, 3});
        long before = Engine.liveObjects();
        for (int i = 0; i < 200; i++) {
            try (Scope scope = Scope.open()) {
                F.crossEntropy(scores, labels, o -> o.weight = weight);
                F.nllLoss(scores, labels, o -> o.weight = weight);
                F.bceWithLogits(scores, scores.sigmoid(), o -> o.posWeight = weight);
            }
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before); // less if GC finds some of other tests
    }

    @Test
    void activations_turn_scores_into_probabilities() {
        Tensor sums = Losses.crossEntropy().activation(Tensor.randn(2, 3, 4)).sum(1);
        assertClose("over classes", sums, Tensor.ones(2, 4), 1e-6, 0);
        assertClose(
                "of one sample",
                Losses.crossEntropy().activation(Tensor.randn(3)).sum(),
                Tensor.ones(1).squeeze(0),
                1e-6,
                0);
        assertThat(Losses.nll().activation(Tensor.zeros(1)).item()).isEqualTo(1);
        assertThat(Losses.bceWithLogits().activation(Tensor.zeros(1)).item()).isEqualTo(0.5);
        assertThat(Losses.mse().activation(scores)).isSameAs(scores);
    }

    @Test
    void a_loss_of_one_target_refuses_two() {
        Tensor x = Tensor.ones(2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.mse().apply(x, List.of(x, x)))
                .withMessageContaining("takes one target, but the batch has 2");
        assertThat(Losses.mse().apply(x, List.of(x)).item()).isZero();
    }

    @Test
    void functions_and_losses_are_the_same() {
        Tensor labels = Tensor.of(new long[] {0, 1, 2, 0, 1});
        Tensor logs = F.logSoftmax(scores, -1);
        Tensor y = Tensor.rand(5, 3);
        assertClose("ce = nll of log-softmax", F.crossEntropy(scores, labels), F.nllLoss(logs, labels), 1e-6, 0);
        assertClose("smoothing 0", F.crossEntropy(scores, labels, o -> {}), F.nllLoss(logs, labels, o -> {}), 1e-6, 0);
        assertClose("mse", F.mseLoss(scores, y), scores.sub(y).square().mean(), 1e-6, 0);
        assertClose(
                "l1",
                F.l1Loss(scores, y),
                F.l1Loss(scores, y, o -> o.reduction = Reduction.NONE).mean(),
                1e-6,
                0);
        assertClose(
                "sum",
                F.mseLoss(scores, y, o -> o.reduction = Reduction.SUM),
                F.mseLoss(scores, y).mul(15),
                1e-6,
                0);
        assertClose(
                "huber",
                F.huberLoss(scores, y, o -> o.delta = 1e6),
                F.mseLoss(scores, y).div(2),
                1e-6,
                0);
        assertClose(
                "small delta",
                F.huberLoss(scores, y).sign(),
                F.huberLoss(scores, y, o -> o.delta = 1e-3).sign(),
                0,
                0);
        Tensor byHand = y.mul(F.softplus(scores.neg()))
                .add(y.neg().add(1).mul(F.softplus(scores)))
                .mean();
        assertClose("bce", F.bceWithLogits(scores, y), byHand, 1e-5, 0);
        assertThat(Losses.crossEntropy()).hasToString("CrossEntropyLoss()");
    }
}
