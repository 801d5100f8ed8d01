package dev.cadenza.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class DigitsTest {
    private static final int PIXELS = 28 * 28;

    @Test
    void the_same_seed_gives_the_same_bytes() {
        assertThat(Digits.images(7, 0, 50)).isEqualTo(Digits.images(7, 0, 50));
        assertThat(Digits.labels(7, 0, 50)).isEqualTo(Digits.labels(7, 0, 50));
    }

    @Test
    void another_seed_gives_other_images_and_labels() {
        assertThat(Digits.images(7, 0, 50)).isNotEqualTo(Digits.images(8, 0, 50));
        assertThat(Digits.labels(7, 0, 50)).isNotEqualTo(Digits.labels(8, 0, 50));
    }

    @Test
    void neighbouring_seeds_do_not_share_shifted_images() {
        assertThat(Digits.images(7, 1, 50)).isNotEqualTo(Digits.images(8, 0, 50));
    }

    @Test
    void an_image_does_not_depend_on_which_others_are_drawn() {
        byte[] all = Digits.images(3, 0, 100);
        assertThat(Digits.images(3, 50, 50)).isEqualTo(Arrays.copyOfRange(all, 50 * PIXELS, 100 * PIXELS));
        byte[] labels = Digits.labels(3, 0, 100);
        assertThat(Digits.labels(3, 50, 50)).isEqualTo(Arrays.copyOfRange(labels, 50, 100));
    }

    @Test
    void the_last_index_can_be_drawn() {
        assertThat(Digits.images(1, Integer.MAX_VALUE, 2)).hasSize(2 * PIXELS);
    }

    @Test
    void no_images_are_an_empty_array() {
        assertThat(Digits.images(1, 5, 0)).isEmpty();
        assertThat(Digits.labels(1, 5, 0)).isEmpty();
    }

    @Test
    void every_label_comes_about_equally_often_in_any_stride() {
        byte[] labels = Digits.labels(1, 0, 20_000);
        int[][] counts = new int[2][10];
        for (int i = 0; i < labels.length; i++) {
            counts[i % 2][labels[i]]++;
        }
        for (int[] half : counts) {
            assertThat(Arrays.stream(half))
                    .allSatisfy(count -> assertThat(count).isBetween(850, 1150));
        }
    }

    @Test
    void every_image_has_ink_but_is_mostly_paper() {
        byte[] images = Digits.images(1, 0, 2000);
        for (int i = 0; i < 2000; i++) {
            int inked = inked(images, i, false);
            assertThat(inked).as("inked pixels of image %d", i).isBetween(20, PIXELS / 2);
        }
    }

    @Test
    void digits_stay_inside_the_frame() {
        int count = 2000;
        byte[] images = Digits.images(1, 0, count);
        int all = 0;
        int onTheEdge = 0;
        for (int i = 0; i < count; i++) {
            all += inked(images, i, false);
            onTheEdge += inked(images, i, true);
        }
        assertThat((double) onTheEdge / all).isLessThan(0.01);
    }

    @Test
    void pixels_use_the_range_of_greys() {
        BitSet seen = new BitSet();
        for (byte pixel : Digits.images(1, 0, 1000)) {
            seen.set(pixel & 0xFF);
        }
        // Full ink needs the darkest pen and no grain at all, so the very last greys are rare.
        assertThat(seen.nextClearBit(0)).as("the first grey that never comes").isGreaterThan(250);
    }

    @Test
    void every_digit_is_drawn_in_its_own_way() {
        for (int digit = 0; digit < 10; digit++) {
            for (int other = 0; other < digit; other++) {
                assertThat(drawn(digit)).as("%d and %d", digit, other).isNotEqualTo(drawn(other));
            }
        }
    }

    @Test
    void drawing_replaces_what_was_there_and_touches_nothing_else() {
        byte[] out = new byte[PIXELS + 2];
        Arrays.fill(out, (byte) 99);
        Strokes.draw(4, 42, out, 1);
        assertThat(Arrays.copyOfRange(out, 1, PIXELS + 1)).isEqualTo(drawn(4));
        assertThat(out[0]).isEqualTo((byte) 99);
        assertThat(out[PIXELS + 1]).isEqualTo((byte) 99);
    }

    @Test
    void the_generator_has_not_changed() {
        // Recorded results depend on these very images: change the numbers only on purpose, and say so in CHANGELOG.
        assertThat(crc(Digits.images(1, 0, 100))).isEqualTo(289323118L);
        assertThat(crc(Digits.labels(1, 0, 100))).isEqualTo(3872476545L);
    }

    @Test
    void an_index_or_count_out_of_range_is_refused() {
        assertThatThrownBy(() -> Digits.images(1, -1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("wanted a first index of 0 or more, but got: -1");
        assertThatThrownBy(() -> Digits.labels(1, 0, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "wanted 0 to 2739137 images, what fits in one array, but got: -1; draw more in several calls");
        assertThatThrownBy(() -> Digits.images(1, 0, 2_739_138)).isInstanceOf(IllegalArgumentException.class);
    }

    private static byte[] drawn(int digit) {
        byte[] out = new byte[PIXELS];
        Strokes.draw(digit, 42, out, 0);
        return out;
    }

    private static int inked(byte[] images, int image, boolean onlyTheEdge) {
        int inked = 0;
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            int x = pixel % 28;
            int y = pixel / 28;
            boolean edge = x == 0 || y == 0 || x == 27 || y == 27;
            if (images[image * PIXELS + pixel] != 0 && (edge || !onlyTheEdge)) {
                inked++;
            }
        }
        return inked;
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}
