package dev.cadenza.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Checks a TorchScript program, a zip of weights and code, before libtorch reads it, which checks no sums. */
final class TorchFileScript {
    private static final String CONSTANTS = "/constants.pkl";
    private static final int MOST_RATIO = 1000;

    private final TensorReader reader;
    private final byte[] part = new byte[1 << 16];

    private TorchFileScript(TensorReader reader) {
        this.reader = reader;
    }

    static void check(TensorReader reader) throws IOException {
        if (!TorchFile.isZip(reader.bytes(0, 4))) {
            throw new DataException(
                    reader.file(),
                    "is no TorchScript program: it is no zip file",
                    "save it in Python by torch.jit.save(torch.jit.script(model), path)");
        }
        new TorchFileScript(reader).check();
    }

    private void check() {
        try (ZipFile zip = ZipFile.builder().setPath(reader.file()).get()) {
            List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
            requireProgram(entries);
            for (ZipArchiveEntry entry : entries) {
                if (!entry.isDirectory()) {
                    checkSum(zip, entry);
                }
            }
        } catch (DataException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // the library lets some errors of arithmetic through
            throw new DataException(reader.file(), "is no sound zip file (" + e + ")", TensorReader.DAMAGED, e);
        }
    }

    private void requireProgram(List<ZipArchiveEntry> entries) {
        boolean program = entries.stream().anyMatch(entry -> entry.getName().endsWith(CONSTANTS))
                && entries.stream().anyMatch(entry -> entry.getName().contains("/code/"));
        if (!program) {
            throw new DataException(
                    reader.file(),
                    "is no TorchScript program, but another zip file, such as weights",
                    "load weights by Weights.read, or save a program in Python by"
                            + " torch.jit.save(torch.jit.script(model), path)");
        }
        long announced = 0;
        for (ZipArchiveEntry entry : entries) {
            announced = entry.getSize() < 0 ? Long.MAX_VALUE : Math.addExact(announced, entry.getSize());
        }
        if (announced / MOST_RATIO > reader.size()) {
            throw reader.damaged("announces " + announced + " bytes, in a file of " + reader.size());
        }
    }

    private void checkSum(ZipFile zip, ZipArchiveEntry entry) throws IOException {
        CRC32 sum = new CRC32();
        long bytes = 0;
        try (InputStream in = zip.getInputStream(entry)) {
            for (int n = in.read(part); n >= 0; n = in.read(part)) {
                sum.update(part, 0, n);
                bytes += n;
                if (bytes > entry.getSize()) {
                    break;
                }
            }
        }
        if (bytes != entry.getSize() || sum.getValue() != entry.getCrc()) {
            throw reader.damaged("'" + entry.getName() + "' is not what its checksum says");
        }
    }
}
