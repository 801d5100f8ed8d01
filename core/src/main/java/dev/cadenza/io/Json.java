package dev.cadenza.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.jr.ob.JSON;

/**
 * Read and write one JSON object as a map: a file that describes tensors in other files, or a line of a log.
 *
 * <p>Objects are maps, arrays lists, numbers {@code Integer}, {@code Long}, {@code Double} or wider; the order of names
 * stays.
 *
 * <pre>{@code
 * Path file = dir.resolve("plan.json");
 * Json.write(file, Map.of("epochs", 3, "optimizer", "adam"));
 * Object epochs = Json.read(file).get("epochs");
 * }</pre>
 */
public final class Json {
    private static final int MOST_BYTES = 100_000_000;
    private static final JSON LINES = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);
    private static final JSON JSON_OBJECTS = JSON.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(JSON.Feature.PRETTY_PRINT_OUTPUT, JSON.Feature.WRITE_NULL_PROPERTIES)
            .build();

    private Json() {}

    /**
     * Read an object from a file.
     *
     * @param file of at most 100 MB
     * @throws DataException if the file is missing or cannot be read, holds no JSON object, one with a name twice or
     *     nested deeper than 500, or anything behind it
     */
    public static Map<String, Object> read(Path file) {
        try {
            return parse(file, bytes(file));
        } catch (NoSuchFileException e) {
            throw new DataException(file, "no such file", "check the path", e);
        } catch (IOException e) {
            throw new DataException(file, "cannot be read (" + e + ")", "check the file's permissions and its disk", e);
        }
    }

    private static byte[] bytes(Path file) throws IOException {
        long size = Files.size(file);
        if (size > MOST_BYTES) {
            throw new DataException(
                    file, "has " + size + " bytes, JSON of at most " + MOST_BYTES + " was wanted", "check the path");
        }
        return Files.readAllBytes(file);
    }

    private static Map<String, Object> parse(Path file, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            Map<String, Object> read = JSON_OBJECTS.mapFrom(text);
            if (read != null) {
                return read;
            }
        } catch (JacksonException e) {
            throw notJson(file, e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw notJson(file, "bytes that are no UTF-8", e);
        }
        throw notJson(file, "nothing or null", null);
    }

    private static DataException notJson(Path file, String problem, Exception cause) {
        return new DataException(
                file, "no JSON object: " + problem, "the file is damaged, or another one was meant", cause);
    }

    /**
     * Write an object to a file, instead of any of this name; the disk has it when this returns.
     *
     * @param values texts, numbers, truth values, null, and lists and maps of them
     * @throws DataException if the file cannot be written
     */
    public static void write(Path file, Map<String, ?> values) {
        ByteBuffer bytes = ByteBuffer.wrap(JSON_OBJECTS.asBytes(new LinkedHashMap<>(values)));
        TensorWriter.replace(file, writer -> writer.bytes(bytes));
    }

    /**
     * Write an object on one line, without its end; {@code NaN} and infinity, which JSON does not know, become null.
     *
     * @param values as {@link #write} takes them
     */
    public static String line(Map<String, ?> values) {
        Map<String, Object> finite = new LinkedHashMap<>(values);
        finite.replaceAll((name, value) -> value instanceof Double d && !Double.isFinite(d) ? null : value);
        return LINES.asString(finite);
    }
}
