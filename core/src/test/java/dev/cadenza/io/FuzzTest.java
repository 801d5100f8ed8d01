package dev.cadenza.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.cadenza.data.Idx;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Engine;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.testing.Mutations;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Thousands of files that were sound until random bytes changed: each is read or refused by a {@link DataException},
 * never by anything else, and without taking more memory than a file of that size may.
 */
class FuzzTest {
    private static final long SEED = 20_260_101;
    private static final long MOST_HEAP = 16L << 20;
    private static final long MOST_TENSORS = 1L << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @TempDir
    private Path dir;

    private Path file;

    @BeforeEach
    void file() {
        file = dir.resolve("damaged");
    }

    private interface Reading {
        /** Returns how many bytes came of the file. */
        long of(Path file) throws IOException;
    }

    /** Damages files of a corpus, which must be sound, and returns how many were refused. */
    private int refused(int times, Reading reading, byte[]... corpus) throws IOException {
        for (byte[] sound : corpus) {
            assertThat(isRefused(sound, reading, "sound")).isFalse();
        }
        int refused = 0;
        for (int i = 0; i < times; i++) {
            Mutations mutations = new Mutations(SEED + i);
            byte[] bytes = mutations.damaged(mutations.oneOf(corpus));
            refused += isRefused(bytes, reading, "seed " + (SEED + i)) ? 1 : 0;
        }
        return refused;
    }

    private boolean isRefused(byte[] bytes, Reading reading, String which) throws IOException {
        Files.deleteIfExists(file); // some file systems wait for the disk where a file is overwritten
        Files.write(file, bytes);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        try {
            assertThat(reading.of(file)).as("bytes of what was read, %s", which).isLessThanOrEqualTo(MOST_TENSORS);
            return false;
        } catch (DataException refusal) {
            assertThat(refusal.getMessage())
                    .as(which)
                    .startsWith(file.toString())
                    .contains("; ");
            return true;
        } catch (Exception | Error e) {
            throw new AssertionError(which + ": " + e, e);
        } finally {
            assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
                    .as("heap, %s", which)
                    .isLessThan(MOST_HEAP);
        }
    }

    private static long sizeOf(Collection<Tensor> tensors) {
        return tensors.stream()
                .mapToLong(tensor -> tensor.numel() * tensor.dtype().bytes())
                .sum();
    }

    @Test
    void damaged_safetensors_are_read_or_refused() throws IOException {
        try (Scope scope = Scope.open()) {
            Path sound = dir.resolve("sound");
            Map<String, Tensor> tensors = Map.of(
                    "layer.weight", Tensor.randn(3, 4),
                    "layer.bias", Tensor.zeros(DType.FLOAT64, 3),
                    "count", Tensor.of(new long[] {7}, new long[0]),
                    "none", Tensor.zeros(0, 5));
            Safetensors.write(sound, tensors, Map.of("made by", "a test"));
            long alive = Engine.liveObjects();
            int refused = refused(
                    2500,
                    path -> {
                        try (Scope each = Scope.open()) {
                            return sizeOf(Safetensors.read(path).values());
                        }
                    },
                    Files.readAllBytes(sound),
                    Files.readAllBytes(Fixture.file("dtypes.safetensors")));
            assertThat(refused).isGreaterThan(1200);
            assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
        }
    }

