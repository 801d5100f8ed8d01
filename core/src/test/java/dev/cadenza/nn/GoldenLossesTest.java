package dev.cadenza.nn;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every loss gives PyTorch's values and gradients, also for extreme scores. */
class GoldenLossesTest {
    private static final String FILE = "metrics_losses.json";
    private static final double RTOL = 1e-9;
    private static final double ATOL = 1e-12;

    @TestFactory
    Stream<DynamicTest> losses_match_PyTorch() {
        return Golden.maps(Golden.read(FILE).get("losses")).stream()
                .map(golden -> dynamicTest((String) golden.get("id"), () -> check(golden)));
    }

    private static void check(Map<String, Object> golden) {
        try (Scope scope = Scope.open()) {
            Tensor input = Golden.tensor(golden.get("input")).requiresGrad_(true);
            Tensor loss = loss(golden).apply(input, Golden.tensor(golden.get("target")));
            Object value = golden.get("value");
            double[] want = value instanceof Map ? Golden.tensor(value).toDoubles() : new double[] {(Double) value};
            assertClose("loss", loss.toDoubles(), want, RTOL, ATOL);
            loss.sum().backward();
            assertClose("gradient", input.grad(), Golden.tensor(golden.get("grad_input")), RTOL, ATOL);
        }
    }

    /** The loss of a case. */
    private static Loss loss(Map<String, Object> golden) {
        Map<String, Object> args = Golden.map(golden.get("args"));
        String reduction = (String) args.getOrDefault("reduction", "mean");
        Reduction how = Reduction.valueOf(reduction.toUpperCase(Locale.ROOT));
        return switch (name(golden).replaceFirst("^cross_entropy.*(?<!flat_seq)$", "cross_entropy")) {
            case "cross_entropy", "fastai_label_smoothing" -> Losses.crossEntropy(o -> fill(o, golden, args, how));
            case "cross_entropy_flat_seq" -> Losses.crossEntropy(o -> o.classesLast = true);
            case "focal_gamma1.0", "focal_gamma2.0", "focal_weight" ->
                Losses.focal(o -> {
                    o.gamma = Golden.number(args.get("gamma"));
                    o.weight = tensor(golden, "weight");
                    o.reduction = how;
                });
            case "nll_loss", "nll_loss_weight" ->
                Losses.nll(o -> {
                    o.weight = tensor(golden, "weight");
                    o.reduction = how;
                });
            case "seed_nll_softmax_preds" -> (pred, target) -> F.nllLoss(pred.log(), target);
            case "bce_with_logits", "bce_with_logits_weight_posweight", "bce_logits_flat" ->
                Losses.bceWithLogits(o -> {
                    o.weight = tensor(golden, "weight");
                    o.posWeight = tensor(golden, "pos_weight");
                    o.reduction = how;
                });
            case "bce" -> Losses.bce(o -> o.reduction = how);
            case "mse" -> Losses.mse(o -> o.reduction = how);
            case "mse_flat" -> (pred, target) -> F.mseLoss(pred.squeeze(1), target);
            case "l1" -> Losses.l1(o -> o.reduction = how);
            case "smooth_l1_beta" ->
                Losses.smoothL1(o -> {
                    o.beta = Golden.number(args.get("beta"));
                    o.reduction = how;
                });
            case "huber_delta" ->
                Losses.huber(o -> {
                    o.delta = Golden.number(args.get("delta"));
                    o.reduction = how;
                });
            default -> throw new AssertionError("a loss that Cadenza does not have: " + golden.get("id"));
        };
    }

    private static String name(Map<String, Object> golden) {
        return ((String) golden.get("id")).replaceFirst("/.*", "");
    }

    private static void fill(
            LossOptions.CrossEntropy o, Map<String, Object> golden, Map<String, Object> args, Reduction how) {
        o.reduction = how;
        o.weight = tensor(golden, "weight");
        o.ignoreIndex = ((Number) args.getOrDefault("ignore_index", -100)).longValue();
        o.labelSmoothing = Golden.number(args.getOrDefault("label_smoothing", args.getOrDefault("eps", 0)));
    }

    private static Tensor tensor(Map<String, Object> golden, String key) {
        return golden.get(key) == null ? null : Golden.tensor(golden.get(key));
    }

    @TestFactory
    Stream<DynamicTest> extreme_scores_give_what_PyTorch_gives() {
        return Golden.maps(Golden.read(FILE).get("extreme")).stream()
                .filter(golden -> golden.containsKey("logsumexp"))
                .map(golden -> dynamicTest((String) golden.get("id"), () -> checkSoftmax(golden)));
    }

    private static void checkSoftmax(Map<String, Object> golden) {
        try (Scope scope = Scope.open()) {
            Tensor x = Golden.tensor(golden.get("input"));
            double rtol = x.dtype() == DType.FLOAT32 ? 1e-5 : RTOL;
            assertClose("logsumexp", x.logsumexp(-1), Golden.tensor(golden.get("logsumexp")), rtol, ATOL);
            assertClose("logSoftmax", F.logSoftmax(x, -1), Golden.tensor(golden.get("log_softmax")), rtol, ATOL);
            assertClose("softmax", F.softmax(x, -1), Golden.tensor(golden.get("softmax")), rtol, ATOL);
        }
    }

    @Test
    void losses_at_extreme_scores_are_finite_and_right() {
        List<Map<String, Object>> extreme = Golden.maps(Golden.read(FILE).get("extreme"));
        assertThat(extreme)
                .extracting(golden -> golden.get("id"))
                .containsExactly(
                        "finite",
                        "minus_inf",
                        "float32",
                        "cross_entropy_at_extremes",
                        "bce_with_logits_at_extremes",
                        "bce_clamps_log_at_minus_100");
        try (Scope scope = Scope.open()) {
            Map<String, Object> ce = extreme.get(3);
            Tensor input = Golden.tensor(ce.get("input")).requiresGrad_(true);
            Tensor loss = F.crossEntropy(input, Tensor.of(Golden.longs(ce.get("target"))));
            loss.backward();
            assertClose("loss", loss.toDoubles(), new double[] {(Double) ce.get("value")}, RTOL, ATOL);
            assertClose("gradient", input.grad(), Golden.tensor(ce.get("grad_input")), RTOL, ATOL);

            Map<String, Object> bce = extreme.get(4);
            Tensor x = Golden.tensor(bce.get("input"));
            Tensor y = Golden.tensor(bce.get("target"));
            Tensor none = F.bceWithLogits(x, y, o -> o.reduction = Reduction.NONE);
            assertClose("none", none, Golden.tensor(bce.get("none")), RTOL, ATOL);
            assertClose("mean", F.bceWithLogits(x, y).toDoubles(), new double[] {(Double) bce.get("mean")}, RTOL, ATOL);

            Map<String, Object> clamped = extreme.get(5);
            Tensor p = Golden.tensor(clamped.get("input"));
            Tensor atMost100 = F.bce(p, Golden.tensor(clamped.get("target")), o -> o.reduction = Reduction.NONE);
            assertClose("clamped", atMost100, Golden.tensor(clamped.get("none")), RTOL, ATOL);
        }
    }
}
