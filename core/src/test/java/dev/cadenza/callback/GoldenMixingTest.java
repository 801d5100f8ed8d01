package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.callback.CutMix.Box;
import dev.cadenza.callback.CutMix.Cut;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Reduction;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Mixing gives fastai's batches, losses and gradients for given shares and orders. */
@ExtendWith(InScope.class)
class GoldenMixingTest {
    private static final double RTOL = 1e-9;
    private static final double ATOL = 1e-12;

    private static List<Map<String, Object>> cases(String section) {
        return Golden.maps(Golden.read("metrics_losses.json").get(section));
    }

    private static Tensor weight(Map<String, Object> golden) {
        return Golden.tensor(golden.get("w")).requiresGrad_(true);
    }

    private static void assertLoss(Map<String, Object> golden, Tensor loss, String key) {
        assertClose("loss", loss.toDoubles(), new double[] {Golden.number(golden.get(key))}, RTOL, ATOL);
    }

    @Test
    void mixup_matches_fastai() {
        assertThat(cases("mixup")).hasSize(4).allSatisfy(GoldenMixingTest::checkMixUp);
    }

    private static void checkMixUp(Map<String, Object> golden) {
        double[] kept = Golden.tensor(golden.get("lam_raw")).toDoubles();
        for (int i = 0; i < kept.length; i++) {
            kept[i] = MixUp.larger(kept[i]);
        }
        assertClose("lam", Tensor.of(kept), Golden.tensor(golden.get("lam_used")), RTOL, ATOL);
        Tensor lam = Tensor.of(kept);
        Tensor perm = Tensor.of(Golden.longs(golden.get("perm")));
        Tensor x = Golden.tensor(golden.get("x"));
        Tensor mixed = Mixing.mix(x, x.indexSelect(0, perm), lam);
        assertClose("mixed", mixed, Golden.tensor(golden.get("xb_mixed")), RTOL, ATOL);
        Tensor w = weight(golden);
        Tensor pred = mixed.flatten(1).matmul(w);
        assertClose("pred", pred, Golden.tensor(golden.get("pred")), RTOL, ATOL);
        Tensor loss = lossOf(golden, pred, perm, lam);
        assertLoss(golden, loss, "value");
        loss.backward();
        assertClose("gradient", w.grad(), Golden.tensor(golden.get("grad_w")), RTOL, ATOL);
    }

    private static Tensor lossOf(Map<String, Object> golden, Tensor pred, Tensor perm, Tensor lam) {
        Tensor y = Golden.tensor(golden.get("y"));
        Tensor others = y.indexSelect(0, perm);
        Loss loss = loss(Golden.map(golden.get("loss")));
        if (!Inputs.isFloat(y)) {
            return new Mixing.Labels(y, others, lam).loss(loss, pred);
        }
        Tensor mixed = Mixing.mix(y, others, lam);
        assertClose("targets", mixed, Golden.tensor(golden.get("yb_mixed")), RTOL, ATOL);
        return loss.apply(pred, mixed);
    }

    private static Loss loss(Map<String, Object> golden) {
        String reduction = (String) golden.getOrDefault("reduction", "mean");
        Reduction how = Reduction.valueOf(reduction.toUpperCase(Locale.ROOT));
        return switch ((String) golden.get("fn")) {
            case "cross_entropy" -> Losses.crossEntropy(o -> o.reduction = how);
            case "fastai LabelSmoothingCrossEntropy" ->
                Losses.crossEntropy(o -> o.labelSmoothing = Golden.number(golden.get("eps")));
            case "mse" -> Losses.mse(o -> o.reduction = how);
            default -> throw new AssertionError("an unknown loss: " + golden);
        };
    }

    @Test
    void the_boxes_of_cutmix_match_newer_fastai() {
        assertThat(cases("cutmix_boxes")).hasSize(6).allSatisfy(golden -> {
            double lam = Golden.number(golden.get("lam"));
            Box box = box(golden, lam, whole(golden, "H"), whole(golden, "W"));
            assertThat(corners(box)).containsExactly(Golden.longs(golden.get("box_newer_rounding")));
        });
    }

    private static long whole(Map<String, Object> golden, String key) {
        return ((Number) golden.get(key)).longValue();
    }

    private static Box box(Map<String, Object> golden, double lam, long height, long width) {
        return new Box(Cut.around(whole(golden, "cy"), height, lam), Cut.around(whole(golden, "cx"), width, lam));
    }

    /** x1, y1, x2, y2. */
    private static long[] corners(Box box) {
        Cut x = box.columns();
        Cut y = box.rows();
        return new long[] {x.from(), y.from(), x.from() + x.length(), y.from() + y.length()};
    }

    /**
     * 2.0.2, which drew the boxes, takes the larger of lam and 1 - lam, as neither the paper nor newer versions do. It
     * truncates sides, pastes into the rows of x and the columns of y, and rounds lam to float32.
     */
    @Test
    void cutmix_matches_newer_fastai() {
        assertThat(cases("cutmix")).hasSize(3).allSatisfy(GoldenMixingTest::checkCutMix);
    }

    private static void checkCutMix(Map<String, Object> golden) {
        Map<String, Object> newer = Golden.map(golden.get("newer_axes"));
        Tensor x = Golden.tensor(golden.get("x"));
        Tensor before = x.clone();
        double lamOf202 = MixUp.larger(Golden.number(golden.get("lam_raw")));
        Box box = box(golden, lamOf202, x.size(2), x.size(3));
        assertThat(corners(box)).containsExactly(Golden.longs(golden.get("box_x1y1x2y2")));
        assertClose("lam", new double[] {box.kept()}, new double[] {Golden.number(newer.get("lam_exact"))}, RTOL, ATOL);
        Tensor perm = Tensor.of(Golden.longs(golden.get("perm")));
        Tensor pasted = box.paste(x, perm);
        assertThat(pasted.equal(Golden.tensor(newer.get("xb_mixed")))).isTrue();
        assertThat(x.equal(before)).as("the batch given").isTrue();
        Tensor y = Golden.tensor(golden.get("y"));
        Tensor lam = Tensor.of(new double[] {box.kept()});
        Tensor pred = pasted.flatten(1).matmul(Golden.tensor(golden.get("w")));
        Loss ce = Losses.crossEntropy();
        assertLoss(newer, new Mixing.Labels(y, y.indexSelect(0, perm), lam).loss(ce, pred), "loss");
        boolean slips = !Golden.map(golden.get("fastai_2_0_2")).get("xb_mixed").equals(newer.get("xb_mixed"));
        assertThat(slips)
                .as("2.0.2 pastes elsewhere")
                .isNotEqualTo(golden.get("id").equals("box0"));
    }
}
