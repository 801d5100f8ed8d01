package dev.cadenza.vision;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.ImageKernels;
import dev.cadenza.tensor.Tensor;

/** Where the pixels of an image come from. */
sealed interface ImageSource {
    int width();

    int height();

    /**
     * Read the pixels of a region.
     *
     * @param wanted how far they will be scaled down: fewer pixels may be given if there are at least twice as many in each direction
     * @param grey whether one channel is wanted, of brightness
     * @return a new tensor uint8 {@code [C, H, W]}
     */
    Tensor read(ImageBox region, ImageBox wanted, boolean grey);

    /**
     * Put an image together from rows and columns, in one copy.
     *
     * @param rows may come in any order; -1 is black
     * @param columns may come in any order; -1 is black
     * @param grey whether one channel is wanted, of brightness
     * @return a new tensor uint8 {@code [C, rows, columns]}
     */
    Tensor gather(int[] rows, int[] columns, boolean grey);

    /** An image file. */
    record Encoded(ImageHeader header) implements ImageSource {
        /** Below twice the wanted size the decoder's coarse filter would show: one level of grey on average, 100 at worst. */
        private static final int GAP = 2;

        @Override
        public int width() {
            return header.width();
        }

        @Override
        public int height() {
            return header.height();
        }

        @Override
        public Tensor read(ImageBox region, ImageBox wanted, boolean grey) {
            int by = reduction(region, wanted);
            int wide = (width() + by - 1) / by;
            int high = (height() + by - 1) / by;
            ImageBox reduced = region.scaled(width(), height(), wide, high);
            return decode(new OpenCv.Wanted(by, wide, high, grey), reduced.rows(), reduced.columns());
        }

        @Override
        public Tensor gather(int[] rows, int[] columns, boolean grey) {
            return decode(new OpenCv.Wanted(1, width(), height(), grey), rows, columns);
        }

        private Tensor decode(OpenCv.Wanted wanted, int[] rows, int[] columns) {
            return OpenCv.decode(header, wanted, pixels -> ImageKernels.gather(pixels, rows, columns));
        }

        /** By how much the decoder may shrink: 8, 4, 2 or 1. Only JPEG's filters while it does. */
        int reduction(ImageBox region, ImageBox wanted) {
            int by = header.format() == ImageFormat.JPEG ? 8 : 1;
            while (by > 1
                    && (region.width() / by < GAP * wanted.width() || region.height() / by < GAP * wanted.height())) {
                by /= 2;
            }
            return by;
        }
    }

    /** Pixels in memory, uint8 {@code [C, H, W]}. */
    record Pixels(Tensor tensor) implements ImageSource {
        @Override
        public int width() {
            return (int) tensor.size(2);
        }

        @Override
        public int height() {
            return (int) tensor.size(1);
        }

        @Override
        public Tensor read(ImageBox region, ImageBox wanted, boolean grey) {
            return gather(region.rows(), region.columns(), grey);
        }

        @Override
        public Tensor gather(int[] rows, int[] columns, boolean grey) {
            Tensor pixels = ImageKernels.gather(tensor, rows, columns);
            return grey && pixels.size(0) == 3 ? brightness(pixels) : pixels;
        }

        /** ITU-R BT.601, as JPEG and PIL have it. */
        private static Tensor brightness(Tensor rgb) {
            Tensor weights = Tensor.of(new double[] {0.299, 0.587, 0.114}, 3, 1, 1);
            return rgb.to(DType.FLOAT64).mul(weights).sum(true, 0).add(0.5).to(DType.UINT8);
        }
    }

    /** Another image, with something around it: negative numbers cut off. Without any, what it shows is a source anew. */
    record Padded(Image image, ImageBox frame, PadMode mode) implements ImageSource {
        @Override
        public int width() {
            return frame.width();
        }

        @Override
        public int height() {
            return frame.height();
        }

        @Override
        public Tensor read(ImageBox region, ImageBox wanted, boolean grey) {
            return gather(region.rows(), region.columns(), grey);
        }

        @Override
        public Tensor gather(int[] rows, int[] columns, boolean grey) {
            return image.gather(
                    inside(rows, frame.top(), image.height()), inside(columns, frame.left(), image.width()), grey);
        }

        private int[] inside(int[] lines, int start, int size) {
            int[] inside = new int[lines.length];
            for (int i = 0; i < lines.length; i++) {
                inside[i] = lines[i] < 0 ? -1 : mode.inside(start + lines[i], size);
            }
            return inside;
        }
    }
}
