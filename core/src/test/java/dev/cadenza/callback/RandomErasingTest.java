package dev.cadenza.callback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import dev.cadenza.testing.TinyProblem;
import dev.cadenza.train.Callback;
import dev.cadenza.train.Event;
import dev.cadenza.train.Learner;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class RandomErasingTest {
    private static final int SIZE = 40;

    /** Images of sevens, which noise hardly ever is. */
    private static Tensor sevens(int n) {
        return Tensor.full(7, n, 2, SIZE, SIZE);
    }

    private static double[] erasedShares(Tensor erased) {
        return erased.ne(7).to(DType.FLOAT32).mean(false, 1, 2, 3).toDoubles();
    }

    private static Tensor erase(Tensor x, long key, Consumer<RandomErasing.Options> options) {
        return new RandomErasing(options).erase(x, key);
    }

    @Test
    void options_out_of_range_are_refused() {
        assertRefused(o -> o.p = 1.5, "wanted p from 0 to 1, but got: 1.5");
        assertRefused(o -> o.sl = -0.1, "wanted sl from 0 to sh = 0.3, but got: -0.1");
        assertRefused(o -> o.sl = 0.4, "wanted sl from 0 to sh = 0.3, but got: 0.4");
        assertRefused(o -> o.sh = 1.1, "wanted sh of at most 1, but got: 1.1");
        assertRefused(o -> o.sh = Double.NaN, "wanted sl from 0 to sh = NaN, but got: 0.0");
        assertRefused(o -> o.minAspect = 0, "wanted minAspect above 0 and at most 1, but got: 0.0");
        assertRefused(o -> o.maxCount = 0, "wanted maxCount of 1 or more, but got: 0");
    }

    private static void assertRefused(Consumer<RandomErasing.Options> options, String message) {
        assertThatThrownBy(() -> new RandomErasing(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void a_box_of_the_wanted_share_is_filled_with_noise_in_every_channel() {
        Tensor x = sevens(200);
        Tensor before = x.clone();
        Tensor erased = erase(x, 1, o -> {
            o.p = 1;
            o.sl = 0.2;
            o.minAspect = 0.5;
        });
        assertThat(x.equal(before)).as("the images given").isTrue();
        assertThat(DoubleStream.of(erasedShares(erased))).allMatch(share -> share > 0.17 && share < 0.33);
        double[] all = erased.toDoubles();
        double[] noise = DoubleStream.of(all).filter(v -> v != 7).toArray();
        double mean = DoubleStream.of(noise).average().orElseThrow();
        double square = DoubleStream.of(noise).map(v -> v * v).average().orElseThrow();
        assertThat(mean).isCloseTo(0, within(0.02));
        assertThat(square).isCloseTo(1, within(0.02));
        Tensor mask = erased.ne(7).to(DType.FLOAT32);
        assertThat(mask.select(1, 0).equal(mask.select(1, 1)))
                .as("the same box in all channels")
                .isTrue();
        for (int i = 0; i < 200; i++) { // a box is the outer product of its rows and its columns
            Tensor one = mask.select(0, i).select(0, 0);
            Tensor rows = one.amax(true, 1);
            Tensor columns = one.amax(true, 0);
            assertThat(one.equal(rows.mul(columns))).isTrue();
        }
    }

    @Test
    void images_are_chosen_one_by_one_with_probability_p() {
        double[] shares = erasedShares(erase(sevens(1000), 2, o -> {
            o.p = 0.25;
            o.sl = 0.1;
        }));
        long chosen = DoubleStream.of(shares).filter(s -> s > 0).count();
        assertThat(chosen).isBetween(200L, 300L);
        assertThat(erase(sevens(50), 2, o -> o.p = 0).equal(sevens(50))).isTrue();
    }

    @Test
    void several_boxes_share_the_area_and_any_image_can_be_erased_whole() {
        double[] shares = erasedShares(erase(sevens(100), 3, o -> {
            o.p = 1;
            o.sl = 0.3;
            o.maxCount = 4;
        }));
        assertThat(DoubleStream.of(shares)).allMatch(share -> share > 0.05 && share < 0.33);
        assertThat(erasedShares(erase(sevens(3), 3, o -> {
                    o.p = 1;
                    o.sl = 1;
                    o.sh = 1;
                    o.minAspect = 1;
                })))
                .containsOnly(1);
    }

    @Test
    void the_key_decides_everything() {
        Tensor one = erase(sevens(8), 4, o -> {});
        byte[] random = Rng.global().state();
        assertThat(erase(sevens(8), 4, o -> {}).equal(one)).isTrue();
        assertThat(erase(sevens(8), 5, o -> {}).equal(one)).isFalse();
        assertThat(Rng.global().state()).isEqualTo(random);
    }

    @Test
    void in_a_fit_only_training_is_erased_and_before_it_is_mixed() {
        List<String> seen = new ArrayList<>();
        Learner learn = SmallImages.learner(new MixUp(), new RandomErasing(o -> o.p = 1));
        assertThat(learn.describe()).containsSubsequence("RandomErasing", "MixUp");
        learn.remove(learn.callback(MixUp.class));
        Tensor images = SmallImages.images(10);
        learn.fit(2, Callback.on(Event.AFTER_PRED, l -> {
            double first = l.batch().input().select(0, 0).sum().item();
            boolean known = false;
            for (int i = 0; i < 10; i++) {
                known |= Math.abs(images.select(0, i).sum().item() - first) < 1e-5;
            }
            seen.add(l.training() + " " + known);
        }));
        assertThat(seen).contains("true false", "false true").doesNotContain("false false");
        String digest = learn.digest();
        Learner again = SmallImages.learner(new RandomErasing(o -> o.p = 1));
        again.fit(2);
        assertThat(again.digest()).isEqualTo(digest);
    }

    @Test
    void what_is_no_image_is_refused() {
        assertThatThrownBy(() -> TinyProblem.learner(new RandomErasing()).fit(1))
                .isInstanceOf(TensorException.class)
                .hasMessage("RandomErasing: wanted images [N, C, H, W], but got float32[4, 1]");
    }
}
