package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.difference;
import static dev.cadenza.vision.ImageFixtures.image;
import static dev.cadenza.vision.ImageFixtures.numbered;
import static dev.cadenza.vision.ImageFixtures.origin;
import static dev.cadenza.vision.ImageFixtures.rows;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.data.Draw;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(InScope.class)
class ImageTransformsTest {
    private static Image wide() {
        return Image.of(numbered(12, 8));
    }

    private static List<Draw> draws(int count) {
        return LongStream.range(0, count).mapToObj(i -> Draw.of(3, i)).toList();
    }

    private static List<ImageTransform> all() {
        return List.of(
                ImageTransforms.resize(8),
                ImageTransforms.resize(6, o -> o.method = ResizeMethod.PAD),
                ImageTransforms.resize(6, o -> o.method = ResizeMethod.SQUISH),
                ImageTransforms.randomResizedCrop(5),
                ImageTransforms.randomCrop(8, 4),
                ImageTransforms.flip(0.5),
                ImageTransforms.dihedral(0.5));
    }

    @Test
    void the_same_draw_gives_the_same_pixels_and_another_one_others() {
        for (ImageTransform each : all()) {
            Set<String> seen = new HashSet<>();
            for (int i = 0; i < 20; i++) {
                Tensor once = each.apply(wide(), Draw.of(3, i)).pixels();
                Tensor again = each.apply(wide(), Draw.of(3, i)).pixels();
                assertThat(difference(once, again)).as(each.toString()).isZero();
                seen.add(Arrays.deepToString(rows(once)));
            }
            boolean fixed = each.toString().contains("SQUISH");
            assertThat(seen.size() > 1).as(each.toString()).isEqualTo(!fixed);
        }
    }

    @Test
    void resize_by_cropping_takes_the_largest_square_anywhere_along_the_longer_side_or_in_the_middle() {
        ImageTransform resize = ImageTransforms.resize(8);
        assertThat(origin(resize.apply(wide(), Draw.NONE))).containsExactly(2, 0);
        Set<Integer> lefts = new HashSet<>();
        for (Draw draw : draws(100)) {
            int[] origin = origin(resize.apply(wide(), draw));
            assertThat(origin[1]).isZero();
            lefts.add(origin[0]);
        }
        assertThat(lefts).contains(0, 1, 2, 3).allMatch(left -> left <= 4);
    }

    @Test
    void resize_by_padding_keeps_all_and_fills_up() {
        ImageTransform pad = ImageTransforms.resize(12, o -> {
            o.method = ResizeMethod.PAD;
            o.padMode = PadMode.ZEROS;
        });
        Tensor middle = pad.apply(wide(), Draw.NONE).pixels();
        assertThat(middle.shape()).containsExactly(1, 12, 12);
        assertThat(middle.narrow(1, 2, 8).equal(numbered(12, 8))).isTrue();
        assertThat(middle.narrow(1, 0, 2).max().item()).isZero();
        assertThat(middle.narrow(1, 10, 2).max().item()).isZero();
        for (Draw draw : draws(10)) {
            Tensor x = pad.apply(wide(), draw).pixels();
            assertThat(LongStream.range(0, 5)
                            .anyMatch(top -> x.narrow(1, top, 8).equal(numbered(12, 8))))
                    .isTrue();
        }
    }

    @Test
    void random_resized_crop_keeps_to_its_scale_and_ratio() {
        ImageCrops.Part part = new ImageCrops.Part(0.25, 0.5, 0.5, 2);
        Image image = Image.of(numbered(16, 16)).resize(100, 100);
        Set<Integer> widths = new HashSet<>();
        for (Draw draw : draws(200)) {
            Image cut = part.of(image, draw);
            double share = cut.width() * cut.height() / 1e4;
            assertThat(share).isBetween(0.24, 0.51);
            assertThat((double) cut.width() / cut.height()).isBetween(0.48, 2.08);
            widths.add(cut.width());
        }
        assertThat(widths).hasSizeGreaterThan(20);
    }

    @Test
    void random_resized_crop_takes_the_middle_if_nothing_fits() {
        ImageCrops.Part whole = new ImageCrops.Part(1, 1, 3.0 / 4, 4.0 / 3);
        Image cut = whole.of(Image.of(numbered(15, 3)), Draw.of(1));
        assertThat(cut.width()).isEqualTo(4);
        assertThat(cut.height()).isEqualTo(3);
        assertThat(origin(cut)).containsExactly(5, 0);
        Image tall = whole.of(Image.of(numbered(3, 15)), Draw.of(1));
        assertThat(tall.height()).isEqualTo(4);
        assertThat(origin(tall)).containsExactly(0, 5);
    }

