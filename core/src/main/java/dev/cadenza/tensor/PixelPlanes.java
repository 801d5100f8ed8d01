package dev.cadenza.tensor;

/** Takes the colours of an image apart: one channel after the other, of rows and columns in any order, or black (-1). */
final class PixelPlanes {
    private final int channels;
    private final int rowBytes;

    /** The first row and column that are needed. */
    private final int top;

    private final int left;

    /** What lies between the first pixel that is needed and the last: asked for at once, not row by row, it is cheap. */
    private final byte[] part;

    private PixelPlanes(ImageKernels.Raw from, int[] rows, int[] columns) {
        channels = from.channels();
        rowBytes = from.rowBytes();
        top = least(rows);
        left = least(columns);
        int begin = begin(top, left);
        part = new byte[Math.max(0, begin(most(rows), most(columns)) + channels - begin)];
        from.rows().get(from.rows().position() + begin, part);
    }

    static byte[] of(ImageKernels.Raw from, int[] rows, int[] columns) {
        return new PixelPlanes(from, rows, columns).takeApart(rows, columns);
    }

    private int begin(int row, int column) {
        return row * rowBytes + column * channels;
    }

    private static int least(int[] lines) {
        int least = Integer.MAX_VALUE;
        for (int line : lines) {
            least = line < 0 ? least : Math.min(least, line);
        }
        return least == Integer.MAX_VALUE ? 0 : least;
    }

    private static int most(int[] lines) {
        int most = -1;
        for (int line : lines) {
            most = Math.max(most, line);
        }
        return most;
    }

    private byte[] takeApart(int[] rows, int[] columns) {
        int[] places = new int[columns.length];
        for (int j = 0; j < places.length; j++) {
            places[j] = columns[j] < 0 ? -1 : (columns[j] - left) * channels;
        }
        int plane = Math.multiplyExact(rows.length, columns.length);
        byte[] planes = new byte[Math.multiplyExact(plane, channels)];
        for (int i = 0; i < rows.length; i++) {
            if (rows[i] >= 0) {
                takeApart((rows[i] - top) * rowBytes, places, planes, i * columns.length, plane);
            }
        }
        return planes;
    }

    private void takeApart(int row, int[] places, byte[] planes, int to, int plane) {
        for (int j = 0; j < places.length; j++) {
            int from = row + places[j];
            if (places[j] < 0) {
                continue;
            }
            if (channels == 3) { // written out, since it is twice as fast
                planes[to + j] = part[from];
                planes[to + j + plane] = part[from + 1];
                planes[to + j + 2 * plane] = part[from + 2];
            } else {
                for (int c = 0; c < channels; c++) {
                    planes[to + j + c * plane] = part[from + c];
                }
            }
        }
    }
}
