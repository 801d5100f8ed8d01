package dev.cadenza.vision;

import dev.cadenza.tensor.DType;
import dev.cadenza.tensor.ImageKernels;
import dev.cadenza.tensor.Tensor;

/** Where the pixels of an image come from. */
sealed interface ImageSource {
    int width();

    int height();

    /** How many colours a pixel has if grey is not asked for: 1 or 3. */
    int channels();

    /**
     * Read the pixels of a region.
     *
     * @param wanted how far they will be scaled down: fewer pixels may be given if there are at least twice as many in each direction
     * @param grey whether one channel is wanted, of brightness
     * @return a new tensor uint8 {@code [C, H, W]}
     */
    Tensor read(ImageBox region, ImageBox wanted, boolean grey);

    /**
     * Let something take rows and columns of the pixels, at full size.
     *
     * @param grey whether one channel is wanted, of brightness
     */
    <R> R take(ImageLines lines, boolean grey, Take<R> take);

    /** Takes pixels, which it must not keep. */
    interface Take<R> {
        R from(ImageKernels.Raw pixels, int[] rows, int[] columns);
    }

    /** Take lines of a tensor. */
    static <R> R take(Tensor pixels, ImageLines lines, Take<R> take) {
        return ImageKernels.read(pixels, raw -> take.from(raw, lines.rows, lines.columns));
    }

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
        public int channels() {
            return 3;
        }

        @Override
        public Tensor read(ImageBox region, ImageBox wanted, boolean grey) {
            int by = reduction(region, wanted);
            int wide = (width() + by - 1) / by;
            int high = (height() + by - 1) / by;
            ImageBox reduced = region.scaled(width(), height(), wide, high);
            return take(new OpenCv.Wanted(by, wide, high, grey), ImageLines.of(reduced), ImageKernels::gather);
        }

        @Override
        public <R> R take(ImageLines lines, boolean grey, Take<R> take) {
            return take(new OpenCv.Wanted(1, width(), height(), grey), lines, take);
        }

        private <R> R take(OpenCv.Wanted wanted, ImageLines lines, Take<R> take) {
            return OpenCv.decode(header, wanted, raw -> take.from(raw, lines.rows, lines.columns));
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
        public int channels() {
            return (int) tensor.size(0);
        }

        @Override
        public Tensor read(ImageBox region, ImageBox wanted, boolean grey) {
            return take(ImageLines.of(region), grey, ImageKernels::gather);
        }

        @Override
        public <R> R take(ImageLines lines, boolean grey, Take<R> take) {
            return ImageSource.take(grey && tensor.size(0) == 3 ? brightness(tensor) : tensor, lines, take);
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
        public int channels() {
            return image.channels();
        }

        @Override
        public Tensor read(ImageBox region, ImageBox wanted, boolean grey) {
            return take(ImageLines.of(region), grey, ImageKernels::gather);
        }

        @Override
        public <R> R take(ImageLines lines, boolean grey, Take<R> take) {
            int[] rows = inside(lines.rows, frame.top(), image.height());
            int[] columns = inside(lines.columns, frame.left(), image.width());
            return image.take(new ImageLines(rows, columns), grey, take);
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
