package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.bytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with a file, it is named, in one line. */
@ExtendWith(InScope.class)
class ImageDamageTest {
    private static DataException failure(Path file, byte[] content) throws IOException {
        Files.write(file, content);
        return failure(file);
    }

    private static DataException failure(Path file) {
        try {
            Image.of(file).pixels();
        } catch (DataException e) {
            assertThat(e.getMessage()).startsWith(file + ": ").doesNotContain("\n");
            return e;
        }
        throw new AssertionError(file + " was decoded");
    }

    @Test
    void what_is_no_image_is_refused_by_name(@TempDir Path dir) throws IOException {
        assertThat(failure(dir.resolve("empty.jpg"), new byte[0])).hasMessageContaining("the file is empty");
        assertThat(failure(dir.resolve("text.jpg"), "hello".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining(
                        "wanted a JPEG, PNG, GIF, BMP or WebP image, but it begins with the bytes 68 65 6c");
        assertThat(failure(dir)).hasMessageContaining("it is a folder");
        assertThat(failure(dir.resolve("missing.png"))).hasMessageContaining("there is no such file");
        assertThat(failure(dir.resolve("sound.webp"), "RIFF\4\0\0\0WAVE".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("RIFF file of another kind");
    }

    @Test
    void an_image_under_a_wrong_name_is_read_all_the_same(@TempDir Path dir) throws IOException {
        Path file = Files.write(dir.resolve("png.jpg"), bytes("rgb.png"));
        assertThat(Image.of(file).pixels().equal(ImageFixtures.image("rgb.png").pixels()))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.jpg",
                "progressive.jpg",
                "exif6.jpg",
                "rgb.png",
                "animated.png",
                "rgb.gif",
                "animated.gif",
                "rgb.bmp",
                "lossy.webp",
                "lossless.webp",
                "exif6.webp",
                "animated.webp"
            })
    void a_file_that_was_cut_off_anywhere_is_refused(String name, @TempDir Path dir) throws IOException {
        byte[] whole = bytes(name);
        assertThat(failure(dir.resolve(name), Arrays.copyOf(whole, whole.length * 6 / 10)))
                .hasMessageContaining("but it ends after " + whole.length * 6 / 10 + " bytes");
        for (int length = 0; length < whole.length - 2; length += 1 + length / 10) {
            byte[] part = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Image.of(part)).isInstanceOf(DataException.class);
        }
    }

    @Test
    void what_cameras_add_after_the_end_of_a_jpeg_does_no_harm() {
        byte[] whole = bytes("rgb.jpg");
        Tensor same = Image.of(Arrays.copyOf(whole, whole.length + 1000)).pixels();
        assertThat(same.equal(Image.of(whole).pixels())).isTrue();
    }

    @Test
    void a_png_with_a_wrong_byte_is_refused_by_its_checksum(@TempDir Path dir) throws IOException {
        byte[] png = bytes("rgb.png");
        png[png.length / 2] ^= 1;
        assertThat(failure(dir.resolve("wrong.png"), png))
                .hasMessageContaining("wanted a whole PNG, but the checksum of its part IDAT at byte 33 is wrong");
    }

    @Test
    void pixels_that_make_no_sense_are_refused_when_they_are_decoded(@TempDir Path dir) throws IOException {
        assertThat(failure(dir.resolve("wrong.webp"), ImageForgery.undecodable()))
                .hasMessageContaining("its pixels cannot be decoded");
    }

    @Test
    void a_header_that_announces_more_than_the_file_can_hold_is_refused_before_memory_is_taken(@TempDir Path dir)
            throws IOException {
        byte[] png = ImageForgery.png(30_000, 8_000, 8, 2, new byte[100]);
        assertThat(failure(dir.resolve("lie.png"), png))
                .hasMessageContaining("30000×8000 pixels, which " + png.length + " bytes cannot hold");
        byte[] jpeg = ImageForgery.jpeg(60_000, 60_000, 100);
        assertThat(failure(dir.resolve("lie.jpg"), jpeg)).hasMessageContaining("60000×60000 pixels, which");
    }

    @Test
    void more_pixels_than_memory_should_hold_are_refused_with_a_cure(@TempDir Path dir) throws IOException {
        Path file = Files.write(dir.resolve("huge.jpg"), ImageForgery.jpeg(20_000, 20_000));
        assertThat(failure(file))
                .hasMessageContaining("wanted at most 268435456 pixels")
                .hasMessageContaining("resize()");
        assertThat(Image.of(file).resize(64, 64).pixels().shape()).containsExactly(3, 64, 64);
    }

    @Test
    void a_size_of_nothing_is_refused() {
        for (byte[] wrong : new byte[][] {
            ImageForgery.jpeg(0, 5, 1),
            ImageForgery.png(0, 1, 8, 2, new byte[4]),
            ImageForgery.png(-1, 1, 8, 2, new byte[4])
        }) {
            assertThatThrownBy(() -> Image.of(wrong))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("its header says");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"exif6.jpg", "rgb.png", "rgb.gif", "rgb.bmp", "lossy.webp", "exif6.webp", "animated.webp"})
    void damage_anywhere_ends_in_pixels_or_in_a_clear_refusal(String name) {
        SplittableRandom random = new SplittableRandom(name.hashCode());
        byte[] whole = bytes(name);
        for (int i = 0; i < 150; i++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(i % 2 == 0 ? Math.min(60, whole.length) : whole.length); // headers above all
            damaged[at] = (byte) random.nextInt(256);
            try (Scope scope = Scope.open()) {
                Tensor pixels = Image.of(damaged).pixels();
                assertThat(pixels.size(0)).isEqualTo(3);
            } catch (DataException e) {
                assertThat(e.getMessage()).startsWith("bytes in memory: ").doesNotContain("\n");
            }
        }
    }
}
