package dev.cadenza.vision;

import dev.cadenza.data.Draw;

/** Choose which part of an image is kept; what is not drawn is the middle. */
final class ImageCrops {
    private static final int ATTEMPTS = 10;

    private ImageCrops() {}

    /** The largest square, at a random place along the longer side. */
    static Image largest(Image image, Draw draw) {
        int side = Math.min(image.width(), image.height());
        int left = (int) (place(draw) * (image.width() - side));
        int top = (int) (place(draw) * (image.height() - side));
        return image.crop(left, top, side, side);
    }

    /** All of it, in a square that is filled up. The margin is added last, where it is small. */
    static Image whole(Image image, Draw draw, int size, PadMode mode) {
        double scale = (double) size / Math.max(image.width(), image.height());
        int width = Math.max(1, (int) Math.round(image.width() * scale));
        int height = Math.max(1, (int) Math.round(image.height() * scale));
        int left = (int) (place(draw) * (size - width));
        int top = (int) (place(draw) * (size - height));
        Image small = image.resize(width, height);
        return width == size && height == size ? small : small.framed(new ImageBox(-left, -top, size, size), mode);
    }

    private static double place(Draw draw) {
        return draw.isRandom() ? draw.random().nextDouble() : 0.5;
    }

    /** A square of a size, which fits in. */
    static Image at(Image image, int size, Draw draw) {
        return at(image, size, 0, PadMode.ZEROS, draw);
    }

    /** A square of a size, from the image with a margin. */
    static Image at(Image image, int size, int pad, PadMode mode, Draw draw) {
        int margin = draw.isRandom() ? pad : 0;
        int left = start(image.width(), size, margin, draw);
        int top = start(image.height(), size, margin, draw);
        ImageBox frame = new ImageBox(left, top, size, size);
        return frame.isWithin(image.width(), image.height())
                ? image.crop(left, top, size, size)
                : image.framed(frame, mode);
    }

    private static int start(int length, int size, int margin, Draw draw) {
        int room = length + 2 * margin - size;
        return room > 0 && draw.isRandom() ? draw.random().nextInt(room + 1) - margin : Math.floorDiv(length - size, 2);
    }

    /** A part of random size and shape. */
    record Part(double minScale, double maxScale, double minRatio, double maxRatio) {
        Image of(Image image, Draw draw) {
            int w = image.width();
            int h = image.height();
            for (int i = 0; i < ATTEMPTS; i++) {
                double area = draw.uniform(minScale, maxScale) * w * h;
                double ratio = Math.exp(draw.uniform(Math.log(minRatio), Math.log(maxRatio)));
                int width = (int) Math.round(Math.sqrt(area * ratio));
                int height = (int) Math.round(Math.sqrt(area / ratio));
                if (width >= 1 && height >= 1 && width <= w && height <= h) {
                    int left = draw.random().nextInt(w - width + 1);
                    int top = draw.random().nextInt(h - height + 1);
                    return image.crop(left, top, width, height);
                }
            }
            return middle(image);
        }

        private Image middle(Image image) {
            int w = image.width();
            int h = image.height();
            double shape = (double) w / h;
            int width = shape > maxRatio ? Math.max(1, (int) (h * maxRatio)) : w;
            int height = shape < minRatio ? Math.max(1, (int) (w / minRatio)) : h;
            return image.crop((w - width) / 2, (h - height) / 2, width, height);
        }
    }
}
