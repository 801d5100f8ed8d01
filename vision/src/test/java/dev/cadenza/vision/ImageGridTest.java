package dev.cadenza.vision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import dev.cadenza.testing.InScope;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(InScope.class)
class ImageGridTest {
    private static final int WHITE = 0xFFFFFFFF;

    @TempDir
    private Path dir;

    private BufferedImage draw(Tensor images, String... captions) throws IOException {
        Path png = dir.resolve("grid.png");
        ImageGrid.write(png, images, List.of(captions));
        return ImageIO.read(png.toFile());
    }

    private static boolean hasInk(BufferedImage picture, int left, int top) {
        for (int y = top; y < top + 16; y++) {
            for (int x = left; x < left + 90; x++) {
                if (picture.getRGB(x, y) != WHITE) {
                    return true;
                }
            }
        }
        return false;
    }

    @Test
    void each_image_has_its_colours_its_place_and_its_caption() throws IOException {
        Tensor red = Tensor.of(new float[] {1, 0.5f, 0}, 1, 3, 1, 1).expand(1, 3, 128, 100);
        Tensor images = Tensor.cat(List.of(red, Tensor.zeros(2, 3, 128, 100)), 0);
        BufferedImage picture = draw(images, "crème", "");
        assertThat(picture.getWidth()).isEqualTo(2 * 104 + 4);
        assertThat(picture.getHeight()).isEqualTo(2 * 148 + 4);
        assertThat(picture.getRGB(4, 4)).isEqualTo(0xFFFF8000);
        assertThat(picture.getRGB(103, 131)).isEqualTo(0xFFFF8000);
        assertThat(picture.getRGB(108, 4)).isEqualTo(0xFF000000);
        assertThat(picture.getRGB(4, 152)).isEqualTo(0xFF000000);
        assertThat(picture.getRGB(150, 200)).isEqualTo(WHITE);
        assertThat(hasInk(picture, 4, 132)).isTrue();
        assertThat(hasInk(picture, 108, 132)).isFalse();
    }

    @Test
    void small_images_are_enlarged_pixel_by_pixel() throws IOException {
        Tensor images = Tensor.zeros(1, 3, 2, 2);
        images.select(3, 1).fill_(7); // beyond 1: full
        BufferedImage picture = draw(images);
        assertThat(picture.getWidth()).isEqualTo(2 * 48 + 8);
        assertThat(picture.getRGB(4 + 47, 4 + 95)).isEqualTo(0xFF000000);
        assertThat(picture.getRGB(4 + 48, 4)).isEqualTo(WHITE);
    }

    @Test
    void what_is_no_batch_of_images_is_refused_and_so_is_a_file_that_cannot_be_written() {
        assertThatThrownBy(() -> draw(Tensor.zeros(2, 1, 4, 4)))
                .isInstanceOf(TensorException.class)
                .hasMessage("ImageGrid: wanted images [N, 3, H, W], but got float32[2, 1, 4, 4]");
        assertThatThrownBy(() -> ImageGrid.write(dir, Tensor.zeros(1, 3, 4, 4), List.of()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(dir + ": cannot be written");
    }

    @Test
    void no_native_object_is_left_behind() throws IOException {
        long before = 0;
        for (int i = 0; i < 4; i++) {
            try (Scope scope = Scope.open()) {
                draw(Tensor.zeros(2, 3, 4, 4), "a", "b");
            }
            before = i == 1 ? Engine.liveObjects() : before;
        }
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(before);
    }
}
