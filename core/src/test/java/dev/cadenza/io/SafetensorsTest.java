package dev.cadenza.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Parameter;
import dev.cadenza.tensor.Rng;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(InScope.class)
class SafetensorsTest {
    @TempDir
    Path dir;

    @Test
    void reads_what_the_reference_implementation_wrote() throws IOException {
        Path file = Fixture.file("dtypes.safetensors");
        Fixture.assertHolds("dtypes", Safetensors.read(file));
        assertThat(Safetensors.metadata(file)).isEqualTo(Map.of("format", "pt"));
    }

    @Test
    void writes_the_bytes_that_the_reference_implementation_writes() throws IOException {
        Path reference = Fixture.file("dtypes.safetensors");
        Path ours = dir.resolve("ours");
        List<Map.Entry<String, Tensor>> tensors = Stream.of(Safetensors.read(reference))
                .flatMap(all -> all.entrySet().stream())
                .sorted(Map.Entry.comparingByKey())
                .toList();
        Map<String, Tensor> otherOrder = new LinkedHashMap<>();
        tensors.forEach(each -> otherOrder.put(each.getKey(), each.getValue()));
        Safetensors.write(ours, otherOrder, Map.of("format", "pt"));
        assertThat(ours).hasSameBinaryContentAs(reference);
    }

    @Test
    void any_tensors_survive_a_round_trip_through_any_window() {
        for (long seed = 0; seed < 12; seed++) {
            Random random = new Random(seed);
            Map<String, Tensor> tensors = new LinkedHashMap<>();
            for (int i = random.nextInt(20); i > 0; i--) {
                tensors.put(random.nextInt(1000) + "é\"\u0001😀." + i, randomTensor(random));
            }
            Path file = dir.resolve("any");
            Safetensors.write(file, tensors);
            assertSame(seed, Safetensors.read(file), tensors);
            assertSame(seed, TensorReader.open(file, 8, Safetensors::read), tensors);
        }
    }

    private static void assertSame(long seed, Map<String, Tensor> got, Map<String, Tensor> want) {
        assertThat(got.keySet()).as("names, seed %d", seed).isEqualTo(want.keySet());
        want.forEach((name, tensor) -> {
            assertThat(got.get(name).describe()).as("seed %d", seed).isEqualTo(tensor.describe());
            assertThat(got.get(name).equal(tensor))
                    .as("%s, seed %d", name, seed)
                    .isTrue();
        });
    }

    /** Of any dtype, of 0 to 4 dimensions, half of them not contiguous. */
    private static Tensor randomTensor(Random random) {
        long[] shape = random.longs(random.nextInt(5), 0, 5).toArray();
        DType dtype = DType.values()[random.nextInt(DType.values().length)];
        Tensor tensor =
                Tensor.zeros(shape).uniform_(0, 100, new Rng(random.nextLong())).to(dtype);
        return shape.length > 1 && random.nextBoolean() ? tensor.transpose(0, shape.length - 1) : tensor;
    }

    @Test
    void many_windows_are_written_as_one() throws IOException {
        Tensor tensor = Tensor.arange(1000).transpose(0, 0);
        Path whole = dir.resolve("whole");
        Path parts = dir.resolve("parts");
        TensorWriter.replace(whole, writer -> writer.tensor(tensor));
        TensorWriter.replace(parts, 24, writer -> writer.tensor(tensor));
        assertThat(parts).hasSize(8000).hasSameBinaryContentAs(whole);
    }

    @Test
    void parameters_and_views_are_written_as_their_elements() {
        Path file = dir.resolve("views");
        Parameter parameter = new Parameter(Tensor.arange(0, 6, 1).view(2, 3));
        Safetensors.write(file, Map.of("p", parameter, "t", parameter.t(), "e", parameter.narrow(1, 1, 1)));
        Map<String, Tensor> read = Safetensors.read(file);
        assertThat(read.get("p").requiresGrad()).isFalse();
        assertThat(read.get("t").toFloats()).containsExactly(0, 3, 1, 4, 2, 5);
        assertThat(read.get("t").shape()).containsExactly(3, 2);
        assertThat(read.get("e").toFloats()).containsExactly(1, 4);
    }

    @Test
    void a_byte_of_a_bool_that_is_neither_0_nor_1_is_true() throws IOException {
        Path file = dir.resolve("bools");
        Safetensors.write(file, Map.of("b", Tensor.of(new boolean[] {false, true, true})));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] = 77;
        Files.write(file, bytes);
        assertThat(Safetensors.read(file).get("b").to(DType.INT64).toLongs()).containsExactly(0, 1, 1);
    }

    @Test
    void tensors_begin_at_a_multiple_of_eight() throws IOException {
        for (int i = 1; i <= 8; i++) {
            Path file = dir.resolve("aligned");
            Safetensors.write(file, Map.of("x".repeat(i), Tensor.zeros(2)));
            assertThat(Files.size(file) % 8).isZero();
        }
    }

    @Test
    void no_tensors_and_metadata_alone_are_files_too() {
        Path file = dir.resolve("empty");
        Safetensors.write(file, Map.of());
        assertThat(Safetensors.read(file)).isEmpty();
        assertThat(Safetensors.metadata(file)).isEmpty();
        Safetensors.write(file, Map.of(), Map.of("b", "2\n", "a", "1"));
        assertThat(Safetensors.metadata(file)).containsExactly(Map.entry("a", "1"), Map.entry("b", "2\n"));
    }

    @Test
    void a_file_that_cannot_be_written_stays_as_it_was() throws IOException {
        Path file = Files.writeString(dir.resolve("kept"), "before");
        Tensor closed = Tensor.zeros(2);
        closed.close();
        assertThatIllegalStateException()
                .isThrownBy(() -> Safetensors.write(file, Map.of("a", Tensor.ones(2), "b", closed)));
        assertThatIllegalStateException()
                .isThrownBy(() -> TensorWriter.replace(file, writer -> {
                    writer.tensor(Tensor.ones(5));
                    throw new IllegalStateException("in the middle");
                }));
        assertThat(file).hasContent("before");
        try (Stream<Path> files = Files.list(dir)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_folder_that_is_absent_is_named() {
        Path file = dir.resolve("no/such/folder/x");
        assertThat(Fixture.refusal(file, () -> Safetensors.write(file, Map.of())))
                .startsWith("cannot be written (")
                .endsWith("; check that the folder exists, its permissions and the space on its disk");
    }

    @Test
    void names_that_the_format_cannot_hold_are_refused() {
        Path file = dir.resolve("names");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(file, Map.of("__metadata__", Tensor.zeros(1))))
                .withMessageStartingWith("wanted another name than '__metadata__'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(file, Map.of("\uD800", Tensor.zeros(1))))
                .withMessageStartingWith("wanted valid Unicode");
        char[] long100Mb = new char[100_000_000];
        Arrays.fill(long100Mb, 'x');
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Safetensors.write(file, Map.of(), Map.of("x", new String(long100Mb))))
                .withMessageStartingWith("wanted names and metadata of at most 100000000 bytes, but got 100000032");
        assertThat(file).doesNotExist();
    }
}
