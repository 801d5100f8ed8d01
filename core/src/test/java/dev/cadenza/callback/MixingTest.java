package dev.cadenza.callback;

import static dev.cadenza.testing.Close.assertClose;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.cadenza.data.Batch;
import dev.cadenza.nn.Loss;
import dev.cadenza.nn.Losses;
import dev.cadenza.nn.Reduction;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.Golden;
import dev.cadenza.testing.InScope;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MixUp and CutMix, beside fastai's numbers. */
@ExtendWith(InScope.class)
class MixingTest {
    private static final String FILE = "metrics_losses.json";
    private static final double RTOL = 1e-9;
    private static final double ATOL = 1e-12;

    private static Loss loss(Map<String, Object> golden) {
        Map<String, Object> args = Golden.map(golden.get("loss"));
        String reduction = (String) args.getOrDefault("reduction", "mean");
        Reduction how = Reduction.valueOf(reduction.toUpperCase(Locale.ROOT));
        return switch ((String) args.get("fn")) {
            case "cross_entropy" -> Losses.crossEntropy(o -> o.reduction = how);
            case "mse" -> Losses.mse(o -> o.reduction = how);
            default -> Losses.labelSmoothing(Golden.number(args.get("eps")));
        };
    }

    @TestFactory
    Stream<DynamicTest> mixup_gives_the_losses_and_gradients_of_fastai() {
        return Golden.maps(Golden.read(FILE).get("mixup")).stream()
                .map(golden -> dynamicTest((String) golden.get("id"), () -> mixUp(golden)));
    }

    private static void mixUp(Map<String, Object> golden) {
        double[] raw = Golden.tensor(golden.get("lam_raw")).toDoubles();
        Tensor kept = Tensor.of(DoubleStream.of(raw).map(MixUp::larger).toArray());
        assertClose("lam", kept, Golden.tensor(golden.get("lam_used")), RTOL, ATOL);
        Tensor perm = Tensor.of(Golden.longs(golden.get("perm")));
        Tensor x = Golden.tensor(golden.get("x"));
        Tensor mixed = Mixing.mix(x, x.indexSelect(0, perm), kept);
        assertClose("x", mixed, Golden.tensor(golden.get("xb_mixed")), RTOL, ATOL);
        Tensor w = Golden.tensor(golden.get("w")).requiresGrad_(true);
        Tensor pred = mixed.flatten(1).matmul(w);
        Tensor y = Golden.tensor(golden.get("y"));
        Tensor others = y.indexSelect(0, perm);
        Tensor loss;
        if (golden.containsKey("yb_mixed")) {
            Tensor targets = Mixing.mix(y, others, kept);
            assertClose("y", targets, Golden.tensor(golden.get("yb_mixed")), RTOL, ATOL);
            loss = loss(golden).apply(pred, targets);
        } else {
            loss = new Mixing.Labels(y, others, kept).loss(loss(golden), pred);
        }
        assertThat(loss.item()).isCloseTo(Golden.number(golden.get("value")), within(1e-9));
        loss.backward();
        assertClose("gradient", w.grad(), Golden.tensor(golden.get("grad_w")), RTOL, ATOL);
    }

    /** The newer fastai's: 2.0.2 takes rows of the box for columns. */
    @TestFactory
    Stream<DynamicTest> cutmix_gives_the_images_and_losses_of_newer_fastai() {
        return Golden.maps(Golden.read(FILE).get("cutmix")).stream()
                .map(golden -> dynamicTest((String) golden.get("id"), () -> cutMix(golden)));
    }

    private static void cutMix(Map<String, Object> golden) {
        Tensor x = Golden.tensor(golden.get("x"));
        Tensor perm = Tensor.of(Golden.longs(golden.get("perm")));
        long[] corners = Golden.longs(golden.get("box_x1y1x2y2"));
        CutMix.Box box = new CutMix.Box(
                new CutMix.Cut(corners[1], corners[3] - corners[1], x.size(2)),
                new CutMix.Cut(corners[0], corners[2] - corners[0], x.size(3)));
        Map<String, Object> want = Golden.map(golden.get("newer_axes"));
        double[] before = x.toDoubles();
        Tensor mixed = box.paste(x, perm);
        assertThat(x.toDoubles()).as("the batch that was given").isEqualTo(before);
        assertClose("x", mixed, Golden.tensor(want.get("xb_mixed")), RTOL, ATOL);
        assertThat(box.kept()).isCloseTo(Golden.number(want.get("lam_exact")), within(1e-12));
        Tensor y = Golden.tensor(golden.get("y"));
        Mixing.Labels labels = new Mixing.Labels(y, y.indexSelect(0, perm), Tensor.of(new double[] {box.kept()}));
        Tensor pred = mixed.flatten(1).matmul(Golden.tensor(golden.get("w")));
        assertThat(labels.loss(Losses.crossEntropy(), pred).item())
                .isCloseTo(Golden.number(want.get("loss")), within(1e-9));
    }

    @TestFactory
    Stream<DynamicTest> boxes_are_those_of_newer_fastai() {
        return Golden.maps(Golden.read(FILE).get("cutmix_boxes")).stream()
                .map(golden -> dynamicTest(golden.toString(), () -> box(golden)));
    }

