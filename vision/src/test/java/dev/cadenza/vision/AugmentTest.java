package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.cadenza.data.Batch;
import dev.cadenza.data.BatchTransform;
import dev.cadenza.data.Draw;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.GridKernels.Padding;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class AugmentTest {
    private static final int N = 8;

    private static Tensor noise(long... shape) {
        return Tensor.zeros(shape).uniform_(0, 1, new Rng(7));
    }

    private static List<Draw> draws(long epoch) {
        return LongStream.range(0, N).mapToObj(i -> Draw.of(1, epoch, i)).toList();
    }

    private static Batch batch(Tensor images) {
        return Batch.of(images, Tensor.zeros(images.size(0)));
    }

    private static Tensor apply(BatchTransform transform, Tensor images, List<Draw> draws) {
        return transform.apply(batch(images), draws).input();
    }

    /** Each alone, and all together. */
    private static Map<String, BatchTransform> all() {
        Map<String, BatchTransform> all = new LinkedHashMap<>();
        all.put("flip", Augment.flip());
        all.put("dihedral", Augment.dihedral());
        all.put("rotate", Augment.rotate(10));
        all.put("zoom", Augment.zoom(0.9, 1.5));
        all.put("warp", Augment.warp(0.2));
        all.put("crop", Augment.randomResizedCrop());
        all.put("brightness", Augment.brightness(0.2));
        all.put("contrast", Augment.contrast(0.2));
        all.put("saturation", Augment.saturation(0.3));
        all.put("hue", Augment.hue(0.1));
        all.put("erasing", Augment.erasing());
        all.put("together", Augment.of(all.values().toArray(BatchTransform[]::new)));
        all.put(
                "smaller",
                Augment.of(o -> o.size = 4, Augment.randomResizedCrop(), Augment.dihedral(), Augment.warp(0.3)));
        all.put("usual", AugTransforms.of());
        return all;
    }

    /** libtorch's logarithm rounds differently at the end of a buffer, so that light may differ in the last bit. */
    private static double tolerance(String name) {
        return List.of("brightness", "contrast", "saturation", "together", "usual")
                        .contains(name)
                ? 1e-6
                : 0;
    }

    @Test
    void an_image_is_varied_alike_whatever_its_neighbours_are() {
        Tensor images = noise(N, 3, 12, 12);
        all().forEach((name, transform) -> {
            for (long epoch = 0; epoch < 3; epoch++) {
                List<Draw> draws = draws(epoch);
                Tensor together = apply(transform, images, draws(epoch));
                for (int i = 0; i < N; i++) {
                    Tensor alone = apply(transform, images.narrow(0, i, 1), draws.subList(i, i + 1));
                    assertThat(alone.select(0, 0).allclose(together.select(0, i), 0, tolerance(name)))
                            .as(name + " of image " + i)
                            .isTrue();
                }
            }
        });
    }

    @Test
    void training_varies_and_the_batch_that_was_given_stays_as_it_is() {
        Tensor images = noise(N, 3, 12, 12);
        Tensor before = images.clone();
        Batch given = new Batch(List.of(images, Tensor.ones(N)), List.of(Tensor.zeros(N)));
        all().forEach((name, transform) -> {
            Batch varied = transform.apply(given, draws(0));
            assertThat(varied.input().shape()[0]).isEqualTo(N);
            assertThat(varied.input().shape().length == 4 && varied.input().equal(images))
                    .as(name)
                    .isFalse();
            assertThat(varied.inputs().get(1)).isSameAs(given.inputs().get(1));
            assertThat(varied.targets()).isEqualTo(given.targets());
            assertThat(images.equal(before)).as(name).isTrue();
            assertThat(apply(transform, images, draws(0)).equal(varied.input()))
                    .as("again: " + name)
                    .isTrue();
        });
    }

    @Test
    void validation_returns_the_batch_itself_but_for_a_size_that_was_asked_for() {
        Batch given = batch(noise(N, 3, 12, 12));
        List<Draw> none = Collections.nCopies(N, Draw.NONE);
        all().forEach((name, transform) -> {
            if (name.equals("smaller")) {
                assertThat(transform.apply(given, none).input().shape()).containsExactly(N, 3, 4, 4);
            } else {
                assertThat(transform.apply(given, none)).as(name).isSameAs(given);
            }
        });
        BatchTransform never =
                Augment.of(Augment.flip(0), Augment.rotate(10, 0), Augment.warp(0.2, 0), Augment.hue(0.1, 0));
        assertThat(never.apply(given, draws(0))).isSameAs(given);
    }

    @Test
    void pixels_are_interpolated_once_for_all_that_moves_them() {
        Tensor images = noise(N, 3, 16, 16);
        BatchTransform there = (Augmentation.Places) (draw, frame) -> Homography.rotate(20, frame.aspect());
        BatchTransform back = (Augmentation.Places) (draw, frame) -> Homography.rotate(-20, frame.aspect());
        Tensor both = apply(Augment.of(there, Augment.brightness(0.2, 0), back), images, draws(0));
        assertThat(both.allclose(images, 0, 1e-5)).isTrue();
        Tensor twice = apply(back, apply(there, images, draws(0)), draws(0));
        assertThat(twice.allclose(images, 0, 0.1)).isFalse();
    }

    @Test
    void light_is_taken_together_and_the_others_follow() {
        Tensor images = noise(N, 3, 4, 4);
        BatchTransform twice = (b, d) -> new Batch(List.of(b.input().mul(2)), b.targets());
        BatchTransform darker = (Augmentation.Light) draw -> Lighting.brightness(0.3);
        Tensor seen = apply(Augment.of(twice, darker, Augment.flip(1)), images, draws(0));
        Tensor expected =
                Lighting.brightness(0.3).apply(Homography.flip().apply(images)).mul(2);
        assertThat(seen.allclose(expected, 0, 1e-6)).isTrue();
    }

    @Test
    void draws_lie_in_their_ranges_and_happen_with_probability_p() {
        assertShare(Augment.flip(0.3), 0.3, m -> m.equals(Homography.flip()));
        assertShare(Augment.dihedral(0.8), 0.7, m -> m.dihedral() >= 0);
        assertShare(Augment.rotate(30), 0.5, m -> Math.abs(Math.toDegrees(Math.asin(m.matrix()[1]))) <= 30);
        assertShare(Augment.zoom(1, 2, 0.6), 0.6, m -> {
            double[] place = m.place(1, 1);
            return m.matrix()[0] >= 0.5 && m.matrix()[0] <= 1 && Math.abs(place[0]) <= 1 && Math.abs(place[1]) <= 1;
        });
        assertShare(Augment.warp(0.2), 0.75, m -> Math.abs(m.matrix()[6]) < 0.22 && Math.abs(m.matrix()[7]) < 0.22);
        double[] shifts = LongStream.range(0, 2000)
                .mapToDouble(i -> ((Augmentation.Light) Augment.brightness(0.2, 1))
                        .draw(Draw.of(i))
                        .shift())
                .toArray();
        double end = Math.log(0.6 / 0.4);
        assertThat(DoubleStream.of(shifts).min().orElseThrow()).isBetween(-end, 0.01 - end);
        assertThat(DoubleStream.of(shifts).max().orElseThrow()).isBetween(end - 0.01, end);
        double[] scales = LongStream.range(0, 2000)
                .mapToDouble(i -> ((Augmentation.Light) Augment.contrast(0.2, 1))
                        .draw(Draw.of(i))
                        .scale())
                .toArray();
        assertThat(DoubleStream.of(scales).min().orElseThrow()).isBetween(0.8 - 1e-12, 0.801);
        assertThat(DoubleStream.of(scales).max().orElseThrow()).isBetween(1.249, 1.25 + 1e-12);
    }

    private static void assertShare(BatchTransform transform, double p, Function<Homography, Boolean> fits) {
        int changed = 0;
        for (long i = 0; i < 2000; i++) {
            Homography drawn = ((Augmentation.Places) transform).draw(Draw.of(3, i), new Frame(9, 9, true));
            if (!drawn.equals(Homography.identity())) {
                changed++;
                assertThat(fits.apply(drawn)).as(drawn.toString()).isTrue();
            }
        }
        assertThat(changed / 2000.0).isCloseTo(p, within(0.04));
    }

    @Test
    void white_stays_in_range_when_it_is_moved_and_lit_though_weights_of_pixels_are_rounded() {
        BatchTransform light = Augment.of(Augment.rotate(10, 1), Augment.brightness(0.2, 1), Augment.hue(0.1, 1));
        Tensor white = Tensor.ones(N, 3, 64, 64);
        Tensor moved = apply(Augment.of(Augment.rotate(10, 1)), white, draws(0));
        assertThat(moved.max().item()).isGreaterThan(1); // or this test would show nothing
        assertThat(apply(light, white, draws(0)).shape()).containsExactly(N, 3, 64, 64);
    }

    @Test
    void one_draw_for_all_varies_the_whole_batch_alike() {
        Tensor images = noise(1, 3, 12, 12).expand(N, 3, 12, 12);
        Tensor varied = apply(Augment.of(o -> o.oneForAll = true, Augment.randomResizedCrop()), images, draws(0));
        assertThat(varied.equal(varied.narrow(0, 0, 1).expand(N, 3, 12, 12))).isTrue();
        Tensor each = apply(Augment.randomResizedCrop(), images, draws(0));
        assertThat(each.equal(each.narrow(0, 0, 1).expand(N, 3, 12, 12))).isFalse();
        assertThat(each.narrow(0, 0, 1).equal(varied.narrow(0, 0, 1))).isTrue();
    }

    @Test
    void grey_images_and_doubles_are_varied_too() {
        BatchTransform varied = Augment.of(Augment.rotate(10, 1), Augment.brightness(0.2), Augment.erasing());
        assertThat(apply(varied, noise(N, 1, 9, 7), draws(0)).shape()).containsExactly(N, 1, 9, 7);
        Tensor doubles = noise(N, 3, 9, 9).to(DType.FLOAT64);
        Tensor out = apply(AugTransforms.of(), doubles, draws(0));
        assertThat(out.dtype()).isEqualTo(DType.FLOAT64);
        assertThat(apply(AugTransforms.of(), noise(N, 3, 9, 9), draws(0))
                        .to(DType.FLOAT64)
                        .allclose(out, 0, 1e-4))
                .isTrue();
        Batch empty = batch(Tensor.zeros(0, 3, 9, 9));
        assertThat(AugTransforms.of().apply(empty, List.of())).isSameAs(empty);
    }

    @Test
    void a_size_and_a_padding_can_be_chosen() {
        BatchTransform half = Augment.of(
                o -> {
                    o.size = 4;
                    o.width = 6;
                    o.padding = Padding.ZEROS;
                    o.alignCorners = false;
                },
                Augment.zoom(0.5, 0.5, 1));
        Tensor seen = apply(half, Tensor.ones(N, 3, 9, 9), draws(0));
        assertThat(seen.shape()).containsExactly(N, 3, 4, 6);
        assertThat(seen.mean().item()).isBetween(0.15, 0.4);
    }
}
