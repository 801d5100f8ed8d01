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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossesTest {
    private final Tensor scores = Tensor.randn(5, 3);

    private static AbstractThrowableAssert<?, ?> assertRefused(Loss loss, Tensor pred, Tensor target) {
        return assertThatThrownBy(() -> loss.apply(pred, target)).isInstanceOf(TensorException.class);
    }

    @Test
    void labels_that_are_floats_are_refused_with_the_cure() {
        for (Loss loss : List.of(Losses.crossEntropy(), Losses.nll(), Losses.focal(), Losses.dice())) {
            assertRefused(loss, scores, Tensor.of(new float[] {0, 1, 2, 0, 1}))
                    .hasMessageContaining("wanted labels int64[5] for the prediction float32[5, 3], but got float32[5]")
                    .hasMessageEndingWith("target.to(DType.INT64)");
        }
    }

    @Test
    void a_label_out_of_range_is_named_with_its_place() {
        for (Loss loss : List.of(Losses.crossEntropy(), Losses.nll(), Losses.focal())) {
            assertRefused(loss, scores, Tensor.of(new long[] {0, -100, 3, 0, 1}))
                    .hasMessageEndingWith("wanted values from 0 to 2, but element 2 of int64[5] is 3");
        }
        assertRefused(Losses.crossEntropy(o -> o.labelSmoothing = 0.1), scores, Tensor.of(new long[] {0, 1, 2, 0, -1}))
                .hasMessageContaining("element 4 of int64[5] is -1");
        assertRefused(Losses.dice(), scores, Tensor.of(new long[] {0, 1, 3, 0, 1}))
                .hasMessageEndingWith("wanted values from 0 to 2, but element 2 of int64[5] is 3");
        assertRefused(Losses.dice(), scores, Tensor.of(new long[] {0, 1, 2, 0, -1}))
                .hasMessageContaining("element 4 of int64[5] is -1");
        Loss last = Losses.crossEntropy(o -> o.classesLast = true);
        assertRefused(last, Tensor.zeros(2, 4, 3), Tensor.full(DType.INT64, 3, 2, 4))
                .hasMessageContaining("wanted values from 0 to 2, but element 0 of int64[2, 4] is 3");
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
        assertRefused(Losses.crossEntropy(), Tensor.scalar(1), Tensor.scalar(1));
        assertRefused(Losses.dice(), Tensor.zeros(3), Tensor.zeros(DType.INT64))
                .hasMessageContaining("diceLoss: wanted a prediction [N, *]");
        assertRefused(Losses.dice(), Tensor.zeros(2), Tensor.zeros(DType.INT64, 2))
                .hasMessageContaining("wanted labels int64[]");
        assertRefused(Losses.crossEntropy(o -> o.classesLast = true), Tensor.zeros(2, 4, 3), Tensor.zeros(2, 3, 4))
                .hasMessageContaining("same shape");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1.5, Double.NaN, Double.POSITIVE_INFINITY})
    void a_prediction_that_is_no_probability_is_named_with_its_place(double wrong) {
        assertRefused(Losses.bce(), Tensor.of(new double[] {0, 1, wrong, 0.5}), Tensor.zeros(DType.FLOAT64, 4))
                .hasMessageContaining("bce: wanted probabilities from 0 to 1, but element 2 of float64[4] is " + wrong)
                .hasMessageContaining("bceWithLogits");
    }

    static List<Loss> losses_of_numbers() {
        return List.of(
                Losses.mse(), Losses.l1(), Losses.smoothL1(), Losses.huber(), Losses.bce(), Losses.bceWithLogits());
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
        assertWrong("delta", () -> Losses.huber(o -> o.delta = 0));
        assertWrong("labelSmoothing", () -> Losses.crossEntropy(o -> o.labelSmoothing = 1.1));
        assertWrong("labelSmoothing", () -> Losses.labelSmoothing(-0.1));
        assertWrong("reduction", () -> Losses.mse(o -> o.reduction = null));
        assertWrong("gamma", () -> Losses.focal(o -> o.gamma = -1));
        assertWrong("beta", () -> Losses.smoothL1(o -> o.beta = 0));
        assertWrong("smooth", () -> Losses.dice(o -> o.smooth = -1e-6));
        assertWrong("threshold", () -> Losses.bce(o -> o.threshold = 1.1));
        assertWrong("threshold", () -> Losses.bceWithLogits(o -> o.threshold = Double.NaN));
        assertWrong("gamma", () -> F.focalLoss(scores, Tensor.zeros(DType.INT64, 5), o -> o.gamma = Double.NaN));
    }

    private static void assertWrong(String option, ThrowingCallable call) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageContaining("wanted " + option + " to be");
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
                F.bce(scores.sigmoid(), scores.sigmoid(), o -> o.weight = weight);
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

    @Test
    void the_focal_loss_without_focus_is_cross_entropy() {
        Tensor labels = Tensor.of(new long[] {0, -100, 2, 0, 1});
        Tensor plain = F.focalLoss(scores, labels, o -> o.gamma = 0);
        assertClose("ignoring as it does", plain, F.crossEntropy(scores, labels), 1e-6, 0);
        assertThat(F.focalLoss(scores, labels).item()).isLessThan(plain.item());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.5, 1, 2})
    void the_focal_loss_of_what_is_certain_or_ignored_has_gradient_0(double gamma) {
        Tensor x = Tensor.of(new float[] {1000, -1000, 0, 0}, 2, 2).requiresGrad_(true);
        F.focalLoss(x, Tensor.of(new long[] {0, -100}), o -> o.gamma = gamma).backward();
        assertThat(x.grad().abs().toFloats()).containsOnly(0);
    }

    /** By hand: class 0 has p = (1, ½) and t = (1, 0), class 1 p = (0, ½) and t = (0, 1). */
    @Test
    void the_dice_loss_is_one_less_the_overlap_of_each_class() {
        Tensor x = Tensor.of(new double[] {1000, 0, -1000, 0}, 1, 2, 2);
        Tensor labels = Tensor.of(new long[] {0, 1}, 1, 2);
        Tensor each = F.diceLoss(x, labels, o -> {
            o.smooth = 0;
            o.reduction = Reduction.NONE;
        });
        assertThat(each.shape()).containsExactly(1, 2);
        assertClose("2·1/2.5 and 2·½/1.5", each.toDoubles(), new double[] {0.2, 1 / 3.0}, 1e-12, 0);
        Tensor squared = F.diceLoss(x, labels, o -> {
            o.squareInUnion = true;
            o.smooth = 1;
            o.reduction = Reduction.SUM;
        });
        double want = (1 - 3 / 3.25) + (1 - 2 / 2.25);
        assertClose("squared, smooth", squared.toDoubles(), new double[] {want}, 1e-12, 0);
        assertThat(F.diceLoss(Tensor.of(new float[] {1000, 0}, 1, 2), Tensor.of(new long[] {0}))
                        .item())
                .as("of a class that does not occur and is not predicted")
                .isZero();
    }

    @Test
    void the_dice_loss_finds_classes_that_come_last() {
        Tensor x = Tensor.randn(2, 3, 4, 5);
        Tensor labels = x.argmax(1);
        Tensor last = F.diceLoss(x.permute(0, 2, 3, 1), labels, o -> o.classesLast = true);
        assertClose("the same", last, F.diceLoss(x, labels), 1e-6, 0);
    }

    @Test
    void the_smooth_L1_loss_is_the_huber_loss_over_delta() {
        Tensor y = Tensor.randn(5, 3);
        Tensor huber = F.huberLoss(scores, y, o -> o.delta = 0.3);
        assertClose("beta 0.3", F.smoothL1Loss(scores, y, o -> o.beta = 0.3).mul(0.3), huber, 1e-5, 0);
        assertClose("beta 1", F.smoothL1Loss(scores, y), F.huberLoss(scores, y), 1e-6, 0);
    }

    @Test
    void binary_cross_entropy_of_sigmoids_is_that_of_scores() {
        Tensor y = Tensor.rand(5, 3);
        assertClose("bce", F.bce(scores.sigmoid(), y), F.bceWithLogits(scores, y), 1e-5, 0);
        assertThat(F.bce(Tensor.zeros(0), Tensor.zeros(0), o -> o.reduction = Reduction.SUM)
                        .item())
                .isZero();
    }

    @Test
    void label_smoothing_is_an_option_of_cross_entropy() {
        Tensor labels = Tensor.of(new long[] {0, 1, 2, 0, 1});
        Tensor want = F.crossEntropy(scores, labels, o -> o.labelSmoothing = 0.1);
        assertClose("0.1", Losses.labelSmoothing(0.1).apply(scores, labels), want, 0, 0);
    }
}
