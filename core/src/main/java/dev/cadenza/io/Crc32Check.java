package dev.cadenza.io;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;

/** Compares what was read of a file in a zip archive with the size and the CRC-32 that its list has. */
final class Crc32Check extends CheckedInputStream {
    private final ZipArchiveEntry entry;
    private long size;

    Crc32Check(InputStream in, ZipArchiveEntry entry) {
        super(in, new CRC32());
        this.entry = entry;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n > 0) {
            size += n;
        }
        if (n < 0 && (size != entry.getSize() || getChecksum().getValue() != entry.getCrc())) {
            throw new IOException("the checksum of " + ArchiveNames.shown(entry.getName()) + " is wrong");
        }
        return n;
    }
}
