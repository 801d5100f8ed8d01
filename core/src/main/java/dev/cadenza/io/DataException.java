package dev.cadenza.io;

import java.nio.file.Path;

/**
 * Say that an input file is missing, damaged or of another kind than was wanted.
 *
 * <p>The message always reads {@code <file>: <what is wrong>; <what to do>}, for example
 * {@code labels.gz: 60000 bytes of data were announced, only 59000 came; the file is damaged or incomplete: fetch it
 * again}.
 */
public final class DataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Name the file, what is wrong with it, and what to do.
     *
     * @param file the file as the user named it
     * @param problem what is wrong: what was wanted and what came
     * @param cure what the user can do about it
     */
    public DataException(Path file, String problem, String cure) {
        this(file, problem, cure, null);
    }

    /**
     * Name the file, what is wrong with it, and what to do, and keep the error that was met.
     *
     * @param file the file as the user named it
     * @param problem what is wrong: what was wanted and what came
     * @param cure what the user can do about it
     * @param cause the error that was met while reading, or null
     */
    public DataException(Path file, String problem, String cure, Throwable cause) {
        super(file + ": " + problem + "; " + cure, cause);
    }
}
