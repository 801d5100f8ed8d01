package dev.cadenza.tensor;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Copies lines of an image, each put together from the same columns: pixels of a row in any order, or black (-1). */
final class PixelLine {
    private final int channels;

    /** Where the pixels are in the part of a row that is needed; negative for black. */
    private final int[] places;

    private final byte[] part;
    private final int start;
    private final boolean inOrder;

    /** What is put together here: black where nothing was ever written. */
    private final byte[] line;

    PixelLine(int[] columns, int channels) {
        this.channels = channels;
        int least = Arrays.stream(columns).filter(column -> column >= 0).min().orElse(0);
        int most = Arrays.stream(columns).max().orElse(-1);
        places = new int[columns.length];
        boolean run = true;
        for (int j = 0; j < columns.length; j++) {
            places[j] = columns[j] < 0 ? -1 : (columns[j] - least) * channels;
            run &= places[j] == j * channels;
        }
        inOrder = run;
        start = least * channels;
        part = new byte[(most - least + 1) * channels];
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
            from.rows().get(begin(from, row), part);
            sideBySide();
            to.put(line);
        }
    }

    private int begin(ImageKernels.Raw from, int row) {
        return from.rows().position() + row * from.rowBytes() + start;
    }

    private void sideBySide() {
        int at = 0;
        for (int place : places) {
            if (place >= 0 && channels == 3) { // written out, since it is four times as fast
                line[at] = part[place];
                line[at + 1] = part[place + 1];
                line[at + 2] = part[place + 2];
            } else if (place >= 0) {
                System.arraycopy(part, place, line, at, channels);
            }
            at += channels;
        }
    }

    /** Copies one line to the position of a buffer, each colour {@code plane} bytes after the one before. */
    void copyApart(ImageKernels.Raw from, int row, ByteBuffer to, int plane) {
        if (row >= 0) {
            from.rows().get(begin(from, row), part);
        }
        for (int c = 0; c < channels; c++) {
            for (int j = 0; j < places.length; j++) {
                int place = places[j];
                line[j] = row < 0 || place < 0 ? 0 : part[place + c];
            }
            to.put(to.position() + c * plane, line, 0, places.length);
        }
        to.position(to.position() + places.length);
    }
}
