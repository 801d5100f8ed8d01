package dev.cadenza.io;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Takes the files and folders of an archive, within its limits, and gives them the target's name when all are there. */
final class ArchiveSink {
    /** Says that the disk is at fault, not the archive. */
    static final class Unwritable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unwritable(IOException cause) {
            super(cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    private static final boolean WINDOWS = File.separatorChar == '\\';
    /** Below this much content the ratio does not count. */
    private static final long FREE_BYTES = 64L << 20;

    private final Path archive;
    private final Path target;
    private final Path part;
    private final Archive.Options limits;
    private final byte[] buffer = new byte[1 << 16];
    private long packed;
    private long bytes;
    private long entries;

    ArchiveSink(Path archive, Path target, Archive.Options limits) {
        this.archive = archive;
        this.target = target.toAbsolutePath().normalize();
        this.limits = limits;
        part = this.target.resolveSibling("." + this.target.getFileName() + ".part");
    }

    /** Make an empty folder, without what a process left that was killed. */
    void begin() throws IOException {
        packed = Files.size(archive);
        try {
            deletePart();
            Files.createDirectory(part);
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    void entry(String name) {
        entries++;
        if (entries > limits.maxEntries) {
            throw beyond("has more than " + limits.maxEntries + " files and folders");
        }
        String problem = ArchiveNames.problem(name, WINDOWS);
        if (problem != null) {
            throw hostile(name, problem);
        }
    }

    void bytes(long n) {
        bytes += n;
        if (bytes > limits.maxBytes) {
            throw beyond("has more than " + DownloadBar.size(limits.maxBytes) + " of content");
        }
        if (bytes > FREE_BYTES && bytes > limits.maxRatio * packed) {
            throw beyond("has more than " + limits.maxRatio + " times its own size of content");
        }
    }

    void folder(String name) {
        make(name, place(name));
    }

    void file(String name, InputStream in) throws IOException {
        Path file = place(name);
        if (file.equals(part)) {
            throw hostile(name, "is a file without a name");
        }
        make(name, file.getParent());
        try (OutputStream out = create(name, file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                write(out, n);
            }
        }
    }

    private Path place(String name) {
        try {
            Path place = part;
            for (String each : ArchiveNames.parts(name)) {
                place = place.resolve(each);
            }
            if (!place.normalize().startsWith(part)) { // the names were checked; this is the net below
                throw hostile(name, "leads out of its folder");
            }
            return place;
        } catch (InvalidPathException e) {
            throw new DataException(
                    archive,
                    "the name " + ArchiveNames.shown(name) + " cannot be written here",
                    "set the environment variable LC_ALL to C.UTF-8",
                    e);
        }
    }

    private void make(String name, Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (FileAlreadyExistsException e) {
            throw hostile(name, "is or needs a folder of a file's name");
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    /** Never overwrites: on a disk that does not tell A from a, it is the disk that knows what is the same name. */
    private OutputStream create(String name, Path file) {
        try {
            return Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw hostile(name, "comes twice, perhaps in other letters");
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    private void write(OutputStream out, int n) {
        try {
            out.write(buffer, 0, n);
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    /** Give the part the target's name, or the one folder in it that has that name already. */
    void complete() {
        try {
            Path inner = part.resolve(target.getFileName());
            boolean wrapped = Files.isDirectory(inner) && list(part).size() == 1;
            Files.move(wrapped ? inner : part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new Unwritable(e);
        }
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    void deletePart() throws IOException {
        if (!Files.exists(part)) {
            return;
        }
        try (Stream<Path> files = Files.walk(part)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    DataException beyond(String problem) {
        return new DataException(
                archive, problem, "if you trust it, extract it with a higher limit in Archive.Options");
    }

    DataException hostile(String name, String problem) {
        return new DataException(
                archive,
                "its entry " + ArchiveNames.shown(name) + " " + problem + ", so nothing was extracted",
                "fetch the archive from a place that you trust");
    }
}
