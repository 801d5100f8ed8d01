package dev.cadenza.data;

import static dev.cadenza.data.IdxFiles.gzip;
import static dev.cadenza.data.IdxFiles.idx;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads small files of the form of MNIST; {@link GoldenMnistTest} reads the real ones. */
class MnistTest {
    private static final String IMAGES = "t10k-images-idx3-ubyte";
    private static final String LABELS = "t10k-labels-idx1-ubyte";

    @TempDir
    Path dir;

    @Test
    void pixels_become_shares_of_white_and_labels_whole_numbers() throws IOException {
        write(IMAGES, images(2));
        write(LABELS, idx(new int[] {2}, 9, 0));
        Dataset test = Mnist.test(dir);
        assertThat(test.size()).isEqualTo(2);
        Batch batch = test.batch(new int[] {0, 1});
        assertThat(batch.input().describe()).isEqualTo("float32[2, 784]");
        assertThat(batch.input().toFloats()).startsWith(0f, 1 / 255f, 2 / 255f).endsWith(31 / 255f);
        assertThat(batch.target().toLongs()).containsExactly(9, 0);
    }

    @Test
    void compressed_files_are_read_and_come_first() throws IOException {
        write(IMAGES + ".gz", gzip(images(2)));
        write(LABELS + ".gz", gzip(idx(new int[] {2}, 3, 4)));
        write(LABELS, idx(new int[] {2}, 5, 6));
        assertThat(Mnist.test(dir).batch(new int[] {0, 1}).target().toLongs()).containsExactly(3, 4);
    }

    @Test
    void the_data_outlive_the_scope_that_they_were_read_in() throws IOException {
        write(IMAGES, images(2));
        write(LABELS, idx(new int[] {2}, 3, 4));
        Dataset test;
        try (Scope scope = Scope.open()) {
            test = Mnist.test(dir);
        }
        assertThat(test.get(1).targets().get(0).itemLong()).isEqualTo(4);
    }

    @Test
    void a_missing_file_is_refused_by_name() throws IOException {
        assertRefused(
                IMAGES,
                "wanted this file or " + IMAGES + ".gz, but there is neither; "
                        + "put the four files of the data set into this folder");
        write(IMAGES, images(1));
        assertRefused(LABELS, "wanted this file or " + LABELS + ".gz, but there is neither");
    }

    @Test
    void a_truncated_file_is_refused_by_name() throws IOException {
        byte[] zipped = gzip(images(2));
        write(IMAGES + ".gz", Arrays.copyOf(zipped, zipped.length - 12));
        write(LABELS, idx(new int[] {2}, 3, 4));
        assertRefused(IMAGES + ".gz", "the gzip data ends too early");
        write(IMAGES + ".gz", Arrays.copyOf(images(2), 1000));
        assertRefused(IMAGES + ".gz", "1568 bytes of data were announced, only 984 came");
    }

    @Test
    void images_of_another_size_are_refused_by_name() throws IOException {
        write(IMAGES, idx(new int[] {1, 2, 2}, 1, 2, 3, 4));
        write(LABELS, idx(new int[] {1}, 3));
        assertRefused(IMAGES, "wanted images of 28×28, but its shape is [1, 2, 2]");
        write(IMAGES, idx(new int[] {1}, 3));
        assertRefused(IMAGES, "wanted images of 28×28, but its shape is [1]");
    }

    @Test
    void labels_of_other_images_are_refused_by_name() throws IOException {
        write(IMAGES, images(2));
        write(LABELS, idx(new int[] {3}, 3, 4, 5));
        assertRefused(LABELS, "wanted 2 labels, one for each image, but its shape is [3]");
        write(LABELS, idx(new int[] {2}, 3, 10));
        assertRefused(LABELS, "wanted labels from 0 to 9, but got 10");
        write(LABELS, idx(new int[] {2}, 255, 0));
        assertRefused(LABELS, "wanted labels from 0 to 9, but got 255");
    }

    @Test
    void a_training_file_with_nothing_to_validate_on_is_refused() throws IOException {
        write("train-images-idx3-ubyte", images(2));
        write("train-labels-idx1-ubyte", idx(new int[] {2}, 3, 4));
        assertThatThrownBy(() -> Mnist.in(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(dir + ": wanted more than 50000 training images, but got 2; fetch the original files");
    }

    @Test
    void every_byte_is_divided_by_255() {
        byte[] bytes = new byte[784];
        for (int i = 0; i < 256; i++) {
            bytes[i] = (byte) i;
        }
        Tensor pixels = Mnist.pixels(bytes);
        assertThat(pixels.dtype()).isEqualTo(DType.FLOAT32);
        float[] values = pixels.toFloats();
        for (int i = 0; i < 256; i++) {
            assertThat(values[i]).isEqualTo(i / 255f);
        }
    }

    private void assertRefused(String file, String problem) {
        assertThatThrownBy(() -> Mnist.test(dir))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir.resolve(file) + ": " + problem);
    }

    /** The file of n images whose pixels count up, modulo 256. */
    private static byte[] images(int n) {
        int[] pixels = new int[784 * n];
        Arrays.setAll(pixels, i -> i % 256);
        return idx(new int[] {n, 28, 28}, pixels);
    }

    private void write(String name, byte[] content) throws IOException {
        Files.write(dir.resolve(name), content);
    }
}
