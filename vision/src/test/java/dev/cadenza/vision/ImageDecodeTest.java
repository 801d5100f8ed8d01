package dev.cadenza.vision;

import static dev.cadenza.vision.ImageFixtures.bytes;
import static dev.cadenza.vision.ImageFixtures.difference;
import static dev.cadenza.vision.ImageFixtures.image;
import static dev.cadenza.vision.ImageFixtures.seen;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from each kind of file is what PIL reads. */
@ExtendWith(InScope.class)
class ImageDecodeTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "rgb.png",
                "rgb.jpg",
                "progressive.jpg",
                "rgb.bmp",
                "rgb.gif",
                "lossless.webp",
                "lossy.webp",
                "grey.png",
                "grey.jpg",
                "cmyk.jpg",
                "bits.png",
                "palette.png",
                "alpha.png",
                "alpha.webp",
                "rgb16.png",
                "one.png",
                "commented.png",
                "animated.gif",
                "animated.png",
                "animated.webp",
                "exif1.jpg",
                "exif2.jpg",
                "exif3.jpg",
                "exif4.jpg",
                "exif5.jpg",
                "exif6.jpg",
                "exif7.jpg",
                "exif8.jpg",
                "exif6.png",
                "exif6.webp"
            })
    void pixels_are_those_that_pil_sees(String name) {
        Image image = image(name);
        Tensor pixels = image.pixels();
        assertThat(pixels.dtype()).isEqualTo(DType.UINT8);
        assertThat(pixels.shape()).containsExactly(3, image.height(), image.width());
        assertThat(difference(pixels, seen(name))).isLessThanOrEqualTo(name.startsWith("cmyk") ? 1 : 0);
    }

    @Test
    void a_png_of_known_values_is_read_channels_first_and_red_first() {
        assertThat(image("one.png")
                        .pixels()
                        .equal(Tensor.of(new int[] {10, 20, 30}, 3, 1, 1).to(DType.UINT8)))
                .isTrue();
        Tensor first = image("rgb.png").pixels().select(1, 0);
        assertThat(first.select(0, 0).select(0, 0).item()).isEqualTo(128);
        assertThat(first.select(0, 1).select(0, 0).item()).isEqualTo(228);
        assertThat(first.select(0, 2).select(0, 23).item()).isEqualTo(255);
    }

    @Test
    void grey_has_one_channel_of_brightness_from_every_source() {
        Tensor colours = image("rgb.png").pixels();
        Tensor file = image("rgb.png").grey().pixels();
        assertThat(file.shape()).containsExactly(1, 16, 24);
        assertThat(difference(file, image("grey.png").grey().pixels())).isLessThanOrEqualTo(1);
        assertThat(difference(Image.of(colours).grey().pixels(), file)).isLessThanOrEqualTo(1);
        assertThat(difference(
                        image("rgb.png")
                                .pad(2, PadMode.BORDER)
                                .grey()
                                .crop(2, 2, 24, 16)
                                .pixels(),
                        file))
                .isZero();
        assertThat(image("large.jpg").resize(20, 15).grey().pixels().shape()).containsExactly(1, 15, 20);
    }

    @Test
    void a_16_bit_grey_png_keeps_its_brightness() {
        byte[] file = ImageForgery.grey16();
        assertThat(Image.of(file)
                        .grey()
                        .pixels()
                        .equal(Tensor.of(new int[] {0x12, 0xfe}, 1, 1, 2).to(DType.UINT8)))
                .isTrue();
    }

    @Test
    void decoding_leaves_no_native_object_behind() {
        byte[] good = bytes("large.jpg");
        byte[] bad = ImageForgery.undecodable();
        Runnable round = () -> {
            try (Scope scope = Scope.open()) {
                Image.of(good).crop(10, 10, 100, 100).resize(20, 20).flip().pixels();
                Image.of(good)
                        .resize(64, 64)
                        .pad(4, PadMode.REFLECTION)
                        .crop(3, 0, 64, 64)
                        .pixels();
                Image.of(good).grey().pixels();
                try {
                    Image.of(bad).pixels();
                    throw new AssertionError("was decoded");
                } catch (DataException expected) {
                    assertThat(expected).hasMessageContaining("WebP");
                }
            }
        };
        round.run();
        long before = Engine.liveObjects();
        for (int i = 0; i < 30; i++) {
            round.run();
        }
        assertThat(Engine.liveObjects()).isEqualTo(before);
    }

    @Test
    void the_result_belongs_to_the_scope_that_is_open() {
        Tensor pixels;
        try (Scope scope = Scope.open()) {
            pixels = image("rgb.jpg").pixels();
        }
        Tensor closed = pixels;
        assertThatThrownBy(closed::numel).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void several_threads_decode_the_same_pixels() throws Exception {
        Tensor alone = image("large.jpg").resize(50, 40).pixels();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> again = () -> {
                for (int i = 0; i < 20; i++) {
                    try (Scope scope = Scope.open()) {
                        if (!image("large.jpg").resize(50, 40).pixels().equal(alone)) {
                            return false;
                        }
                    }
                }
                return true;
            };
            for (Future<Boolean> same : threads.invokeAll(List.of(again, again, again, again))) {
                assertThat(same.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }
}
