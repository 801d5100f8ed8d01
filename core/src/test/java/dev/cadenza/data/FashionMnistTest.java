package dev.cadenza.data;

import static dev.cadenza.data.IdxFiles.gzip;
import static dev.cadenza.data.IdxFiles.idx;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    @TempDir
    Path dir;

    @Test
    void the_training_files_are_trained_on_and_the_test_files_validated_on() throws IOException {
        write("train", 3, 9, 0, 5);
        write("t10k", 2, 1, 8);
        Datasets sets = FashionMnist.in(dir);
        assertThat(sets.train().batch(new int[] {0, 1, 2}).target().toLongs()).containsExactly(9, 0, 5);
        assertThat(sets.valid().batch(new int[] {0, 1}).target().toLongs()).containsExactly(1, 8);
        assertThat(sets.train().batch(new int[] {0, 1, 2}).input().describe()).isEqualTo("float32[3, 784]");
        assertThat(sets.classes()).hasSize(10).startsWith("T-shirt/top").endsWith("Ankle boot");
    }

    @Test
    void a_missing_part_is_refused_by_name() throws IOException {
        write("train", 1, 9);
        assertThatThrownBy(() -> FashionMnist.in(dir))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(dir.resolve("t10k-images-idx3-ubyte") + ": wanted this file or ");
    }

    private void write(String part, int images, int... labels) throws IOException {
        Files.write(
                dir.resolve(part + "-images-idx3-ubyte.gz"),
                gzip(idx(new int[] {images, 28, 28}, new int[784 * images])));
        Files.write(dir.resolve(part + "-labels-idx1-ubyte"), idx(new int[] {images}, labels));
    }
}
