package dev.cadenza.callback;

import java.util.SplittableRandom;

/** Draws from the symmetric Beta distribution: for a small alpha near 0 or 1, for a large one near one half. */
final class Beta {
    private static final double THIRD = 1.0 / 3;

    private Beta() {}

    /** Draws from Beta(alpha, alpha) as G / (G + H) of two Gamma draws, by their logarithms: small ones underflow. */
    static double symmetric(double alpha, SplittableRandom random) {
        double g = logGamma(1 + alpha, random);
        double h = logGamma(1 + alpha, random);
        double u = Math.log(1 - random.nextDouble());
        double v = Math.log(1 - random.nextDouble());
        return 1 / (1 + Math.exp(h - g + (v - u) / alpha)); // Gamma(alpha) is Gamma(1 + alpha) · U^(1 / alpha)
    }

    /** Marsaglia and Tsang 2000, A Simple Method for Generating Gamma Variables; for shapes of 1 and more. */
    private static double logGamma(double shape, SplittableRandom random) {
        double d = shape - THIRD;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double v = Math.pow(1 + c * x, 3);
            double logV = Math.log(v); // NaN below 0, which is refused
            if (Math.log(1 - random.nextDouble()) < x * x / 2 + d * (1 - v + logV)) {
                return Math.log(d) + logV;
            }
        }
    }
}
