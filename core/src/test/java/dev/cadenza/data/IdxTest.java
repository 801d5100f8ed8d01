package dev.cadenza.data;

import static dev.cadenza.data.IdxFiles.concat;
import static dev.cadenza.data.IdxFiles.gzip;
import static dev.cadenza.data.IdxFiles.header;
import static dev.cadenza.data.IdxFiles.idx;
import static dev.cadenza.data.IdxFiles.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.cadenza.io.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdxTest {
    private static final int HUGE = Integer.MAX_VALUE - 8;

    @TempDir
    Path dir;

    @Test
    void reads_shape_and_bytes() throws IOException {
        Idx idx = Idx.read(write("plain", idx(new int[] {2, 3}, 1, 2, 3, 4, 5, 255)));
        assertThat(idx.shape()).containsExactly(2, 3);
        assertThat(idx.data()).containsExactly(1, 2, 3, 4, 5, 255);
    }

    @Test
    void the_shape_is_a_copy() throws IOException {
        Idx idx = Idx.read(write("plain", idx(new int[] {1}, 7)));
        idx.shape()[0] = 99;
        assertThat(idx.shape()).containsExactly(1);
    }

    @Test
    void compression_is_seen_from_the_bytes_not_from_the_name() throws IOException {
        byte[] content = idx(new int[] {2}, 8, 9);
        assertThat(Idx.read(write("plain.gz", content)).data()).containsExactly(8, 9);
        assertThat(Idx.read(write("zipped.idx", gzip(content))).data()).containsExactly(8, 9);
    }

    @Test
    void any_shape_survives_a_round_trip() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            int[] shape = random.ints(1 + random.nextInt(8), 0, 4).toArray();
            byte[] data = new byte[Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
            random.nextBytes(data);
            byte[] content = concat(header(0x08, shape), data);
            for (byte[] stored : new byte[][] {content, gzip(content)}) {
                Idx idx = Idx.read(write("any", stored));
                assertThat(idx.shape()).as("shape, seed %d", seed).isEqualTo(shape);
                assertThat(idx.data()).as("data, seed %d", seed).isEqualTo(data);
            }
        }
    }

    @Test
    void a_missing_file_is_refused() {
        Path file = dir.resolve("absent");
        assertThatThrownBy(() -> Idx.read(file))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ": no such file; check the path, or download the data first")
                .hasCauseInstanceOf(NoSuchFileException.class);
    }

    @Test
    void a_directory_is_refused() {
        assertThatThrownBy(() -> Idx.read(dir))
                .isInstanceOf(DataException.class)
                .hasMessage(dir + ": is a directory, an IDX file was wanted; name a file inside it");
    }

    @Test
    void an_empty_file_is_refused() throws IOException {
        assertThat(refusal(dir, new byte[0])).startsWith("an IDX header has 4 bytes, only 0 came; ");
    }

    @Test
    void a_file_of_another_kind_is_refused() throws IOException {
        assertThat(refusal(dir, "PNG or so".getBytes(StandardCharsets.US_ASCII)))
                .startsWith("is not an IDX file: it begins with 50 4E 47, not with 00 00 08; ");
        assertThat(refusal(dir, header(0xFF, 1))).startsWith("is not an IDX file: it begins with 00 00 FF");
    }

    @ParameterizedTest
    @CsvSource({"09, signed byte", "0B, short", "0C, int", "0D, float", "0E, double"})
    void other_element_types_are_refused_by_name(String code, String name) throws IOException {
        assertThat(refusal(dir, header(HexFormat.fromHexDigits(code), 1)))
                .startsWith(
                        "element type 0x" + code + " (" + name + ") is not supported, Cadenza reads unsigned bytes; ");
    }

    @Test
    void no_dimensions_or_more_than_eight_are_refused() throws IOException {
        assertThat(refusal(dir, header(0x08))).startsWith("has 0 dimensions, 1 to 8 were wanted; ");
        assertThat(refusal(dir, header(0x08, new int[9]))).startsWith("has 9 dimensions, 1 to 8 were wanted; ");
        assertThat(refusal(dir, header(0x08, new int[255]))).startsWith("has 255 dimensions, 1 to 8 were wanted; ");
    }

    @Test
    void a_size_above_the_limit_is_refused() throws IOException {
        assertThat(refusal(dir, header(0x08, HUGE + 1)))
                .startsWith("announces the shape [2147483640], more than the limit of 2147483639 elements; ");
        assertThat(refusal(dir, header(0x08, -1))).startsWith("announces the shape [4294967295], more than");
        assertThat(refusal(dir, header(0x08, 0, -1))).startsWith("announces the shape [0, 4294967295], more than");
    }

    @Test
    void a_size_that_wraps_around_to_a_small_one_is_refused() throws IOException {
        assertThat(refusal(dir, header(0x08, 1 << 16, 1 << 16))).contains("[65536, 65536], more than");
        int most = 1 << 31;
        assertThat(refusal(dir, header(0x08, most, most, 4))).contains("[2147483648, 2147483648, 4], more than");
        assertThat(refusal(dir, header(0x08, 1 << 30, 1 << 30, 16)))
                .contains("[1073741824, 1073741824, 16], more than");
    }

    @ParameterizedTest
    @CsvSource({
        "train-labels-idx1-ubyte.gz, 60000, a25bea736e30d166cdddb491f175f624",
        "t10k-labels-idx1-ubyte.gz, 10000, 27ae3e4e09519cfbb04c329615203637"
    })
    void the_labels_of_mnist_are_the_official_bytes(String name, int count, String md5) throws Exception {
        Optional<Path> data = TestData.dir();
        assumeTrue(data.isPresent(), "no data directory: set CADENZA_DATA to run this test");
        Path file = data.get().resolve("mnist").resolve(name);
        assumeTrue(Files.exists(file), () -> file + " is absent: see shared/data/README.md");
        Idx labels = Idx.read(file);
        assertThat(labels.shape()).containsExactly(count);
        byte[] official = concat(header(0x08, labels.shape()), labels.data());
        byte[] digest = MessageDigest.getInstance("MD5").digest(official);
        assertThat(HexFormat.of().formatHex(digest)).isEqualTo(md5);
    }

    private Path write(String name, byte[] content) throws IOException {
        return Files.write(dir.resolve(name), content);
    }
}
