package dev.cadenza.tensor;

import java.nio.ByteBuffer;

/** Copies lines of an image, each put together from the same columns: pixels of a row in any order, or black (-1). */
final class PixelLine {
    private final int channels;
    private final int[] columns;
    private final byte[] line;

    /** The part of a row that has all the columns, or empty if that part can be copied as it is. */
    private final byte[] part;

    /** Where that part begins, in bytes. */
    private final int start;

    PixelLine(int[] columns, int channels) {
        this.channels = channels;
        this.columns = columns;
        line = new byte[Math.multiplyExact(columns.length, channels)];
        int least = Integer.MAX_VALUE;
        int most = -1;
        boolean inOrder = true;
        for (int j = 0; j < columns.length; j++) {
            most = Math.max(most, columns[j]);
            least = columns[j] < 0 ? least : Math.min(least, columns[j]);
            inOrder &= columns[j] >= 0 && columns[j] == columns[0] + j;
        }
        start = most < 0 ? 0 : least * channels;
        part = new byte[inOrder || most < 0 ? 0 : (most - least + 1) * channels];
    }

    /** Copies one line to the position of a buffer; of the row -1, a black one. */
    void copy(ImageKernels.Raw from, int row, ByteBuffer to) {
        int begin = from.rows().position() + row * from.rowBytes() + start;
        if (row < 0) {
            to.put(new byte[line.length]);
        } else if (part.length == 0 && columns[0] >= 0) {
            to.put(to.position(), from.rows(), begin, line.length);
            to.position(to.position() + line.length);
        } else {
            from.rows().get(begin, part);
            gather();
            to.put(line);
        }
    }

    /** What is black is never written, and stays so. */
    private void gather() {
        int at = 0;
        for (int column : columns) {
            int pixel = column * channels - start;
            if (column >= 0 && channels == 3) { // written out, since it is four times as fast
                line[at] = part[pixel];
                line[at + 1] = part[pixel + 1];
                line[at + 2] = part[pixel + 2];
            } else if (column >= 0) {
                System.arraycopy(part, pixel, line, at, channels);
            }
            at += channels;
        }
    }
}
