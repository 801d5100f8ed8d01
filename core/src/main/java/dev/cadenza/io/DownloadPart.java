package dev.cadenza.io;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * The part of a file that has come, {@code NAME.part}, and beside it in {@code NAME.part.from} what it is a part of.
 *
 * <p>What goes wrong here is the disk's fault, not the network's, so it ends the download: a {@link DataException}.
 */
final class DownloadPart implements Closeable {
    /**
     * What a part is a part of.
     *
     * @param source the address
     * @param version the server's name for this version of the file, its ETag or date, or empty
     * @param total bytes of the whole, or −1
     */
    record Origin(URI source, String version, long total) {}

    private final Path target;
    private final Path part;
    private final Path from;
    private FileOutputStream out;

    DownloadPart(Path target) {
        this.target = target;
        part = target.resolveSibling(target.getFileName() + ".part");
        from = target.resolveSibling(target.getFileName() + ".part.from");
    }

    long size() {
        try {
            return Files.exists(part) ? Files.size(part) : 0;
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Return what the part is a part of, or null if that is not known: it is of no use then. */
    Origin origin() {
        try {
            List<String> lines = Files.exists(from) ? Files.readAllLines(from) : List.of();
            return lines.size() < 3
                    ? null
                    : new Origin(URI.create(lines.get(0)), lines.get(1), Long.parseLong(lines.get(2)));
        } catch (IOException | IllegalArgumentException e) {
            return null; // written by a process that died, or by others
        }
    }

    /** Begin to write what comes, behind what is there or, if {@code origin} is not null, as a file of its own. */
    void open(Origin origin) {
        try {
            if (origin != null) {
                Files.deleteIfExists(from); // first, so that it never tells of another part
                Files.deleteIfExists(part);
                Files.createFile(part);
                Files.write(from, List.of(origin.source().toString(), origin.version(), "" + origin.total()));
            }
            out = new FileOutputStream(part.toFile(), true);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    void write(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        try {
            out.write(copy);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Bytes that may still be written to the disk. */
    long room() {
        try {
            return Files.getFileStore(target.toAbsolutePath().getParent()).getUsableSpace();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    String sha256() {
        try (InputStream in = Files.newInputStream(part)) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw broken(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    void delete() {
        close();
        try {
            Files.deleteIfExists(from);
            Files.deleteIfExists(part);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Give the part, which is whole, the name of the target. */
    void complete() {
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
            Files.deleteIfExists(from);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    /** Leave what has come on the disk. */
    @Override
    public void close() {
        if (out == null) {
            return;
        }
        try (FileOutputStream closing = out) {
            out = null;
            closing.getFD().sync();
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private DataException broken(IOException e) {
        return Download.unwritable(target, e);
    }
}
