package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.DataLoader;
import dev.cadenza.data.Draw;
import dev.cadenza.data.TensorDataset;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AugTransformsTest {
    private Scope scope;

    @BeforeEach
    void open() {
        scope = Scope.open();
    }

    @AfterEach
    void close() {
        scope.close();
    }

    private static Tensor images() {
        return Tensor.zeros(16, 3, 12, 12).uniform_(0, 1, new Rng(7));
    }

    private static Tensor apply(Consumer<AugTransforms.Options> options, BatchTransform... more) {
        List<Draw> draws = LongStream.range(0, 16).mapToObj(Draw::of).toList();
        return AugTransforms.of(options, more)
                .apply(new Batch(List.of(images()), List.of()), draws)
                .input();
    }

    private static void nothing(AugTransforms.Options o) {
        o.doFlip = false;
        o.mult = 0;
        o.maxZoom = 1;
    }

    @Test
    void the_usual_set_stays_in_range_and_near_the_image() {
        Tensor varied = apply(o -> {});
        assertThat(varied.min().item()).isBetween(0.0, 1.0);
        assertThat(varied.max().item()).isBetween(0.0, 1.0);
        assertThat(varied.mean().item()).isBetween(0.4, 0.6);
    }

    @Test
    void each_option_switches_its_part() {
        assertThat(apply(AugTransformsTest::nothing).allclose(images(), 0, 1e-6))
                .isTrue();
        assertVaries(o -> o.doFlip = true);
        assertVaries(o -> o.maxZoom = 1.1);
        assertVaries(o -> o.minZoom = 0.9);
        assertVaries(o -> o.minScale = 0.5);
        assertVaries(o -> {
            o.mult = 1;
            o.maxRotate = 0;
            o.maxWarp = 0;
        });
        assertVaries(o -> {
            o.mult = 1;
            o.maxLighting = 0;
            o.maxWarp = 0;
        });
        assertVaries(o -> {
            o.mult = 1;
            o.maxLighting = 0;
            o.maxRotate = 0;
        });
        Tensor upright = apply(o -> {
            nothing(o);
            o.doFlip = true;
        });
        assertThat(upright.equal(apply(o -> {
                    nothing(o);
                    o.doFlip = true;
                    o.flipVert = true;
                })))
                .isFalse();
    }

    private static void assertVaries(Consumer<AugTransforms.Options> option) {
        Tensor varied = apply(o -> {
            nothing(o);
            option.accept(o);
        });
        assertThat(varied.shape()).containsExactly(16, 3, 12, 12);
        assertThat(varied.allclose(images(), 0, 1e-3)).isFalse();
    }

    @Test
    void more_transforms_are_composed_with_it() {
        Tensor flipped = apply(AugTransformsTest::nothing, Augment.flip(1));
        assertThat(flipped.allclose(Homography.flip().apply(images()), 0, 1e-6)).isTrue();
    }

    @Test
    void options_out_of_range_are_refused() {
        assertWrong(o -> o.mult = -1, "wanted mult of 0 or more, but got: -1.0");
        assertWrong(o -> o.maxLighting = 1, "wanted a maximum of at least 0 and below 1, but got: 1.0");
        assertWrong(o -> o.mult = 3, "wanted a magnitude from 0 to 0.5, but got: 0.6000000000000001");
        assertWrong(o -> o.pAffine = 2, "wanted p from 0 to 1, but got: 2.0");
        assertWrong(o -> o.minScale = 2, "wanted minScale above 0 and up to 1.0, but got: 2.0");
        assertWrong(o -> o.size = -2, "wanted size from 1 to 32768, or 0, but got: -2");
    }

    private static void assertWrong(Consumer<AugTransforms.Options> options, String message) {
        assertThatThrownBy(() -> AugTransforms.of(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void a_loader_that_draws_varies_and_one_that_does_not_leaves_images_alone() {
        assertThat(loaded(null).equal(images())).isTrue();
        assertThat(loaded(1L).equal(images())).isFalse();
        assertThat(loaded(1L).equal(loaded(1L))).isTrue();
    }

    private static Tensor loaded(Long seed) {
        DataLoader loader = new DataLoader(new TensorDataset(images(), Tensor.zeros(16)), o -> {
            o.batchSize = 16;
            o.transforms = List.of(AugTransforms.of());
            o.drawSeed = seed;
        });
        return loader.epoch(0).iterator().next().input();
    }
}
