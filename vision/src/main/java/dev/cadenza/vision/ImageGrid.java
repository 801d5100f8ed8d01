package dev.cadenza.vision;

import dev.cadenza.io.DataException;
import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.Scope;
import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Draw a batch of images as one picture, with a caption under each ({@code show_batch}).
 *
 * <pre>{@code
 * import dev.cadenza.vision.ImageGrid;
 *
 * ImageGrid.write(Path.of("batch.png"), images, List.of("cat", "dog"));   // [2, 3, H, W], from 0 to 1
 * }</pre>
 *
 * <p>Images smaller than 96 pixels are enlarged, each pixel to a square, so that captions can be read. Captions are
 * in plain letters: accents are dropped, and what has no plain letter is a question mark.
 */
public final class ImageGrid {
    private static final int SMALLEST = 96;
    private static final int STRIP = 16;
    private static final int GAP = 4;
    private static final int LETTER = 7;

    /** A line of text: its left end and its base line, in pixels. */
    record Caption(String text, int left, int base) {}

    private ImageGrid() {}

    /**
     * Draw images in rows, as nearly a square as they fit.
     *
     * @param png the file to write
     * @param images float {@code [N, 3, H, W]} from 0 to 1; what is beyond is drawn as black or full
     * @param captions one for each image, from the first; those without have none
     * @throws TensorException if the images are of another shape, or there are none
     * @throws DataException if the file cannot be written
     */
    public static void write(Path png, Tensor images, List<String> captions) {
        if (images.dim() != 4 || images.size(1) != 3 || images.numel() == 0) {
            throw new TensorException("ImageGrid: wanted images [N, 3, H, W], but got " + images.describe());
        }
        int n = Math.toIntExact(images.size(0));
        Cells cells = new Cells(n, Math.toIntExact(images.size(2)), Math.toIntExact(images.size(3)));
        byte[] canvas = new byte[Math.multiplyExact(3, Math.multiplyExact(cells.height(), cells.width()))];
        Arrays.fill(canvas, (byte) 255);
        List<Caption> texts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            cells.draw(canvas, i, pixels(images, i));
            if (i < captions.size()) {
                texts.add(cells.caption(i, captions.get(i)));
            }
        }
        try {
            Files.write(png, OpenCv.png(canvas, cells.height(), cells.width(), texts));
        } catch (IOException e) {
            throw new DataException(png, "cannot be written (" + e + ")", "name another file", e);
        }
    }

    /** The bytes of one image, row by row, the colours of a pixel side by side. */
    private static byte[] pixels(Tensor images, int index) {
        try (Scope scope = Scope.open()) {
            Tensor rows = images.select(0, index).permute(1, 2, 0).to(DType.FLOAT32);
            return rows.mul(255).add(0.5).clamp(0, 255).toBytes();
        }
    }

    /** Where each image goes. */
    private record Cells(int count, int imageHeight, int imageWidth) {
        private int scale() {
            return Math.max(1, (SMALLEST + imageWidth - 1) / imageWidth);
        }

        private int columns() {
            return (int) Math.ceil(Math.sqrt(count));
        }

        private int cellWidth() {
            return imageWidth * scale() + GAP;
        }

        private int cellHeight() {
            return imageHeight * scale() + STRIP + GAP;
        }

        int width() {
            return columns() * cellWidth() + GAP;
        }

        int height() {
            return (count + columns() - 1) / columns() * cellHeight() + GAP;
        }

        private int left(int index) {
            return GAP + index % columns() * cellWidth();
        }

        private int top(int index) {
            return GAP + index / columns() * cellHeight();
        }

        void draw(byte[] canvas, int index, byte[] pixels) {
            int scale = scale();
            for (int y = 0; y < imageHeight * scale; y++) {
                int to = 3 * ((top(index) + y) * width() + left(index));
                for (int x = 0; x < imageWidth * scale; x++) {
                    int from = 3 * (y / scale * imageWidth + x / scale);
                    System.arraycopy(pixels, from, canvas, to + 3 * x, 3);
                }
            }
        }

        Caption caption(int index, String text) {
            String plain = Normalizer.normalize(text, Normalizer.Form.NFD)
                    .replaceAll("\\p{M}", "")
                    .replaceAll("[^ -~]", "?");
            int room = (cellWidth() - GAP) / LETTER;
            String fitting = plain.length() <= room ? plain : plain.substring(0, Math.max(0, room - 2)) + "..";
            return new Caption(fitting, left(index), top(index) + imageHeight * scale() + STRIP - GAP);
        }
    }
}
