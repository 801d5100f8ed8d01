package dev.cadenza.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write a folder of files that is there whole or not at all, and find out whether a byte of it has changed since.
 *
 * <p>It is written under another name beside its place, forced to the disk, and then renamed. Its file {@code SHA256SUMS}
 * lists the hashes of the others as the tool {@code sha256sum -c} reads them.
 *
 * <pre>{@code
 * Path folder = dir.resolve("weights");
 * SealedFolder.write(folder, inside -> Safetensors.write(inside.resolve("model.safetensors"), model.stateDict()));
 * SealedFolder.verify(folder);
 * }</pre>
 */
public final class SealedFolder {
    private static final String SUMS = "SHA256SUMS";
    private static final String UNFINISHED = ".unfinished";
    private static final String REPLACED = ".replaced";
    private static final Pattern OF_REPLACED = Pattern.compile("\\.(.+)\\.[0-9a-f-]{36}" + Pattern.quote(REPLACED));
    private static final Logger LOG = LoggerFactory.getLogger(SealedFolder.class);

    private SealedFolder() {}

    /**
     * Write a folder, instead of any of this name, with the files that {@code content} writes into the one it is given.
     *
     * @param folder whose parent exists
     * @throws DataException if it cannot be written; then nothing of it is left, and one of this name is as it was
     */
    public static void write(Path folder, Consumer<Path> content) {
        Path beside = hidden(folder, UNFINISHED);
        try {
            Files.createDirectory(beside);
            content.accept(beside);
            seal(beside);
            takeName(beside, folder);
        } catch (IOException e) {
            throw undone(
                    beside,
                    new DataException(
                            folder,
                            "cannot be written (" + e + ")",
                            "check its permissions and the space on its disk",
                            e));
        } catch (RuntimeException e) {
            throw undone(beside, e);
        }
    }

    private static RuntimeException undone(Path beside, RuntimeException why) {
        try {
            delete(beside);
        } catch (DataException e) { // less to know than why it could not be written
            why.addSuppressed(e);
        }
        return why;
    }

    private static void seal(Path folder) throws IOException {
        StringBuilder sums = new StringBuilder();
        for (Path file : files(folder)) {
            sums.append(sum(file)).append("  ").append(file.getFileName()).append('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(sums.toString().getBytes(StandardCharsets.UTF_8));
        TensorWriter.replace(folder.resolve(SUMS), writer -> writer.bytes(bytes));
        force(folder);
    }

    private static void takeName(Path beside, Path folder) throws IOException {
        if (Files.exists(folder)) {
            replace(beside, folder);
        } else {
            Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
        }
        force(folder.toAbsolutePath().getParent());
    }

    /** A folder that holds files cannot be replaced in one go: for a moment there is none of its name. */
    private static void replace(Path beside, Path folder) throws IOException {
        Path old = hidden(folder, REPLACED);
        Files.move(folder, old, StandardCopyOption.ATOMIC_MOVE);
        try {
            Files.move(beside, folder, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.move(old, folder, StandardCopyOption.ATOMIC_MOVE);
            throw e;
        }
        try {
            delete(old);
        } catch (DataException e) { // what was to be written is; recover deletes it
            LOG.warn("what {} was before is left over: {}", folder, e.getMessage());
        }
    }

    private static Path hidden(Path folder, String ending) {
        return folder.resolveSibling("." + folder.getFileName() + "." + UUID.randomUUID() + ending);
    }

    /** Lets the disk have the names in a folder; Windows cannot open one, and needs it less. */
    private static void force(Path folder) throws IOException {
        if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    /**
     * Require that all files are there, as they were written, and no others.
     *
     * @throws DataException if not: names the file
     */
    public static void verify(Path folder) {
        Path sums = folder.resolve(SUMS);
        try {
            TreeMap<String, String> wanted = new TreeMap<>();
            String text = Files.readString(sums, StandardCharsets.ISO_8859_1);
            for (String line : text.lines().toList()) {
                if (!line.matches("[0-9a-f]{64} {2}[\\w.-]+")) {
                    throw damaged(sums, "has a line that is no sum and no name");
                }
                wanted.put(line.substring(66), line.substring(0, 64));
            }
            for (Path file : files(folder)) {
                String sum = wanted.remove(file.getFileName().toString());
                if (sum == null || !sum.equals(sum(file))) {
                    throw damaged(file, sum == null ? "is not in " + SUMS : "has another SHA-256 than when written");
                }
            }
            if (!wanted.isEmpty() || !text.endsWith("\n")) {
                throw damaged(
                        sums, wanted.isEmpty() ? "is cut off" : "lists " + wanted.keySet() + ", which is missing");
            }
        } catch (NoSuchFileException e) {
            throw damaged(sums, "no such file");
        } catch (IOException e) {
            throw new DataException(folder, "cannot be read (" + e + ")", "check its permissions and its disk", e);
        }
    }

    private static DataException damaged(Path file, String problem) {
        return new DataException(file, problem, "the folder is damaged: use another, or a copy of it");
    }

    /** Delete a folder that nobody needs any more, and what writing left unfinished beside it. */
    public static void delete(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> content = Files.walk(folder)) {
            for (Path each : content.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new DataException(folder, "cannot be deleted (" + e + ")", "check its permissions, or delete it", e);
        }
    }

    /**
     * Clear away what writers that died left in a parent folder: what is unfinished is deleted, and a folder that was to be
     * replaced and is not gets its name back.
     */
    public static void recover(Path parent) {
        try (Stream<Path> content = Files.list(parent)) {
            for (Path each : content.toList()) {
                String name = each.getFileName().toString();
                Matcher replaced = OF_REPLACED.matcher(name);
                if (replaced.matches() && Files.notExists(parent.resolve(replaced.group(1)))) {
                    Files.move(each, parent.resolve(replaced.group(1)), StandardCopyOption.ATOMIC_MOVE);
                } else if (replaced.matches() || name.endsWith(UNFINISHED)) {
                    delete(each);
                }
            }
        } catch (IOException e) {
            throw new DataException(parent, "cannot be cleared (" + e + ")", "check its permissions and its disk", e);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> content = Files.list(folder)) {
            return content.filter(file -> !file.getFileName().toString().equals(SUMS))
                    .sorted()
                    .collect(Collectors.toList());
        }
    }

    private static String sum(Path file) throws IOException {
        MessageDigest sha = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
