package dev.cadenza.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;

/**
 * Extract an archive that may be damaged or hostile.
 *
 * <pre>{@code
 * Path photos = Archive.extract(Path.of("photos.tgz"), dir.resolve("photos"), o -> o.maxEntries = 10_000);
 * }</pre>
 *
 * <p>Tar files, tar files in gzip and zip files are known by their content, whatever their name. Only plain files and
 * folders are made, and only inside the target: an absolute name, one with {@code ..}, a link or a device ends the
 * extraction, and so do a name that comes twice, more files or bytes than the limits allow, and data that are damaged or
 * end too early. Modes, owners and dates are not taken over.
 *
 * <p>Files go to a folder {@code .NAME.part} beside the target, which gets the target's name when all are there: a target
 * that exists is complete. If the archive holds nothing but one folder of the target's own name, that folder becomes the
 * target, so that {@code photos.tgz} gives {@code photos/cat.jpg} whether or not its names begin with {@code photos/}.
 */
public final class Archive {
    /** What can be chosen: limits, for archives that are made to fill disk or memory. */
    public static final class Options {
        /** How many bytes the content may have, with the headers of a tar file, 1 or more; default 2<sup>36</sup> (64 GiB). */
        public long maxBytes = 1L << 36;

        /** How many files and folders there may be, 1 or more; default 2,000,000. */
        public long maxEntries = 2_000_000;

        /**
         * How many times the content may be larger than the archive, 1 or more; default 200. Counted from 64 MiB of
         * content on, since little text can be compressed to next to nothing.
         */
        public double maxRatio = 200;

        private Options() {}
    }

    private Archive() {}

    /**
     * Extract an archive into a new folder.
     *
     * <p>A folder that exists is left as it is. Missing folders above it are made. Two threads or processes that want the
     * same target extract once: one waits for the other.
     *
     * @param archive a .tar, .tar.gz, .tgz or .zip file
     * @param target the folder to make
     * @param options the limits
     * @return the target
     * @throws DataException if the archive is missing, damaged, of another kind, hostile or beyond a limit, or if the
     *     target cannot be written: nothing is left then
     * @throws IllegalArgumentException if an option is out of range
     */
    public static Path extract(Path archive, Path target, Consumer<Options> options) {
        Options o = new Options();
        options.accept(o);
        require(o.maxBytes >= 1, "maxBytes", o.maxBytes);
        require(o.maxEntries >= 1, "maxEntries", o.maxEntries);
        require(o.maxRatio >= 1, "maxRatio", o.maxRatio);
        if (Files.isDirectory(target)) {
            return target;
        }
        if (Files.exists(target)) {
            throw new DataException(
                    target, "is a file, a folder was to be made", "name a folder that is not there yet");
        }
        Kind kind = kind(archive);
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            try (PathLock lock = PathLock.of(target)) {
                if (!Files.isDirectory(target)) {
                    extract(archive, kind, new ArchiveSink(archive, target, o));
                }
                return target;
            }
        } catch (InterruptedException | ClosedByInterruptException e) {
            Thread.currentThread().interrupt();
            throw new DataException(target, "the extraction was interrupted", "run it again", e);
        } catch (IOException e) {
            throw Download.unwritable(target, e);
        }
    }

    private static void extract(Path archive, Kind kind, ArchiveSink sink) throws IOException {
        try {
            sink.begin();
            switch (kind) {
                case ZIP -> ArchiveReaders.zip(archive, sink);
                case TAR -> ArchiveReaders.tar(Files.newInputStream(archive), sink);
                case GZIP -> ArchiveReaders.tar(gunzip(archive), sink);
            }
            sink.complete();
        } catch (ArchiveSink.Unwritable e) {
            throw e.getCause();
        } catch (DataException | ClosedByInterruptException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // on damaged input readers throw nearly everything
            throw new DataException(archive, "is damaged or incomplete (" + e + ")", "delete it and fetch it again", e);
        } finally {
            sink.deletePart();
        }
    }

    private static InputStream gunzip(Path archive) throws IOException {
        InputStream raw = Files.newInputStream(archive);
        try {
            return new GZIPInputStream(raw, 1 << 16);
        } catch (IOException | RuntimeException e) {
            raw.close();
            throw e;
        }
    }

    private enum Kind {
        TAR,
        GZIP,
        ZIP
    }

    private static Kind kind(Path archive) {
        byte[] head;
        try (InputStream in = Files.newInputStream(archive)) {
            head = in.readNBytes(512);
        } catch (NoSuchFileException e) {
            throw new DataException(archive, "no such file", "check the path, or download the archive first", e);
        } catch (IOException e) {
            throw new DataException(archive, "cannot be read (" + e + ")", "name a file that can be read", e);
        }
        if (begins(head, 0x1F, 0x8B)) {
            return Kind.GZIP;
        }
        if (begins(head, 'P', 'K', 3, 4) || begins(head, 'P', 'K', 5, 6)) {
            return Kind.ZIP;
        }
        if (ArchiveReaders.isTarHeader(head)) {
            return Kind.TAR;
        }
        String start = HexFormat.ofDelimiter(" ").formatHex(head, 0, Math.min(4, head.length));
        throw new DataException(
                archive,
                "wanted a .tar, .tar.gz, .tgz or .zip file, but it begins with "
                        + (start.isEmpty() ? "nothing" : start),
                "check that this is the right file, or fetch it again");
    }

    private static boolean begins(byte[] head, int... wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (i >= head.length || (head[i] & 0xFF) != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static void require(boolean holds, String name, Object value) {
        if (!holds) {
            throw new IllegalArgumentException("wanted " + name + " to be 1 or more, but got: " + value);
        }
    }
}
