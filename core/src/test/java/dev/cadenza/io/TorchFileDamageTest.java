package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.InScope;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged and hostile files are refused; nothing is run, nothing large is allocated, nothing crashes. */
@ExtendWith(InScope.class)
class TorchFileDamageTest {
    private static final String BROKEN = "the list of tensors (a Python pickle) cannot be read: ";
    private static final String STORAGE = "(U\7storagectorch\nFloatStorage\nU\1kU\3cpuK\4tQ";
    private static final String REBUILD = "}U\1tctorch._utils\n_rebuild_tensor_v2\n";

    @TempDir
    Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "kinds_legacy.pt"})
    void every_changed_byte_gives_an_error_or_tensors(String name) throws IOException {
        Path file = Files.copy(Fixture.file(name), dir.resolve("changed"));
        int refused = 0;
        for (int at = 0; at < Files.size(file); at += 3) {
            int bits = 1 + at * 7 % 255;
            Fixture.flip(file, at, bits);
            refused += isRefused(file) ? 1 : 0;
            Fixture.flip(file, at, bits);
        }
        assertThat(refused).isGreaterThan(200);
        assertThat(isRefused(file)).isFalse();
    }

    private static boolean isRefused(Path file) {
        try (Scope scope = Scope.open()) {
            TorchFile.read(file, "").values().forEach(Tensor::toBytes);
            return false;
        } catch (DataException e) {
            return true;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"state_dict.pt", "kinds_legacy.pt"})
    void every_shorter_file_is_refused(String name) throws IOException {
        Path file = Files.copy(Fixture.file(name), dir.resolve("shorter"));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (long length = channel.size() - 1; length >= 0; length -= 31) {
                channel.truncate(length);
                assertThat(isRefused(file)).as("%d bytes", length).isTrue();
            }
        }
    }

    @Test
    void a_changed_element_is_found_by_its_checksum() throws IOException {
        byte[] pickle = pickle(REBUILD + "(" + STORAGE + "K\0K\4\205K\1\205\211}tRs.");
        Path file = zip(Map.of("a/data.pkl", pickle, "a/data/k", new byte[16]));
        assertThat(TorchFile.read(file).get("t").toFloats()).containsExactly(0, 0, 0, 0);
        Path sound = Fixture.file("state_dict.pt");
        Path changed = Files.copy(sound, dir.resolve("changed"));
        int at = new String(Files.readAllBytes(sound), ISO_8859_1).indexOf("/data/0FB");
        Fixture.flip(changed, at + 64, 1);
        assertThat(Fixture.refusal(changed, () -> TorchFile.read(changed)))
                .isEqualTo("the checksum of the memory '0' is wrong; " + TensorReader.DAMAGED);
    }

    @ParameterizedTest
    @CsvSource({"posix, system", "builtins, eval", "__builtin__, eval", "numpy.core.multiarray, _reconstruct"})
    void python_code_is_refused_by_name(String module, String name) throws IOException {
        String full = module.replace("__builtin__", "builtins") + "." + name;
        assertThat(refusal("c" + module + "\n" + name + "\n(U\2lstR."))
                .startsWith("holds an object of the Python type " + full + ",");
        assertThat(refusal("U%c%sU%c%s\223)\201.".formatted(module.length(), module, name.length(), name)))
                .startsWith("holds an object of the Python type " + full + ",");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "P      | instruction 0x50 is none that torch.save writes",
                ".      | it takes more than it has made",
                "(0     | it takes more than it has made",
                "Ka(0   | it takes more than it has made",
                "e      | a mark is missing",
                "h!     | it refers to object 33, which it has not made",
                "KaKba  | something is appended to what is no list",
                "KaKbKcs | something is put into what is no dict",
                "}(Kau  | something is put into what is no dict",
                "KaKbb  | attributes are set on what is no dict",
                "KaKbR  | arguments are no tuple",
            })
    void what_no_pickler_writes_is_refused(String program, String problem) throws IOException {
        assertThat(refusal(program)).startsWith(BROKEN + problem);
    }

    @Test
    void lengths_that_are_not_there_are_refused() throws IOException {
        assertThat(refusal("X\377\377\377\177")).contains("announces a text of 2147483647 bytes, only");
        assertThat(refusal("\215\377\377\377\377\377\377\377\377")).contains("announces a text of -1 bytes");
        assertThat(refusal("\213\377\377\377\377")).contains("announces a text of -1 bytes");
        assertThat(refusal("c" + "x".repeat(2000))).contains("has a name of more than 1024 bytes");
        assertThat(refusal("K")).startsWith("the list of tensors ends too early");
    }

    @ParameterizedTest
    @CsvSource({
        "K\\0K\\4\\205K\\2\\205, lies outside its memory of 4 elements",
        "K\\1K\\4\\205K\\1\\205, lies outside its memory of 4 elements",
        "K\\4)), lies outside its memory of 4 elements",
        "J\\377\\377\\377\\377)), lies outside its memory of 4 elements",
        "K\\0K\\4\\205), lies outside its memory of 4 elements",
        "K\\0K\\2\\205J\\377\\377\\377\\377\\205, a size or stride of a tensor is no whole number of 0 or more",
        "K\\0K\\2\\205\\212\\10\\377\\377\\377\\377\\377\\377\\377\\177\\205, lies outside its memory of 4 elements",
        "K\\0\\212\\10\\377\\377\\377\\377\\377\\377\\377\\177\\205K\\0\\205, lies outside its memory of 4 elements",
    })
    void a_view_outside_its_memory_is_refused(String view, String problem) throws IOException {
        String program = REBUILD + "(" + STORAGE + view.translateEscapes() + "\211}tRs.";
        Path file = zip(Map.of("a/data.pkl", pickle(program), "a/data/k", new byte[16]));
        assertThat(Fixture.refusal(file, () -> TorchFile.read(file))).contains(problem);
    }

    @Test
    void an_expanded_tensor_takes_the_memory_of_what_it_repeats() throws IOException {
        String program = REBUILD + "(" + STORAGE + "K\0J\0\0\0\100\205K\0\205\211}tRs.";
        Path file = zip(Map.of("a/data.pkl", pickle(program), "a/data/k", new byte[16]));
        assertThat(TorchFile.read(file).get("t").shape()).containsExactly(1 << 30);
    }

    @Test
    void dicts_that_hold_each_other_without_end_are_refused() throws IOException {
        assertThat(refusal("]q\0h\0a.")).startsWith("its dicts and lists hold each other without end");
        assertThat(refusal("}q\0U\1ah\0s.")).startsWith("its dicts and lists hold each other without end");
        StringBuilder laughs = new StringBuilder("]q\0");
        for (int i = 0; i < 40; i++) {
            laughs.append("](h")
                    .append((char) i)
                    .append("h")
                    .append((char) i)
                    .append("eq")
                    .append((char) (i + 1));
        }
        assertThat(refusal(laughs + ".")).startsWith("its dicts and lists hold each other without end");
        assertThat(refusal("]".repeat(5_000_000))).startsWith(BROKEN + "it makes more than 4000000 objects");
        assertThat(refusal("(".repeat(100_000) + ".")).startsWith(BROKEN + "it takes more than it has made");
    }

    @Test
    void a_zip_that_torch_save_did_not_write_is_refused() throws IOException {
        byte[] empty = pickle("}.");
        assertThat(refusal(zip(Map.of("b/c/data.pkl", empty))))
                .startsWith("is a zip file, but not one of torch.save: it has 0 files FOLDER/data.pkl");
        assertThat(refusal(zip(Map.of("a/data.pkl", empty, "a/constants.pkl", empty))))
                .startsWith("is a TorchScript program, not weights; ");
        assertThat(refusal(zip(Map.of("a/data.pkl", empty, "a/byteorder", "big".getBytes(UTF_8)))))
                .startsWith("has the byte order 'big', little was wanted; ");
        assertThat(TorchFile.read(zip(Map.of("a/data.pkl", empty, "a/byteorder", "little".getBytes(UTF_8)))))
                .isEmpty();
        assertThat(refusal(zip(ZipEntry.DEFLATED, Map.of("a/data.pkl", empty))))
                .startsWith("'a/data.pkl' is compressed or encrypted, which torch.save never does; ");
    }

    @Test
    void memory_that_is_missing_or_of_another_size_is_refused() throws IOException {
        byte[] list = pickle(REBUILD + "(" + STORAGE + "K\0))\211}tRs.");
        assertThat(refusal(zip(Map.of("a/data.pkl", list)))).startsWith("the memory 'k' of a tensor is missing; ");
        assertThat(refusal(zip(Map.of("a/data.pkl", list, "a/data/k", new byte[12]))))
                .startsWith("the memory 'k' has 12 bytes, but 4 elements of float32 were announced; ");
    }

    @Test
    void other_old_files_are_refused() throws IOException {
        assertThat(refusal(Files.write(dir.resolve("plain"), pickle("}."))))
                .startsWith("is a Python pickle, but not of torch.save; ");
        byte[] old = Files.readAllBytes(Fixture.file("state_dict_legacy.pt"));
        int order = new String(old, ISO_8859_1).indexOf("little_endian") + "little_endian".length();
        int truth = new String(old, ISO_8859_1).indexOf('\u0088', order);
        old[truth]++;
        assertThat(refusal(Files.write(dir.resolve("big"), old))).startsWith("was written on a big-endian machine; ");
    }

    /** The refusal of a program of the pickle machine, written in Latin-1. */
    private String refusal(String program) throws IOException {
        return refusal(zip(Map.of("a/data.pkl", pickle(program))));
    }

    private static String refusal(Path file) {
        return Fixture.refusal(file, () -> TorchFile.read(file, ""));
    }

    private static byte[] pickle(String program) {
        return ("\u0080\2" + program).getBytes(ISO_8859_1);
    }

    private Path zip(Map<String, byte[]> files) throws IOException {
        return zip(ZipEntry.STORED, files);
    }

    private Path zip(int method, Map<String, byte[]> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, byte[]> each : files.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setMethod(method);
                CRC32 checksum = new CRC32();
                checksum.update(each.getValue());
                entry.setCrc(checksum.getValue());
                entry.setSize(each.getValue().length);
                zip.putNextEntry(entry);
                zip.write(each.getValue());
            }
        }
        return Files.write(dir.resolve("made.pt"), bytes.toByteArray());
    }
}
