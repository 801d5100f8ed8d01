package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.difference;
import static dev.cadenza.vision.ImageFixtures.image;
import static dev.cadenza.vision.ImageFixtures.meanDifference;
import static dev.cadenza.vision.ImageFixtures.numbered;
import static dev.cadenza.vision.ImageFixtures.rows;
import static dev.cadenza.vision.ImageFixtures.seen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(InScope.class)
class ImageTest {
    private static Image small() {
        return Image.of(numbered(3, 2)); // 0 1 2 / 16 17 18
    }

    @ParameterizedTest
    @CsvSource({"9, 7", "50, 31", "24, 5", "30, 16"})
    void a_resized_image_is_pils_within_one(int width, int height) {
        Tensor ours = image("rgb.png").resize(width, height).pixels();
        assertThat(difference(ours, seen("resized" + width + "x" + height))).isLessThanOrEqualTo(1);
    }

    @Test
    void a_part_is_cut_out_before_it_is_resized() {
        Tensor ours = image("rgb.png").crop(3, 2, 18, 13).resize(10, 6).pixels();
        assertThat(difference(ours, seen("cut_and_resized"))).isLessThanOrEqualTo(1);
    }

    @Test
    void the_eight_ways_are_fastais() {
        int[][][] expected = {
            {{0, 1, 2}, {16, 17, 18}},
            {{2, 1, 0}, {18, 17, 16}},
            {{16, 17, 18}, {0, 1, 2}},
            {{2, 18}, {1, 17}, {0, 16}},
            {{18, 17, 16}, {2, 1, 0}},
            {{16, 0}, {17, 1}, {18, 2}},
            {{0, 16}, {1, 17}, {2, 18}},
            {{18, 2}, {17, 1}, {16, 0}}
        };
        for (int k = 0; k < 8; k++) {
            Image turned = small().dihedral(k);
            assertThat(rows(turned.pixels())).isDeepEqualTo(expected[k]);
            assertThat(turned.width()).isEqualTo(expected[k][0].length);
            assertThat(turned.height()).isEqualTo(expected[k].length);
        }
        assertThat(rows(small().flip().pixels())).isDeepEqualTo(expected[1]);
        assertThat(rows(small().transpose().pixels())).isDeepEqualTo(expected[6]);
    }

    @Test
    void any_chain_of_crops_and_turns_is_that_of_its_steps_one_by_one() {
        SplittableRandom random = new SplittableRandom(1);
        for (int round = 0; round < 100; round++) {
            Image lazy = Image.of(numbered(13, 9));
            Image eager = lazy;
            for (int step = 0; step < 5; step++) {
                int k = random.nextInt(8);
                int width = 1 + random.nextInt(lazy.width());
                int height = 1 + random.nextInt(lazy.height());
                int left = random.nextInt(lazy.width() - width + 1);
                int top = random.nextInt(lazy.height() - height + 1);
                boolean cut = random.nextInt(3) == 0;
                lazy = cut ? lazy.crop(left, top, width, height) : lazy.dihedral(k);
                eager = Image.of((cut ? eager.crop(left, top, width, height) : eager.dihedral(k)).pixels());
            }
            assertThat(difference(lazy.pixels(), eager.pixels())).isZero();
        }
    }

    @Test
    void a_turn_before_resizing_is_the_same_turn_after_it() {
        for (int k = 0; k < 8; k++) {
            Image before = image("rgb.png").dihedral(k);
            before = before.resize(before.width() / 2, before.height() / 2);
            Tensor after = image("rgb.png").resize(12, 8).dihedral(k).pixels();
            assertThat(difference(before.pixels(), after)).isLessThanOrEqualTo(1);
        }
    }

    @Test
    void a_part_of_a_resized_image_is_cut_from_the_whole_one() {
        Tensor whole = image("rgb.png").resize(12, 8).pixels();
        Tensor part = image("rgb.png").resize(12, 8).crop(2, 1, 7, 5).pixels();
        assertThat(difference(part, whole.narrow(1, 1, 5).narrow(2, 2, 7))).isZero();
        Tensor turned =
                image("rgb.png").resize(12, 8).flip().crop(2, 1, 7, 5).flip().pixels();
        assertThat(difference(turned, whole.narrow(1, 1, 5).narrow(2, 3, 7))).isZero();
    }

