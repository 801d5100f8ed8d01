package dev.cadenza.data;

import java.util.SplittableRandom;

/**
 * Write as one writer does at one moment: how large, where, how slanted, how shaky, and with which pen.
 *
 * <p>The ranges decide how hard the digits are. The shift of up to 2.5 pixels counts most: it defeats a classifier that
 * only weighs pixels, and costs one with a hidden layer little.
 */
final class Hand {
    private static final double WOBBLE = 0.06;

    /** Half the pen's width, in pixels. */
    final double radius;
    /** The share of full black that the pen reaches, 0 to 1. */
    final double darkness;
    /** How uneven the ink is: the largest share of it that a pixel loses, 0 to 1. */
    final double grain;

    private final double width;
    private final double height;
    private final double slant;
    private final double cos;
    private final double sin;
    private final double centreX;
    private final double centreY;

    Hand(SplittableRandom random) {
        radius = between(random, 0.7, 1.8);
        darkness = between(random, 0.5, 1);
        grain = between(random, 0, 0.3);
        height = between(random, 16, 22);
        width = height * between(random, 0.7, 1.1);
        slant = between(random, -0.1, 0.35);
        double angle = between(random, -0.2, 0.2);
        // Math.sin may differ in the last bit from one machine to the next; StrictMath draws the same image everywhere.
        cos = StrictMath.cos(angle);
        sin = StrictMath.sin(angle);
        double middle = (Strokes.SIDE - 1) / 2.0;
        centreX = middle + between(random, -2.5, 2.5);
        centreY = middle + between(random, -2.5, 2.5);
    }

    /** Move points x, y, x, y… from the unit box to the image, in pixels, each with its own tremble. */
    double[] place(double[] points, SplittableRandom random) {
        double[] placed = new double[points.length];
        for (int i = 0; i < points.length; i += 2) {
            double y = height * (points[i + 1] - 0.5 + between(random, -WOBBLE, WOBBLE));
            double x = width * (points[i] - 0.5 + between(random, -WOBBLE, WOBBLE)) - slant * y;
            placed[i] = centreX + cos * x - sin * y;
            placed[i + 1] = centreY + sin * x + cos * y;
        }
        return placed;
    }

    private static double between(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }
}
