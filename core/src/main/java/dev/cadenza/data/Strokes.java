package dev.cadenza.data;

import java.util.SplittableRandom;

/**
 * Draw one digit as a hand would: a pen of some width moved along a shaky, slanted, shifted path.
 *
 * <p>Everything that varies is drawn from the image's own key, so an image depends on nothing but its key and digit.
 * The drawing goes in four steps: pick a way to write the digit ({@link Glyphs}), move its points from the unit box to
 * the image with a random {@link Hand}, lay a smooth curve through them, and ink each pixel by its distance to it.
 */
final class Strokes {
    /** The height and the width of an image, in pixels. */
    static final int SIDE = 28;

    private static final int STEPS_PER_SPAN = 4;
    private static final int MAX_SPECKS = 4;

    private final double[] ink = new double[SIDE * SIDE];
    private final SplittableRandom random;
    private final Hand hand;

    private Strokes(SplittableRandom random) {
        this.random = random;
        this.hand = new Hand(random);
    }

    /**
     * Draw one image of {@link #SIDE} × {@link #SIDE} grey bytes: 0 is the empty background, 255 full ink.
     *
     * @param digit what to draw, 0 to 9
     * @param key the source of all randomness in this image
     * @param out where to write, row by row
     * @param offset the place of the first pixel in {@code out}
     */
    static void draw(int digit, long key, byte[] out, int offset) {
        SplittableRandom random = new SplittableRandom(key);
        Strokes strokes = new Strokes(random);
        for (double[] stroke : Glyphs.pick(digit, random)) {
            strokes.curve(strokes.hand.place(stroke, random));
        }
        strokes.develop(out, offset);
    }

    /** Ink the Catmull-Rom curve: a smooth line through all points, at each in the direction of its neighbours. */
    private void curve(double[] points) {
        int last = points.length / 2 - 1;
        double x = points[0];
        double y = points[1];
        for (int i = 0; i < last; i++) {
            int before = 2 * Math.max(i - 1, 0);
            int after = 2 * Math.min(i + 2, last);
            int from = 2 * i;
            int to = from + 2;
            for (int step = 1; step <= STEPS_PER_SPAN; step++) {
                double t = (double) step / STEPS_PER_SPAN;
                double nextX = blend(points[before], points[from], points[to], points[after], t);
                double nextY = blend(points[before + 1], points[from + 1], points[to + 1], points[after + 1], t);
                segment(x, y, nextX, nextY);
                x = nextX;
                y = nextY;
            }
        }
    }

    /** Give the place between {@code b} (t = 0) and {@code c} (t = 1) on the Catmull-Rom curve a, b, c, d. */
    private static double blend(double a, double b, double c, double d, double t) {
        return b + t * ((c - a) + t * ((2 * a - 5 * b + 4 * c - d) + t * (3 * (b - c) + d - a))) / 2;
    }

    /** Ink the pixels near one straight piece, less and less over the last pixel, so that the edge looks smooth. */
    private void segment(double x0, double y0, double x1, double y1) {
        double reach = hand.radius + 0.5;
        int left = Math.max(0, (int) Math.ceil(Math.min(x0, x1) - reach));
        int right = Math.min(SIDE - 1, (int) Math.floor(Math.max(x0, x1) + reach));
        int top = Math.max(0, (int) Math.ceil(Math.min(y0, y1) - reach));
        int bottom = Math.min(SIDE - 1, (int) Math.floor(Math.max(y0, y1) + reach));
        double dx = x1 - x0;
        double dy = y1 - y0;
        // The tiny number keeps a piece without length from dividing by zero.
        double perLength = 1 / Math.max(dx * dx + dy * dy, 1e-9);
        for (int y = top; y <= bottom; y++) {
            for (int x = left; x <= right; x++) {
                double along = ((x - x0) * dx + (y - y0) * dy) * perLength;
                double nearest = Math.min(1, Math.max(0, along));
                double awayX = x - x0 - nearest * dx;
                double awayY = y - y0 - nearest * dy;
                double cover = Math.min(1, reach - Math.sqrt(awayX * awayX + awayY * awayY));
                ink[y * SIDE + x] = Math.max(ink[y * SIDE + x], cover);
            }
        }
    }

    /** Turn ink into grey bytes: uneven ink, and a few grey specks of dirt on the paper. */
    private void develop(byte[] out, int offset) {
        for (int i = 0; i < ink.length; i++) {
            double grey = ink[i] == 0 ? 0 : ink[i] * hand.darkness * (1 - hand.grain * random.nextDouble());
            out[offset + i] = (byte) Math.round(255 * grey);
        }
        int specks = (int) (random.nextDouble() * (MAX_SPECKS + 1));
        for (int i = 0; i < specks; i++) {
            int pixel = (int) (random.nextDouble() * ink.length);
            out[offset + pixel] = (byte) (random.nextDouble() * 160);
        }
    }
}
