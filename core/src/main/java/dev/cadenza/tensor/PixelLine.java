package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies lines of an image, each put together from the same columns: pixels of a row in any order, or black (-1). */
final class PixelLine {
    private final int channels;

    /** Where the pixels are in {@link #part}. */
    private final int[] places;

    /** The part of a row that is needed, and a black pixel. */
    private final byte[] part;

    /** Where that part begins in a row, in bytes. */
    private final int start;

    private final boolean inOrder;
    private final byte[] line;

    PixelLine(int[] columns, int channels) {
        this.channels = channels;
        int least = Arrays.stream(columns).filter(column -> column >= 0).min().orElse(0);
        int count = Arrays.stream(columns).max().orElse(-1) - least + 1;
        places = new int[columns.length];
        boolean run = true;
        for (int j = 0; j < columns.length; j++) {
            places[j] = (columns[j] < 0 ? count : columns[j] - least) * channels;
            run &= columns[j] == columns[0] + j && columns[j] >= 0;
        }
        inOrder = run;
        start = least * channels;
        part = new byte[(count + 1) * channels];
        line = new byte[Math.multiplyExact(columns.length, channels)];
    }

    /** Copies one line to the position of a buffer, the colours of a pixel side by side; of the row -1, a black one. */
    void copy(ImageKernels.Raw from, int row, ByteBuffer to) {
        if (row < 0) {
            to.put(new byte[line.length]);
        } else if (inOrder) {
            to.put(to.position(), from.rows(), begin(from, row), line.length);
            to.position(to.position() + line.length);
        } else {
            read(from, row);
            for (int j = 0; j < places.length; j++) {
                System.arraycopy(part, places[j], line, j * channels, channels);
            }
            to.put(line);
        }
    }

    private void read(ImageKernels.Raw from, int row) {
        from.rows().get(begin(from, row), part, 0, part.length - channels);
    }

    private int begin(ImageKernels.Raw from, int row) {
        return from.rows().position() + row * from.rowBytes() + start;
    }
}
