package dev.cadenza.io;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Counts what is read of an archive's content and stops where it is too much. */
final class ArchiveMeter extends FilterInputStream {
    private final ArchiveSink sink;
    private long allowed = Long.MAX_VALUE;
    private long zeros;

    ArchiveMeter(InputStream content, ArchiveSink sink) {
        super(content);
        this.sink = sink;
    }

    /** Let so many bytes through before the next call of this. */
    void allow(long bytes) {
        allowed = bytes;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n = super.read(buffer, offset, length);
        if (n > 0) {
            allowed -= n;
            if (allowed < 0) {
                throw sink.beyond("has a header of more than a megabyte");
            }
            sink.bytes(n);
            countZeros(buffer, offset, n);
        }
        return n;
    }

    private void countZeros(byte[] buffer, int offset, int n) {
        int last = 0;
        while (last < n && buffer[offset + n - 1 - last] == 0) {
            last++;
        }
        zeros = last == n ? zeros + n : last;
    }

    /** What is skipped counts too. */
    @Override
    public long skip(long wanted) throws IOException {
        byte[] buffer = new byte[(int) Math.min(wanted, 1 << 13)];
        int n = wanted <= 0 ? 0 : read(buffer, 0, buffer.length);
        return Math.max(0, n);
    }

    /** What is read twice would count twice. */
    @Override
    public boolean markSupported() {
        return false;
    }

    /** Read what is left, and say whether so many zeros were the last that came. */
    boolean drainedToZeros(int count) throws IOException {
        byte[] buffer = new byte[1 << 13];
        while (read(buffer, 0, buffer.length) >= 0) {
            // only counted
        }
        return zeros >= count;
    }
}
