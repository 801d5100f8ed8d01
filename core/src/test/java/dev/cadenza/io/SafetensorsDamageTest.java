package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with a file is told, and nothing worse happens. */
@ExtendWith(InScope.class)
class SafetensorsDamageTest {
    private static final String A = "'a':{'dtype':'F32','shape':[2],'data_offsets':[0,8]}";

    @TempDir
    Path dir;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{                                                     | 0 | the header is no valid JSON (",
                "{} x                                                  | 0 | the header is no valid JSON (",
                "{} {}                                                 | 0 | the header goes on after its closing }",
                "[]                                                    | 0 | is not a safetensors file: its header does not",
                "{'a':1}                                               | 0 | the header has VALUE_NUMBER_INT for 'a', an",
                "{'a':{'dtype':'F32','shape':[2]}}                     | 8 | the header lacks dtype, shape or two data_off",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[0]}}  | 8 | the header lacks dtype, shape or two data_off",
                "{'a':{'dtype':'F32','shape':2,'data_offsets':[0,8]}}  | 8 | the shape of 'a' is no list of whole numbers",
                "{'a':{'dtype':'F32','shape':[-2],'data_offsets':[0,8]}} | 8 | the shape of 'a' is no list of whole numbers",
                "{'a':{'dtype':'F32','shape':[2.0],'data_offsets':[0,8]}} | 8 | the shape of 'a' is no list of whole nu",
                "{'a':{'dtype':'F32','shape':[99999999999999999999],'data_offsets':[0,8]}} | 8 | the header is no valid",
                "{'a':{'dtype':'F8_E4M3','shape':[8],'data_offsets':[0,8]}} | 8 | 'a' is of dtype F8_E4M3, Cadenza has [BF16",
                "{'a':{'dtype':'U16','shape':[4],'data_offsets':[0,8]}} | 8 | 'a' is of dtype U16, Cadenza has [BF16, BOOL,",
                "{'a':{'dtype':7,'shape':[4],'data_offsets':[0,8]}}    | 8 | 'a' is of dtype 7, Cadenza has [BF16, BOOL,",
                "{'a':{'dtype':'F32','shape':[3],'data_offsets':[0,8]}} | 8 | 'a', float32[3], needs 12 bytes, but lies from",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[8,0]}} | 8 | 'a', float32[2], needs 8 bytes, but lies from 8",
                "{'a':{'dtype':'F32','shape':[2],'data_offsets':[4,12]}} | 12 | 'a' begins at 4, but the tensor before it ends",
                "{'a':{'dtype':'I8','shape':[4294967296,4294967296],'data_offsets':[0,0]}} | 0 | 'a' has an impossible shape",
                "{'a':{'dtype':'I8','shape':[0,4294967296,4294967296],'data_offsets':[0,0]}} | 0 | 'a' has an impossible",
                "{A,A}                                                 | 8 | the header is no valid JSON (Duplicate",
                "{A,'b':{'dtype':'U8','shape':[8],'data_offsets':[0,8]}} | 8 | 'b' begins at 0, but the tensor before it ends at 8",
                "{A,'b':{'dtype':'U8','shape':[8],'data_offsets':[9,17]}} | 17 | 'b' begins at 9, but the tensor before it ends at 8",
                "{A}                                                   | 7 | 8 bytes of tensors were announced, but 7 came",
                "{A}                                                   | 9 | 8 bytes of tensors were announced, but 9 came",
                "{'__metadata__':{'a':1},A}                            | 8 | the metadata 'a' is no text",
                "{'__metadata__':'a',A}                                | 8 | the header has VALUE_STRING for '__metadata__'",
            })
    void each_fault_is_named(String header, int data, String problem) throws IOException {
        assertThat(refusal(file(header.replace("A", A).replace('\'', '"'), data)))
                .startsWith(problem)
                .contains("; ");
    }

    @Test
    void sixty_five_dimensions_are_refused() throws IOException {
        String ones = "1,".repeat(64) + "1";
        assertThat(refusal(file("{\"a\":{\"dtype\":\"U8\",\"shape\":[" + ones + "],\"data_offsets\":[0,1]}}", 1)))
                .startsWith("'a' has an impossible shape");
    }

    @Test
    void keys_that_the_format_does_not_know_are_passed_over() throws IOException {
        String more = "{\"a\":{\"dtype\":\"U8\",\"more\":{\"x\":[1,{}]},\"shape\":[3],\"data_offsets\":[0,3]}}  ";
        Path file = Files.write(dir.resolve("more"), file(more, 3));
        assertThat(Safetensors.read(file).get("a").toBytes()).containsExactly(0, 0, 0);
    }

    @Test
    void a_header_that_is_too_short_or_too_long_is_refused() throws IOException {
        assertThat(refusal(new byte[0])).startsWith("a safetensors file begins with 8 bytes of length, only 0 came");
        assertThat(refusal(length(100).array())).startsWith("announces a header of 100 bytes, only 0 came");
        assertThat(refusal(length(100_000_001L).array())).contains("header of 100000001 bytes, the limit is 100000000");
        assertThat(refusal(length(-1).array())).startsWith("announces a header of 18446744073709551615 bytes, the");
        assertThat(refusal(length(0).array()))
                .startsWith("is not a safetensors file: its header does not begin with {");
        byte[] broken = file("{\"é\":1}", 0);
        broken[11] = 'x';
        assertThat(refusal(broken)).startsWith("the header is not UTF-8");
    }

    @Test
    void a_tensor_that_is_not_there_takes_no_memory() throws IOException {
        String huge = "{\"a\":{\"dtype\":\"U8\",\"shape\":[100000000000],\"data_offsets\":[0,100000000000]}}";
        assertThat(refusal(file(huge, 8))).startsWith("100000000000 bytes of tensors were announced, but 8 came");
    }

    @Test
    void a_missing_file_and_a_folder_are_refused() {
        Path absent = dir.resolve("absent");
        assertThat(Fixture.refusal(absent, () -> Safetensors.read(absent)))
                .isEqualTo("no such file; check the path, or download the weights first");
        assertThat(Fixture.refusal(dir, () -> Safetensors.metadata(dir)))
                .isEqualTo("is a directory, a file of weights was wanted; name a file inside it");
    }

    @Test
    void every_changed_byte_of_the_header_gives_an_error_or_tensors_of_the_same_size() throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("weight", Tensor.ones(2, 3));
        tensors.put("bias", Tensor.of(new long[] {1, 2}));
        Path file = dir.resolve("sound");
        Safetensors.write(file, tensors, Map.of("a", "b"));
        int header = (int) Files.size(file) - 40;
        int refused = 0;
        for (int at = 0; at < header; at++) {
            for (int bit = 0; bit < 8; bit += 1 + at % 3) {
                Fixture.flip(file, at, 1 << bit);
                refused += isRefused(file) ? 1 : 0;
                Fixture.flip(file, at, 1 << bit);
            }
        }
        assertThat(refused).isGreaterThan(500);
    }

    private static boolean isRefused(Path file) {
        try (Scope scope = Scope.open()) {
            long bytes = Safetensors.read(file).values().stream()
                    .mapToLong(tensor -> tensor.numel() * tensor.dtype().bytes())
                    .sum();
            assertThat(bytes).isEqualTo(40);
            return false;
        } catch (DataException e) {
            return true;
        }
    }

    @Test
    void every_shorter_file_is_refused() throws IOException {
        Path file = Fixture.file("dtypes.safetensors");
        Path shorter = Files.copy(file, dir.resolve("shorter"));
        try (FileChannel channel = FileChannel.open(shorter, StandardOpenOption.WRITE)) {
            for (long length = channel.size() - 1; length >= 0; length--) {
                channel.truncate(length);
                assertThat(Fixture.refusal(shorter, () -> Safetensors.read(shorter)))
                        .isNotEmpty();
            }
        }
    }

    private static ByteBuffer length(long header) {
        return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(header);
    }

    private static byte[] file(String header, int data) {
        byte[] text = header.getBytes(UTF_8);
        return ByteBuffer.allocate(8 + text.length + data)
                .put(length(text.length).flip())
                .put(text)
                .array();
    }

    private String refusal(byte[] content) throws IOException {
        Path file = Files.write(dir.resolve("refused"), content);
        return Fixture.refusal(file, () -> Safetensors.read(file));
    }
}
