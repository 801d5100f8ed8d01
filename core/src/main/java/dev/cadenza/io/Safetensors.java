package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Read and write safetensors files, the plain format in which weights are exchanged: no code, nothing compressed, each
 * tensor row by row in little-endian order ({@code safetensors.torch}).
 *
 * <p>A file is there whole or not at all: it is written under another name beside its place, forced to the disk and then
 * renamed. Tensors stand in the file as the reference implementation orders them, so that the same tensors give the
 * same bytes: by dtype (int64, float64, float32, int32, bfloat16, float16, int16, int8, uint8, bool), then by name.
 *
 * <pre>{@code
 * Path file = dir.resolve("model.safetensors");
 * Safetensors.write(file, model.stateDict(), Map.of("epoch", "3"));
 * model.loadStateDict(Safetensors.read(file));
 * String epoch = Safetensors.metadata(file).get("epoch");
 * }</pre>
 */
public final class Safetensors {
    /** The order of the reference implementation. */
    private static final List<String> ORDER =
            List.of("I64", "F64", "F32", "I32", "BF16", "F16", "I16", "I8", "U8", "BOOL");

    private static final Comparator<Map.Entry<String, Tensor>> BY_DTYPE_AND_NAME =
            Comparator.<Map.Entry<String, Tensor>>comparingInt(
                            each -> ORDER.indexOf(code(each.getValue().dtype())))
                    .thenComparing(each -> each.getKey().getBytes(UTF_8), Arrays::compareUnsigned);

    private Safetensors() {}

    /**
     * Read all tensors of a file into new memory on the CPU.
     *
     * <p>No more is allocated than the file holds, whatever its header promises.
     *
     * @param file of any size
     * @return the tensors by name, in the order of the file's header; the open {@link Scope} owns them
     * @throws DataException if the file is missing, is damaged, is of another kind, or has a dtype that {@link DType}
     *     lacks
     */
    public static Map<String, Tensor> read(Path file) {
        return TensorReader.open(file, Safetensors::read);
    }

    /**
     * Hold all that a file has.
     *
     * @param tensors by name, in the order of the file's header
     * @param metadata free text by key, sorted
     */
    public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

    /** Read tensors and free text of one file, which may be replaced meanwhile; see {@link #read}. */
    public static Content content(Path file) {
        return TensorReader.open(file, reader -> {
            SafetensorsHeader.Content header = SafetensorsHeader.read(reader);
            return new Content(read(reader, header), header.metadata());
        });
    }

    static Map<String, Tensor> read(TensorReader reader) throws IOException {
        return read(reader, SafetensorsHeader.read(reader));
    }

    private static Map<String, Tensor> read(TensorReader reader, SafetensorsHeader.Content content) throws IOException {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        try (Scope scope = Scope.open()) { // what was read before an error goes with it
            for (SafetensorsHeader.Entry entry : content.entries()) {
                long[] shape = TensorReader.array(entry.shape());
                tensors.put(entry.name(), reader.tensor(content.dataStart() + entry.begin(), entry.dtype(), shape));
            }
            tensors.values().forEach(Tensor::keep);
        }
        return tensors;
    }

    /**
     * Read the free text that was written with the tensors, and no tensor.
     *
     * @return by key, sorted; empty if there is none
     * @throws DataException as {@link #read} does
     */
    public static Map<String, String> metadata(Path file) {
        return TensorReader.open(file, reader -> SafetensorsHeader.read(reader).metadata());
    }

    /** Write tensors without metadata; see {@link #write(Path, Map, Map)}. */
    public static void write(Path file, Map<String, ? extends Tensor> tensors) {
        write(file, tensors, Map.of());
    }

    /**
     * Write tensors to a file, instead of any file of this name.
     *
     * <p>Each is written row by row, however it lies in memory and on whatever device.
     *
     * @param file in a folder that exists
     * @param tensors by name; {@code __metadata__} is no name
     * @param metadata free text by key
     * @throws IllegalArgumentException if a name is {@code __metadata__} or no valid Unicode, or names and metadata
     *     together need more than 100 MB
     * @throws IllegalStateException if a tensor is closed; the file stays as it was
     * @throws DataException if the file cannot be written
     */
    public static void write(Path file, Map<String, ? extends Tensor> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, Tensor>> ordered = tensors.entrySet().stream()
                .map(each -> Map.entry(each.getKey(), (Tensor) each.getValue()))
                .sorted(BY_DTYPE_AND_NAME)
                .toList();
        ByteBuffer header = header(ordered, metadata);
        TensorWriter.replace(file, writer -> {
            writer.bytes(header);
            for (Map.Entry<String, Tensor> each : ordered) {
                writer.tensor(each.getValue());
            }
        });
    }

    private static ByteBuffer header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeName(SafetensorsHeader.METADATA).writeStartObject();
                new TreeMap<>(metadata)
                        .forEach((key, value) -> json.writeName(valid(key)).writeString(valid(value)));
                json.writeEndObject();
            }
            long at = 0;
            for (Map.Entry<String, Tensor> each : tensors) {
                at = writeEntry(json, each.getKey(), each.getValue(), at);
            }
            json.writeEndObject();
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        int padded = Math.addExact(bytes.length, 7) / 8 * 8; // so that the tensors, too, begin at a multiple of 8
        if (padded > SafetensorsHeader.MAX_BYTES) {
            throw new IllegalArgumentException("wanted names and metadata of at most " + SafetensorsHeader.MAX_BYTES
                    + " bytes, but got " + padded + "; save fewer tensors in one file or less metadata");
        }
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(padded).put(bytes);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        return header.flip();
    }

    private static long writeEntry(JsonGenerator json, String name, Tensor tensor, long begin) {
        if (name.equals(SafetensorsHeader.METADATA)) {
            throw new IllegalArgumentException("wanted another name than '" + name + "', which the format keeps for"
                    + " itself; pass texts as metadata");
        }
        long end = Math.addExact(
                begin, Math.multiplyExact(tensor.numel(), tensor.dtype().bytes()));
        json.writeName(valid(name)).writeStartObject();
        json.writeName("dtype").writeString(code(tensor.dtype()));
        json.writeName("shape").writeStartArray();
        for (long length : tensor.shape()) {
            json.writeNumber(length);
        }
        json.writeEndArray();
        json.writeName("data_offsets").writeStartArray().writeNumber(begin).writeNumber(end);
        json.writeEndArray().writeEndObject();
        return end;
    }

    private static String code(DType dtype) {
        return SafetensorsHeader.DTYPES.entrySet().stream()
                .filter(each -> each.getValue() == dtype)
                .findFirst()
                .orElseThrow()
                .getKey();
    }

    private static String valid(String text) {
        if (!UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("wanted valid Unicode, but got half a character in '" + text + "'");
        }
        return text;
    }
}
