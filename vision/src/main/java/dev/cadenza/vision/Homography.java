package dev.cadenza.vision;

import dev.cadenza.tensor.Tensor;
import dev.cadenza.tensor.TensorException;
import java.util.Arrays;
import java.util.Collections;

/**
 * Say for each pixel of a result which place of an image it shows: flips, rotations, zooms, crops and perspective, each a
 * 3×3 matrix, so that any chain of them is one matrix and pixels are interpolated once.
 *
 * <p>Places are (x to the right, y down), from -1 to 1 over the image; the matrix maps (x, y, 1) of the result to
 * (x', y', w) of the image, at x'/w and y'/w.
 *
 * <pre>{@code
 * Homography turn = Homography.flip().then(Homography.rotate(10, 1)).then(Homography.zoom(1.1, 0, 0));
 * }</pre>
 */
public final class Homography {
    /** The largest shift of a corner by {@link #warp}, as a share of half the image. */
    static final double MOST_WARP = 0.5;

    private static final Homography IDENTITY = new Homography(1, 0, 0, 0, 1, 0, 0, 0, 1);

    /** What {@link #dihedral} does to x and y: their signs, and whether they change places (fastai's order). */
    private static final int[][] DIHEDRAL = {
        {1, 1, 0}, {-1, 1, 0}, {1, -1, 0}, {-1, 1, 1}, {-1, -1, 0}, {1, -1, 1}, {1, 1, 1}, {-1, -1, 1}
    };

    private final double[] m; // row by row

    private Homography(double... m) {
        this.m = m;
    }

    /** Show each pixel where it is. */
    public static Homography identity() {
        return IDENTITY;
    }

    /** Exchange left and right. */
    public static Homography flip() {
        return new Homography(-1, 0, 0, 0, 1, 0, 0, 0, 1);
    }

    /**
     * Do one of the eight flips and quarter turns.
     *
     * @param k 0: nothing, 1: exchange left and right, 2: top and bottom, 4: both; 6: exchange x and y, 7: about the other
     *     diagonal; 5: a quarter turn clockwise, 3: anticlockwise
     * @param aspect height divided by width; for another than 1 what is turned out of the image is cut off
     */
    public static Homography dihedral(int k, double aspect) {
        AugmentChecks.require(k >= 0 && k < DIHEDRAL.length, "one of the 8 cases, from 0 to 7", k);
        int x = DIHEDRAL[k][0];
        int y = DIHEDRAL[k][1];
        return DIHEDRAL[k][2] == 0
                ? new Homography(x, 0, 0, 0, y, 0, 0, 0, 1)
                : new Homography(0, x * aspect, 0, y / aspect, 0, 0, 0, 0, 1);
    }

    /**
     * Turn clockwise about the middle.
     *
     * @param aspect height divided by width, so that right angles stay right
     */
    public static Homography rotate(double degrees, double aspect) {
        double sin = Math.sin(Math.toRadians(degrees));
        double cos = Math.cos(Math.toRadians(degrees));
        return new Homography(cos, sin * aspect, 0, -sin / aspect, cos, 0, 0, 0, 1);
    }

    /**
     * Magnify, or below 1 make smaller.
     *
     * @param factor above 0
     * @param x the place that stays where it is, from -1 (left) to 1; here and for y
     */
    public static Homography zoom(double factor, double x, double y) {
        AugmentChecks.require(factor > 0, "a factor above 0", factor);
        double s = 1 / factor;
        return new Homography(s, 0, (1 - s) * x, 0, s, (1 - s) * y, 0, 0, 1);
    }

    /**
     * Look at the image from a side: the corners (±1, ±1) move to {@code (a·(1 - y·b), b·(1 - x·a))} for a, b = ±1.
     *
     * @param x how far the corners move up or down, from -0.5 to 0.5
     * @param y how far they move to the left or right, from -0.5 to 0.5
     */
    public static Homography warp(double x, double y) {
        AugmentChecks.require(Math.abs(x) <= MOST_WARP, "x from -0.5 to 0.5", x);
        AugmentChecks.require(Math.abs(y) <= MOST_WARP, "y from -0.5 to 0.5", y);
        double s =
                1 - x * x - y * y; // the inverse of {1-y², -xy, x; -xy, 1-x², y; x, y, 1}, which moves the corners so
        double xy = 2 * x * y / s;
        double right = -x * (1 + 2 * y * y / s);
        double down = -y * (1 + 2 * x * x / s);
        return new Homography(1, xy, right, xy, 1, down, right, down, 1);
    }

    /**
     * Show a part of the image.
     *
     * @param x its middle, from -1 (left) to 1; here and for y
     * @param width its width as a share of the image's, above 0; here and for the height
     */
    static Homography crop(double x, double y, double width, double height) {
        return new Homography(width, 0, x, 0, height, y, 0, 0, 1);
    }

    /** Return the matrix that does this, and then the other to what comes out. */
    public Homography then(Homography next) {
        double[] product = new double[9];
        for (int i = 0; i < 9; i++) {
            int row = i / 3 * 3;
            int column = i % 3;
            product[i] = m[row] * next.m[column] + m[row + 1] * next.m[column + 3] + m[row + 2] * next.m[column + 6];
        }
        return new Homography(product);
    }

    /** Return the place of the image, {x, y}, that a place of the result shows. */
    public double[] place(double x, double y) {
        double w = m[6] * x + m[7] * y + m[8];
        return new double[] {(m[0] * x + m[1] * y + m[2]) / w, (m[3] * x + m[4] * y + m[5]) / w};
    }

    /**
     * Read each of some images through this; what lies outside shows the image, mirrored at its border.
     *
     * @param images {@code [N, C, H, W]} of float32 or float64; {@link #rotate} and {@link #dihedral} want the aspect
     *     {@code (H - 1) / (W - 1)}
     * @return {@code [N, C, H, W]}: the images themselves for {@link #identity}; flips are exact, all else is bilinear
     * @throws TensorException if these are no images
     */
    public Tensor apply(Tensor images) {
        AugmentChecks.requireImages("Homography", images);
        return Resampling.of(images, Collections.nCopies((int) images.size(0), this), new Augment.Options());
    }

    /** Return the nine numbers, row by row. */
    public double[] matrix() {
        return m.clone();
    }

    /** Whether it is more than an affine map, with a horizon. */
    boolean isProjective() {
        return m[6] != 0 || m[7] != 0;
    }

    /** Which of the {@link #dihedral} cases of a square this is exactly, or -1. */
    int dihedral() {
        for (int k = 0; k < DIHEDRAL.length; k++) {
            if (equals(dihedral(k, 1))) {
                return k;
            }
        }
        return -1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Homography o && differsNowhere(o);
    }

    /** By value: 0 and -0 are the same place. */
    private boolean differsNowhere(Homography other) {
        for (int i = 0; i < 9; i++) {
            if (m[i] != other.m[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(Arrays.stream(m).map(v -> v + 0.0).toArray()); // -0 + 0 is 0
    }

    @Override
    public String toString() {
        return "Homography" + Arrays.toString(m);
    }
}
