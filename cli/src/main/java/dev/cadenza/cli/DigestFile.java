package dev.cadenza.cli;

import dev.cadenza.io.DataException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.jr.ob.JSON;

/** The digests of a run, read step by step, so that long runs need no more memory than short ones. */
final class DigestFile implements AutoCloseable {
    static final String NAME = "digests.jsonl";

    /** The parts of a step, in the order in which they come about, and what one thing in them is called. */
    private static final Map<String, String> PARTS = new LinkedHashMap<>();

    static {
        PARTS.put("inputs", "batch, input");
        PARTS.put("targets", "batch, target");
        PARTS.put("loss", "loss");
        PARTS.put("grads", "gradient of");
        PARTS.put("params", "parameter");
        PARTS.put("buffers", "buffer");
    }

    private final Path file;
    private final BufferedReader reader;
    private int lines;

    private DigestFile(Path file, BufferedReader reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Opens the digests in the folder of a run.
     *
     * @throws DataException if there are none
     */
    static DigestFile in(Path run) {
        Path file = run.resolve(NAME);
        try {
            return new DigestFile(file, Files.newBufferedReader(file));
        } catch (NoSuchFileException e) {
            throw new DataException(file, "no such file", "train with --digests to write down what diff compares", e);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    static DataException unreadable(Path file, Exception e) {
        return new DataException(file, "cannot be read (" + e + ")", "look at its rights and its disk", e);
    }

    /** Returns the next line, or null at the end. */
    String next() {
        try {
            lines++;
            return reader.readLine();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /**
     * Returns what the line that was read last says: hash by name, in the order in which things come about.
     *
     * @throws DataException if it is damaged
     */
    Map<String, String> parse(String line) {
        try {
            Map<String, Object> step = JSON.std.mapFrom(line);
            Map<String, String> hashes = new LinkedHashMap<>();
            hashes.put("position", "epoch " + number(step, "epoch") + ", batch " + number(step, "batch"));
            PARTS.forEach((part, word) -> {
                Object value = step.get(part);
                if (value instanceof Map<?, ?> tensors) {
                    tensors.forEach((name, hash) -> hashes.put(word + " " + name, (String) hash));
                } else if (part.equals("loss") && step.containsKey(part)) {
                    hashes.put(word, value == null ? "none" : decimal((String) value));
                } else {
                    throw new IllegalArgumentException("there is no '" + part + "'");
                }
            });
            return hashes;
        } catch (RuntimeException e) { // whatever the reader of JSON, or a wrong type, throws
            throw new DataException(
                    file,
                    "line " + lines + " is no step of a training (" + firstLine(e) + ")",
                    "the run may have been killed while it was written: take the line out, or train again",
                    e);
        }
    }

    private static int number(Map<String, Object> step, String name) {
        if (step.get(name) instanceof Integer number) {
            return number;
        }
        throw new IllegalArgumentException("there is no number '" + name + "'");
    }

    /** Two losses that differ in the last bit differ here, too. */
    private static String decimal(String bits) {
        return String.valueOf(Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16)));
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }
}
