package dev.cadenza.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/** Goes through the entries of tar and zip files and lets through what is a file or a folder. */
final class ArchiveReaders {
    private static final int RECORD = 512;
    /** Names and headers beside them are read into memory; real ones have a few kilobytes. */
    private static final long MOST_HEADER_BYTES = 1 << 20;
    /** The bits of a Unix mode that tell files, folders, links and devices apart. */
    private static final int TYPE_BITS = 0170000;

    private static final int FILE_TYPE = 0100000;
    private static final int FOLDER_TYPE = 0040000;

    private ArchiveReaders() {}

    /** The sum of a header's bytes is written in it; the magic word is absent from the oldest tar files. */
    static boolean isTarHeader(byte[] head) {
        if (head.length < RECORD) {
            return false;
        }
        int sum = 0;
        for (int i = 0; i < RECORD; i++) {
            sum += i >= 148 && i < 156 ? ' ' : head[i] & 0xFF;
        }
        String written = new String(head, 148, 8, StandardCharsets.US_ASCII)
                .replace('\0', ' ')
                .strip();
        boolean empty = sum == 8 * ' '; // the end mark of an archive with nothing in it
        return empty || (written.matches("[0-7]{1,7}") && Integer.parseInt(written, 8) == sum);
    }

    /** Read a tar file, unpacked if it was packed, to its very end, where packers have their checksums. */
    static void tar(InputStream content, ArchiveSink sink) throws IOException {
        try (ArchiveMeter meter = new ArchiveMeter(content, sink);
                TarArchiveInputStream tar = new TarArchiveInputStream(meter, "UTF-8")) {
            for (TarArchiveEntry entry = next(tar, meter); entry != null; entry = next(tar, meter)) {
                sink.entry(entry.getName());
                take(entry, tar, sink);
            }
            meter.allow(Long.MAX_VALUE);
            if (!meter.drainedToZeros(2 * RECORD)) {
                throw new IOException("the mark that ends a tar file is missing");
            }
        }
    }

    private static TarArchiveEntry next(TarArchiveInputStream tar, ArchiveMeter meter) throws IOException {
        meter.allow(MOST_HEADER_BYTES);
        TarArchiveEntry entry = tar.getNextEntry();
        meter.allow(Long.MAX_VALUE);
        return entry;
    }

    private static void take(TarArchiveEntry entry, InputStream tar, ArchiveSink sink) throws IOException {
        byte flag = entry.getLinkFlag();
        boolean plain =
                flag == TarConstants.LF_NORMAL || flag == TarConstants.LF_OLDNORM || flag == TarConstants.LF_CONTIG;
        if (flag == TarConstants.LF_DIR || (plain && entry.isDirectory())) {
            sink.folder(entry.getName());
        } else if (plain && !entry.isSparse()) {
            sink.file(entry.getName(), tar);
        } else {
            throw sink.hostile(entry.getName(), kind(entry));
        }
    }

    private static String kind(TarArchiveEntry entry) {
        if (entry.isSymbolicLink() || entry.isLink()) {
            return "is a link to " + ArchiveNames.shown(entry.getLinkName());
        }
        if (entry.isCharacterDevice() || entry.isBlockDevice() || entry.isFIFO()) {
            return "is a device";
        }
        return entry.isSparse() ? "is a sparse file" : "is of the unknown kind " + entry.getLinkFlag();
    }

    /** Read a zip file by its list at the end; what is not listed does not count. */
    static void zip(Path archive, ArchiveSink sink) throws IOException {
        try (SeekableByteChannel channel = Files.newByteChannel(archive);
                ZipFile zip = ZipFile.builder().setSeekableByteChannel(channel).get()) {
            for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
                sink.entry(entry.getName());
                take(entry, zip, sink);
            }
        }
    }

    private static void take(ZipArchiveEntry entry, ZipFile zip, ArchiveSink sink) throws IOException {
        int type = entry.getUnixMode() & TYPE_BITS;
        if (type != 0 && type != FILE_TYPE && type != FOLDER_TYPE) {
            throw sink.hostile(entry.getName(), entry.isUnixSymlink() ? "is a link" : "is a device");
        }
        if (entry.isDirectory()) {
            sink.folder(entry.getName());
        } else if (!zip.canReadEntryData(entry)) {
            throw sink.hostile(entry.getName(), "is encrypted or compressed in an unknown way");
        } else {
            try (InputStream in = new ArchiveMeter(new Crc32Check(zip.getInputStream(entry), entry), sink)) {
                sink.file(entry.getName(), in);
            }
        }
    }
}