    @Test
    void of_two_sizes_only_the_last_is_interpolated() {
        Tensor once = image("rgb.png").resize(9, 7).pixels();
        assertThat(difference(image("rgb.png").resize(3, 2).resize(9, 7).pixels(), once))
                .isZero();
        Tensor cut = image("rgb.png").crop(4, 4, 16, 8).resize(6, 3).pixels();
        assertThat(difference(
                        image("rgb.png")
                                .resize(12, 8)
                                .crop(2, 2, 8, 4)
                                .resize(6, 3)
                                .pixels(),
                        cut))
                .isZero();
    }

    @Test
    void a_part_of_an_enlarged_image_may_be_resized_too() {
        Image large = image("rgb.png").resize(72, 48).crop(31, 5, 20, 30);
        Tensor steps = Image.of(large.pixels()).resize(10, 15).pixels();
        assertThat(difference(large.resize(10, 15).pixels(), steps)).isZero();
    }

    @Test
    void pads_as_its_mode_says() {
        Image one = Image.of(numbered(3, 1));
        assertThat(rows(one.pad(4, 0, PadMode.ZEROS).pixels())[0]).containsExactly(0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0);
        assertThat(rows(one.pad(4, 0, PadMode.BORDER).pixels())[0]).containsExactly(0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2);
        assertThat(rows(one.pad(4, 0, PadMode.REFLECTION).pixels())[0])
                .containsExactly(0, 1, 2, 1, 0, 1, 2, 1, 0, 1, 2); // more than once through a small image
        assertThat(rows(one.pad(1, PadMode.REFLECTION).pixels()))
                .isDeepEqualTo(new int[][] {{1, 0, 1, 2, 1}, {1, 0, 1, 2, 1}, {1, 0, 1, 2, 1}});
        assertThat(rows(small().pad(1, PadMode.ZEROS).crop(0, 0, 3, 2).pixels()))
                .isDeepEqualTo(new int[][] {{0, 0, 0}, {0, 0, 1}});
        assertThat(difference(
                        image("rgb.png")
                                .pad(5, PadMode.BORDER)
                                .crop(5, 5, 24, 16)
                                .pixels(),
                        image("rgb.png").pixels()))
                .isZero();
    }

    @Test
    void margins_crops_and_turns_of_a_file_in_one_copy_are_those_step_by_step() {
        SplittableRandom random = new SplittableRandom(2);
        for (String name : new String[] {"rgb.png", "exif6.jpg", "grey.png"}) {
            for (int round = 0; round < 30; round++) {
                Image lazy = round % 3 == 0 ? image(name).grey() : image(name);
                Image eager = Image.of(lazy.pixels());
                for (int step = 0; step < 4; step++) {
                    PadMode mode = PadMode.values()[random.nextInt(3)];
                    int margin = random.nextInt(6);
                    int k = random.nextInt(3);
                    int width = 1 + random.nextInt(lazy.width());
                    int left = random.nextInt(lazy.width() - width + 1);
                    UnaryOperator<Image> change = switch (random.nextInt(3)) {
                        case 0 -> image -> image.pad(margin, mode);
                        case 1 -> image -> image.dihedral(k);
                        default -> image -> image.crop(left, 0, width, image.height());
                    };
                    lazy = change.apply(lazy);
                    eager = Image.of(change.apply(eager).pixels());
                }
                assertThat(difference(lazy.pixels(), eager.pixels())).isZero();
            }
        }
    }

    @Test
    void an_image_keeps_its_pixels_while_others_are_opened_and_decoded_on_its_thread() {
        Image first = image("rgb.jpg");
        Tensor before = first.pixels();
        Image second = image("large.jpg");
        Tensor larger = second.pixels();
        assertThat(difference(first.pixels(), before)).isZero();
        assertThat(difference(second.pixels(), larger)).isZero();
        assertThat(difference(image("large.jpg").pixels(), larger)).isZero();
    }