    @Test
    void damaged_idx_files_are_read_or_refused() throws IOException {
        byte[] images = ByteBuffer.allocate(16 + 2 * 28 * 28)
                .putInt(0x803)
                .putInt(2)
                .putInt(28)
                .putInt(28)
                .array();
        byte[] labels = ByteBuffer.allocate(8 + 50).putInt(0x801).putInt(50).array();
        int refused = refused(
                4000,
                path -> {
                    Idx.read(path);
                    return Files.size(path);
                },
                images,
                labels,
                Archives.gzip(images),
                Archives.gzip(labels));
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void damaged_files_of_PyTorch_are_read_or_refused() throws IOException {
        List<byte[]> corpus = new ArrayList<>();
        for (String name : List.of("state_dict.pt", "kinds_legacy.pt", "kinds.pt", "state_dict_protocol4.pt")) {
            corpus.add(Files.readAllBytes(Fixture.file(name)));
        }
        long alive = Engine.liveObjects();
        assertThat(refused(1500, FuzzTest::readTorch, corpus.toArray(byte[][]::new)))
                .isGreaterThan(500);
        assertThat(Engine.liveObjects()).isLessThanOrEqualTo(alive);
    }

    private static long readTorch(Path path) {
        try (Scope scope = Scope.open()) {
            Map<String, Tensor> tensors = TorchFile.read(path, "");
            tensors.values().forEach(Tensor::toBytes);
            return sizeOf(tensors.values());
        }
    }

    /** What is wrong is inside: every checksum is right. */
    @Test
    void damaged_pickles_in_sound_files_of_PyTorch_are_read_or_refused() throws IOException {
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            Mutations mutations = new Mutations(SEED + i);
            Path sound = Fixture.file(i % 2 == 0 ? "kinds.pt" : "state_dict_protocol4.pt");
            refused += isRefused(withPickle(sound, mutations), FuzzTest::readTorch, "seed " + (SEED + i)) ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(250);
    }

    private static byte[] withPickle(Path zip, Mutations mutations) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipFile from = new ZipFile(zip.toFile());
                ZipOutputStream to = new ZipOutputStream(out)) {
            for (ZipEntry entry : from.stream().toList()) {
                byte[] content = from.getInputStream(entry).readAllBytes();
                put(to, entry.getName(), entry.getName().endsWith(".pkl") ? mutations.damaged(content) : content);
            }
        }
        return out.toByteArray();
    }

    private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry stored = new ZipEntry(name);
        stored.setMethod(ZipEntry.STORED);
        stored.setSize(content.length);
        stored.setCrc(crc.getValue());
        zip.putNextEntry(stored);
        zip.write(content);
        zip.closeEntry();
    }

    @Test
    void damaged_archives_are_extracted_inside_their_folder_or_refused() throws IOException {
        Archives.Tar content = tar -> {
            Archives.folder(tar, "photos");
            Archives.file(tar, "photos/cat.txt", "a cat ".repeat(40));
            Archives.file(tar, "photos/a/long/" + "name/".repeat(20) + "dog.txt", "a dog");
        };
        byte[] tar = Archives.tar(content);
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream entries = new ZipOutputStream(zip)) {
            put(entries, "photos/cat.txt", "a cat".getBytes(UTF_8));
            entries.putNextEntry(new ZipEntry("photos/dog.txt"));
            entries.write("a dog ".repeat(100).getBytes(UTF_8));
            entries.closeEntry();
        }
        Path target = dir.resolve("deep/extracted");
        int refused = refused(
                600,
                path -> {
                    Archive.extract(path, target, o -> o.maxBytes = MOST_TENSORS);
                    return deleted(target);
                },
                tar,
                Archives.gzip(tar),
                zip.toByteArray());
        assertThat(refused).isGreaterThan(150);
        try (Stream<Path> left = Files.list(dir)) { // nothing else was written
            assertThat(left.map(path -> path.getFileName().toString())).containsExactlyInAnyOrder("damaged", "deep");
        }
        try (Stream<Path> left = Files.list(dir.resolve("deep"))) {
            assertThat(left.filter(path -> !path.getFileName().toString().endsWith(".lock")))
                    .isEmpty();
        }
    }

    /** Deletes a folder and returns how many bytes were in it. */
    private static long deleted(Path folder) throws IOException {
        long[] bytes = {0};
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                bytes[0] += attributes.size();
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, IOException failure) throws IOException {
                Files.delete(each);
                return FileVisitResult.CONTINUE;
            }
        });
        return bytes[0];
    }
}