    @Test
    void random_resized_crop_in_validation_stretches_a_little_further_and_takes_the_middle() {
        Tensor ours = ImageTransforms.randomResizedCrop(16)
                .apply(image("rgb.png"), Draw.NONE)
                .pixels();
        // 16 · 0.14 = 2.24 pixels more, as a multiple of 8
        Tensor expected = image("rgb.png").resize(24, 24).crop(4, 4, 16, 16).pixels();
        assertThat(difference(ours, expected)).isZero();
    }

    @Test
    void random_crop_adds_a_margin_in_training_only() {
        ImageTransform crop = ImageTransforms.randomCrop(8, 2);
        Image image = Image.of(numbered(8, 8)); // only its first pixel is black
        assertThat(crop.apply(image, Draw.NONE).pixels().equal(numbered(8, 8))).isTrue();
        Set<String> places = new HashSet<>();
        Tensor padded = image.pad(2, PadMode.ZEROS).pixels();
        for (Draw draw : draws(300)) {
            Tensor x = crop.apply(image, draw).pixels();
            for (int i = 0; i < 25; i++) {
                if (x.equal(padded.narrow(1, i / 5, 8).narrow(2, i % 5, 8))) {
                    places.add(i / 5 + " " + i % 5);
                }
            }
        }
        assertThat(places).hasSize(25);
    }

    @Test
    void random_crop_fills_up_an_image_that_is_too_small() {
        Tensor x = ImageTransforms.randomCrop(4, 0)
                .apply(Image.of(numbered(2, 6)), Draw.NONE)
                .pixels();
        assertThat(rows(x)).isDeepEqualTo(new int[][] {{0, 16, 17, 0}, {0, 32, 33, 0}, {0, 48, 49, 0}, {0, 64, 65, 0}});
    }

    @Test
    void flip_and_dihedral_happen_with_their_probability_and_never_in_validation() {
        int flipped = 0;
        Set<String> ways = new HashSet<>();
        for (Draw draw : draws(400)) {
            flipped += origin(ImageTransforms.flip(0.25).apply(wide(), draw))[0] == 11 ? 1 : 0;
            int[] way = origin(ImageTransforms.dihedral(1)
                    .apply(wide(), Draw.of(draw.random().nextLong())));
            ways.add(way[0] + " " + way[1]);
        }
        assertThat(flipped).isBetween(70, 130);
        assertThat(ways).hasSize(4); // each corner comes first, in two ways
        for (ImageTransform each : List.of(ImageTransforms.flip(1), ImageTransforms.dihedral(1))) {
            Image image = wide();
            assertThat(each.apply(image, Draw.NONE)).isSameAs(image);
        }
    }

    @Test
    void each_says_what_it_is() {
        assertThat(all())
                .extracting(ImageTransform::toString)
                .containsExactly(
                        "resize(8, CROP)",
                        "resize(6, PAD, REFLECTION)",
                        "resize(6, SQUISH)",
                        "randomResizedCrop(5, scale=0.08..1.0, ratio=0.75..1.3333333333333333, valXtra=0.14)",
                        "randomCrop(8, pad=4, ZEROS)",
                        "flip(0.5)",
                        "dihedral(0.5)");
    }

    @Test
    void wrong_numbers_are_refused_where_they_are_given() {
        List<Runnable> wrong = List.of(
                () -> ImageTransforms.resize(0),
                () -> ImageTransforms.randomResizedCrop(-1),
                () -> ImageTransforms.randomResizedCrop(5, o -> o.minScale = 0),
                () -> ImageTransforms.randomResizedCrop(5, o -> o.maxScale = 1.5),
                () -> ImageTransforms.randomResizedCrop(5, o -> o.minRatio = 3),
                () -> ImageTransforms.randomResizedCrop(5, o -> o.valXtra = Double.NaN),
                () -> ImageTransforms.randomCrop(8, -1),
                () -> ImageTransforms.flip(1.1),
                () -> ImageTransforms.dihedral(Double.NaN));
        for (Runnable each : wrong) {
            assertThatThrownBy(each::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("but got: ");
        }
    }
}
