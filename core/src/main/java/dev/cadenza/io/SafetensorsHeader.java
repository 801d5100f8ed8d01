package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.cadenza.tensor.DType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** The head of a safetensors file: eight bytes for its length, then JSON that says where each tensor lies. */
final class SafetensorsHeader {
    /** The limit of the reference implementation. */
    static final int MAX_BYTES = 100_000_000;

    static final String METADATA = "__metadata__";
    static final Map<String, DType> DTYPES = Map.of(
            "F32", DType.FLOAT32,
            "F64", DType.FLOAT64,
            "F16", DType.FLOAT16,
            "BF16", DType.BFLOAT16,
            "U8", DType.UINT8,
            "I8", DType.INT8,
            "I16", DType.INT16,
            "I32", DType.INT32,
            "I64", DType.INT64,
            "BOOL", DType.BOOL);

    private static final int LENGTH_BYTES = 8;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /** Where one tensor lies: from {@code begin} to before {@code end}, counted from the end of the header. */
    record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {}

    /** What the header says: tensors in its order, and free text. */
    record Content(List<Entry> entries, Map<String, String> metadata, long dataStart) {}

    private final TensorReader reader;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, String> metadata = new TreeMap<>();

    private SafetensorsHeader(TensorReader reader) {
        this.reader = reader;
    }

    static Content read(TensorReader reader) throws IOException {
        return new SafetensorsHeader(reader).read();
    }

    private Content read() throws IOException {
        byte[] length = reader.bytes(0, LENGTH_BYTES);
        if (length.length < LENGTH_BYTES) {
            throw reader.damaged("a safetensors file begins with 8 bytes of length, only " + length.length + " came");
        }
        long bytes = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long left = reader.size() - LENGTH_BYTES;
        if (bytes < 0 || bytes > MAX_BYTES) {
            throw other("announces a header of " + Long.toUnsignedString(bytes) + " bytes, the limit is " + MAX_BYTES);
        }
        if (bytes > left) {
            throw reader.damaged("announces a header of " + bytes + " bytes, only " + left + " came");
        }
        parse(reader.bytes(LENGTH_BYTES, (int) bytes));
        checkPlaces(left - bytes);
        return new Content(entries, metadata, LENGTH_BYTES + bytes);
    }

    private DataException other(String problem) {
        return new DataException(reader.file(), problem, "check that this is a safetensors file");
    }

    private void parse(byte[] header) {
        if (header.length == 0 || header[0] != '{') {
            throw other("is not a safetensors file: its header does not begin with {");
        }
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text(header))) {
            json.nextToken();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value != JsonToken.START_OBJECT) {
                    throw reader.damaged("the header has " + value + " for '" + name + "', an object was wanted");
                }
                if (name.equals(METADATA)) {
                    parseMetadata(json);
                } else {
                    entries.add(parseEntry(name, json));
                }
            }
            if (json.nextToken() != null) {
                throw reader.damaged("the header goes on after its closing }");
            }
        } catch (JacksonException e) {
            String problem = "the header is no valid JSON (" + e.getOriginalMessage() + ")";
            throw new DataException(reader.file(), problem, TensorReader.DAMAGED, e);
        }
    }

    /** Decoded here, since a JSON parser that is given bytes would guess among five encodings. */
    private String text(byte[] header) {
        try {
            return UTF_8.newDecoder().decode(ByteBuffer.wrap(header)).toString();
        } catch (CharacterCodingException e) {
            throw new DataException(reader.file(), "the header is not UTF-8", TensorReader.DAMAGED, e);
        }
    }

    private void parseMetadata(JsonParser json) {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw reader.damaged("the metadata '" + key + "' is no text");
            }
            metadata.put(key, json.getString());
        }
    }

    private Entry parseEntry(String name, JsonParser json) {
        DType dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (json.nextToken() != JsonToken.END_OBJECT) {
            String key = json.currentName();
            json.nextToken();
            switch (key) {
                case "dtype" -> dtype = dtype(name, json);
                case "shape" -> shape = numbers(name, key, json);
                case "data_offsets" -> offsets = numbers(name, key, json);
                default -> json.skipChildren();
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw reader.damaged("the header lacks dtype, shape or two data_offsets of '" + name + "'");
        }
        return checked(new Entry(name, dtype, shape, offsets.get(0), offsets.get(1)));
    }

    private DType dtype(String name, JsonParser json) {
        DType dtype = json.currentToken() == JsonToken.VALUE_STRING ? DTYPES.get(json.getString()) : null;
        if (dtype == null) {
            throw new DataException(
                    reader.file(),
                    "'" + name + "' is of dtype " + json.getString() + ", Cadenza has "
                            + new TreeMap<>(DTYPES).keySet(),
                    "convert it to one of these before it is saved");
        }
        return dtype;
    }

    private List<Long> numbers(String name, String key, JsonParser json) {
        List<Long> numbers = new ArrayList<>();
        boolean holds = json.currentToken() == JsonToken.START_ARRAY;
        while (holds && json.nextToken() != JsonToken.END_ARRAY) {
            holds = json.currentToken() == JsonToken.VALUE_NUMBER_INT && json.getLongValue() >= 0;
            if (holds) {
                numbers.add(json.getLongValue());
            }
        }
        if (!holds) {
            throw reader.damaged("the " + key + " of '" + name + "' is no list of whole numbers of 0 or more");
        }
        return numbers;
    }

    private Entry checked(Entry entry) {
        long numel = TensorReader.numel(entry.shape());
        if (numel < 0) {
            throw reader.damaged("'" + entry.name() + "' has an impossible shape " + entry.shape());
        }
        long bytes = numel * entry.dtype().bytes();
        if (entry.end() - entry.begin() != bytes) {
            throw reader.damaged("'" + entry.name() + "', " + entry.dtype() + entry.shape() + ", needs " + bytes
                    + " bytes, but lies from " + entry.begin() + " to " + entry.end());
        }
        return entry;
    }

    private void checkPlaces(long available) {
        long at = 0;
        for (Entry entry : entries.stream()
                .sorted(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end))
                .toList()) {
            if (entry.begin() != at) {
                throw reader.damaged("'" + entry.name() + "' begins at " + entry.begin() + ", but the tensor before it"
                        + " ends at " + at);
            }
            at = entry.end();
        }
        if (at != available) {
            throw reader.damaged(at + " bytes of tensors were announced, but " + available + " came");
        }
    }
}