    private static void box(Map<String, Object> golden) {
        double lam = Golden.number(golden.get("lam"));
        CutMix.Cut columns = CutMix.Cut.around(number(golden, "cx"), number(golden, "W"), lam);
        CutMix.Cut rows = CutMix.Cut.around(number(golden, "cy"), number(golden, "H"), lam);
        assertThat(new long[] {
                    columns.from(), rows.from(), columns.from() + columns.length(), rows.from() + rows.length()
                })
                .isEqualTo(Golden.longs(golden.get("box_newer_rounding")));
    }

    private static long number(Map<String, Object> golden, String key) {
        return ((Number) golden.get(key)).longValue();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.05, 0.4, 1, 3})
    void shares_have_the_moments_of_the_beta_distribution(double alpha) {
        SplittableRandom random = new SplittableRandom(7);
        double[] shares = DoubleStream.generate(() -> Beta.symmetric(alpha, random))
                .limit(40_000)
                .toArray();
        double mean = Arrays.stream(shares).average().orElseThrow();
        double variance = Arrays.stream(shares)
                .map(s -> (s - mean) * (s - mean))
                .average()
                .orElseThrow();
        assertThat(shares).doesNotContain(Double.NaN);
        assertThat(mean).isCloseTo(0.5, within(0.01));
        assertThat(variance).isCloseTo(1 / (4 * (2 * alpha + 1)), within(0.005));
    }

    private static List<double[]> seen(Callback mixing) {
        List<double[]> seen = new ArrayList<>();
        Shipped.learner().fit(2, mixing, Callback.on(Event.AFTER_LOSS, l -> {
            seen.add(l.batch().input().toDoubles());
            seen.add(new double[] {l.loss().item()});
        }));
        return seen;
    }

    @Test
    void the_same_seed_mixes_alike_another_one_otherwise_and_validation_is_left_alone() {
        List<double[]> once = seen(new MixUp());
        assertThat(seen(new MixUp())).usingRecursiveComparison().isEqualTo(once);
        assertThat(seen(new MixUp(o -> o.seed = 9)).get(0)).isNotEqualTo(once.get(0));
        List<double[]> plain = seen(Callback.on(Event.AFTER_FIT, l -> {}));
        assertThat(once.get(0)).as("training").isNotEqualTo(plain.get(0));
        assertThat(once.get(6)).as("validation").isEqualTo(plain.get(6));
        assertThat(once.get(0)).as("two epochs").isNotEqualTo(once.get(10));
    }

    @Test
    void the_loss_function_is_never_swapped_and_the_data_are_not_written_to() {
        Learner learn = Shipped.learner();
        Loss before = learn.lossFunction();
        Batch data = learn.data().train().dataset().batch(new int[] {0, 1, 2, 3});
        for (Callback mixing : List.of(new MixUp(), new CutMix(), new RandomErasing(o -> o.p = 1))) {
            learn.fit(
                    1,
                    mixing,
                    Callback.on(
                            Event.AFTER_LOSS, l -> assertThat(l.lossFunction()).isSameAs(before)));
        }
        Batch after = learn.data().train().dataset().batch(new int[] {0, 1, 2, 3});
        assertThat(after.input().equal(data.input())).isTrue();
    }

    @Test
    void what_cannot_be_mixed_is_refused_in_words() {
        assertThatThrownBy(() -> new MixUp(o -> o.alpha = 0)).hasMessage("wanted a finite alpha above 0, but got: 0.0");
        assertThatThrownBy(() -> new CutMix(o -> o.alpha = Double.NaN)).hasMessageContaining("but got: NaN");
        Callback flat = Callback.on(
                Event.BEFORE_BATCH,
                l -> l.batch(Batch.of(l.batch().input().flatten(1), l.batch().target())));
        assertThatThrownBy(() -> Shipped.learner().fit(1, flat, new CutMix()))
                .isInstanceOf(TensorException.class)
                .hasMessage("CutMix: wanted images [N, C, H, W], but got float32[4, 16]");
        assertThatThrownBy(() -> Shipped.learner().fit(1, new MixUp(), new CutMix()))
                .hasMessage("MixUp and CutMix cannot play in the same fit; remove one of them");
    }

    @Test
    void erasing_puts_noise_into_boxes_of_some_images_and_leaves_the_rest() {
        Tensor images = Tensor.ones(64, 2, 16, 16);
        RandomErasing.Options[] chosen = new RandomErasing.Options[1];
        new RandomErasing(o -> {
            o.sl = 0.1;
            o.maxCount = 2;
            chosen[0] = o;
        });
        Tensor erased = RandomErasing.erase(images, chosen[0], 3);
        assertThat(images.eq(1).all().item()).as("the images that were given").isEqualTo(1);
        double[] changed = erased.ne(1).to(images.dtype()).mean(false, 1, 2, 3).toDoubles();
        long touched = Arrays.stream(changed).filter(share -> share > 0).count();
        assertThat(touched).isBetween(20L, 44L);
        assertThat(changed)
                .satisfies(c -> assertThat(Arrays.stream(c).max().orElse(1)).isLessThan(0.35));
        assertThat(RandomErasing.erase(images, chosen[0], 3).equal(erased)).isTrue();
        assertThat(RandomErasing.erase(images, chosen[0], 4).equal(erased)).isFalse();
        assertThatThrownBy(() -> new RandomErasing(o -> o.sh = 2)).hasMessage("wanted sh of at most 1, but got: 2.0");
        assertThatThrownBy(() -> new RandomErasing(o -> o.sl = 0.5))
                .hasMessage("wanted sl from 0 to sh = 0.3, but got: 0.5");
    }
}