    @Test
    void a_jpeg_decoded_small_is_close_to_the_one_decoded_in_full() {
        Tensor full = image("large.jpg").pixels();
        for (int[] size : new int[][] {{50, 37}, {37, 37}, {12, 9}, {6, 6}}) {
            Tensor exact = Image.of(full).resize(size[0], size[1]).pixels();
            Tensor reduced = image("large.jpg").resize(size[0], size[1]).pixels();
            assertThat(meanDifference(reduced, exact)).isLessThan(1.5);
            assertThat(difference(reduced, exact)).isPositive(); // it was decoded otherwise
        }
        Tensor part = Image.of(full).crop(37, 21, 101, 90).resize(20, 20).pixels();
        assertThat(meanDifference(
                        image("large.jpg").crop(37, 21, 101, 90).resize(20, 20).pixels(), part))
                .isLessThan(2.5);
    }

    @Test
    void the_decoder_shrinks_only_as_far_as_twice_the_pixels_remain() {
        ImageSource.Encoded jpeg = new ImageSource.Encoded(header("large.jpg")); // 200×150
        ImageBox all = ImageBox.of(200, 150);
        assertThat(jpeg.reduction(all, ImageBox.of(12, 9))).isEqualTo(8);
        assertThat(jpeg.reduction(all, ImageBox.of(13, 9))).isEqualTo(4);
        assertThat(jpeg.reduction(all, ImageBox.of(12, 19))).isEqualTo(2);
        assertThat(jpeg.reduction(all, ImageBox.of(51, 10))).isEqualTo(1);
        assertThat(jpeg.reduction(new ImageBox(3, 3, 50, 50), ImageBox.of(12, 12)))
                .isEqualTo(2);
        assertThat(new ImageSource.Encoded(header("rgb.png")).reduction(ImageBox.of(24, 16), ImageBox.of(2, 2)))
                .isEqualTo(1);
    }

    private static ImageHeader header(String name) {
        return ImageHeader.read(new ImageBytes(Path.of(name), ImageFixtures.bytes(name)));
    }

    @Test
    void a_photo_of_108_million_pixels_is_decoded_at_an_eighth() {
        Image huge = Image.of(ImageForgery.jpeg(12_000, 9_000));
        assertThat(huge.width()).isEqualTo(12_000);
        assertThat(huge.height()).isEqualTo(9_000);
        Tensor small = huge.resize(128, 128).pixels();
        assertThat(small.shape()).containsExactly(3, 128, 128);
        assertThat(small.min().item()).isEqualTo(128);
        assertThat(small.max().item()).isEqualTo(128);
    }

    @Test
    void pixels_stay_as_they_are_when_those_of_another_image_change() {
        Tensor x = numbered(3, 2);
        Image.of(x).pixels().fill_(7);
        Image.of(x).crop(1, 0, 1, 1).pixels().fill_(7);
        assertThat(x.equal(numbered(3, 2))).isTrue();
    }

    @Test
    void wrong_numbers_and_tensors_are_refused() {
        assertThatThrownBy(() -> small().crop(1, 0, 3, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("crop: wanted a part of 3×2 pixels, but got 3×2 at (1, 0)");
        assertThatThrownBy(() -> small().crop(-1, 0, 2, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small().crop(0, 0, 0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small().crop(2, 0, Integer.MAX_VALUE, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small().resize(0, 5)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small().resize(5, 1 << 21)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small().dihedral(8)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> small().pad(-1, PadMode.ZEROS)).isInstanceOf(IllegalArgumentException.class);
        for (Tensor wrong : new Tensor[] {
            Tensor.ones(3, 2, 2),
            Tensor.zeros(DType.UINT8, 2, 2),
            Tensor.zeros(DType.UINT8, 4, 2, 2),
            Tensor.zeros(DType.UINT8, 3, 0, 2)
        }) {
            assertThatThrownBy(() -> Image.of(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(wrong.describe());
        }
    }

    @Test
    void says_what_it_is() {
        assertThat(small().grey().crop(0, 0, 2, 1)).hasToString("Image 2×1 grey");
    }
}
