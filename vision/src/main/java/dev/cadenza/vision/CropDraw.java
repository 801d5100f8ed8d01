package dev.cadenza.vision;

import dev.cadenza.data.Draw;

/** Draws the part of an image that is shown: a share of its area, a ratio of its sides, and a position. */
final class CropDraw {
    private static final int ATTEMPTS = 10;

    private CropDraw() {}

    static Homography of(Draw draw, Frame frame, Augment.CropOptions options) {
        for (int i = 0; draw.isRandom() && i < ATTEMPTS; i++) {
            double area = draw.uniform(options.minScale, options.maxScale) * frame.height() * frame.width();
            double ratio = Augment.logUniform(draw, options.minRatio, options.maxRatio);
            long columns = Math.max(1, Math.round(Math.sqrt(area * ratio)));
            long rows = Math.max(1, Math.round(Math.sqrt(area / ratio)));
            if (rows <= frame.height() && columns <= frame.width()) {
                long top = draw.random().nextLong(frame.height() - rows + 1);
                long left = draw.random().nextLong(frame.width() - columns + 1);
                return frame.crop(top, left, rows, columns);
            }
        }
        return middle(frame, options, draw.isRandom() ? 1 : options.validScale);
    }

    /** The largest part in the middle that is not too long in either direction. */
    private static Homography middle(Frame frame, Augment.CropOptions options, double scale) {
        double longest = Math.min(frame.height(), frame.width() / options.minRatio);
        double widest = Math.min(frame.width(), frame.height() * options.maxRatio);
        long rows = Math.max(1, (long) (longest * scale));
        long columns = Math.max(1, (long) (widest * scale));
        return frame.crop((frame.height() - rows) / 2, (frame.width() - columns) / 2, rows, columns);
    }
}
