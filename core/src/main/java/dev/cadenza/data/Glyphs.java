package dev.cadenza.data;

import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Keep the pen paths of the ten digits, each in the ways people write it.
 *
 * <p>A glyph is one or more strokes, parted by {@code |}; a stroke is the points {@code x,y} that the pen passes, in
 * hundredths of a box whose origin is at the top left. {@link Strokes} lays a smooth curve through them, so a sharp
 * corner is where one stroke ends and the next begins.
 */
final class Glyphs {
    private static final String[][] PATHS = {
        { // oval closed at the top, and with ends that cross
            "50,4 32,13 23,35 23,62 32,87 50,97 68,87 77,62 77,35 68,13 50,4",
            "62,9 42,6 27,24 22,52 29,84 49,97 69,86 78,58 73,27 58,9 44,10",
        },
        { // plain, with a flag, with flag and base
            "50,4 50,35 50,66 50,97",
            "30,26 42,16 53,4 | 53,4 53,50 53,97",
            "32,24 42,16 52,4 | 52,4 52,50 52,96 | 30,96 52,96 74,96",
        },
        { // with a corner at the foot, and with a loop
            "24,26 34,8 54,3 72,14 72,34 58,58 40,78 22,96 | 22,96 50,95 80,95",
            "24,24 36,7 56,4 71,17 68,38 54,62 38,86 25,93 20,84 31,77 46,85 62,95 80,89",
        },
        { // round, and with a flat top
            "24,14 42,4 62,7 71,23 62,40 44,46 | 44,46 66,52 77,70 66,90 44,97 22,87",
            "24,5 48,5 72,5 | 72,5 60,23 46,41 | 46,41 68,48 77,68 66,90 44,97 22,88",
        },
        { // open, and closed
            "34,4 29,34 22,60 | 22,60 50,60 82,57 | 66,24 65,60 63,97",
            "62,4 40,34 18,64 | 18,64 50,64 84,64 | 62,4 62,50 62,97",
        },
        { // with corners, and as one round stroke
            "74,5 54,5 34,6 | 34,6 32,25 29,45 | 29,45 50,38 70,46 77,67 66,88 44,97 22,88",
            "74,6 50,5 36,10 31,42 52,38 72,48 76,69 64,90 42,97 22,87",
        },
        { // curved, and with a straight back
            "68,5 46,17 30,41 24,68 34,91 52,97 70,88 75,70 64,55 46,54 28,70",
            "58,3 42,28 30,54 26,78 38,94 56,97 72,85 72,66 57,56 40,62 28,78",
        },
        { // plain, with a bar, and with a hook
            "22,6 50,6 78,6 | 78,6 60,40 50,66 42,97",
            "22,6 50,6 78,6 | 78,6 62,40 52,66 44,97 | 36,50 54,50 74,49",
            "22,22 24,15 24,8 | 24,8 50,8 78,6 | 78,6 60,40 50,66 42,97",
        },
        { // one stroke that crosses itself, and two rings
            "70,17 50,4 30,17 37,38 62,56 76,76 66,92 50,97 34,92 24,76 38,56 63,38 70,17",
            "50,4 33,12 31,32 50,45 69,32 67,12 50,4 | 50,45 28,57 26,83 50,97 74,83 72,57 50,45",
        },
        { // with a straight tail, and with a curved one
            "72,26 60,7 42,5 27,20 29,41 44,51 62,45 72,26 | 72,26 70,60 67,97",
            "73,24 60,6 42,4 26,20 29,41 44,51 62,46 73,24 | 73,24 76,58 66,88 46,97 28,90",
        },
    };

    private static final double[][][][] POINTS =
            Stream.of(PATHS).map(Glyphs::variants).toArray(double[][][][]::new);

    private Glyphs() {}

    /** Pick one of the ways to write {@code digit}: strokes, each as x, y, x, y… in units of the box. */
    static double[][] pick(int digit, SplittableRandom random) {
        double[][][] variants = POINTS[digit];
        return variants[(int) (random.nextDouble() * variants.length)];
    }

    private static double[][][] variants(String[] paths) {
        return Stream.of(paths).map(Glyphs::strokes).toArray(double[][][]::new);
    }

    private static double[][] strokes(String path) {
        return Stream.of(path.split(" \\| ")).map(Glyphs::points).toArray(double[][]::new);
    }

    private static double[] points(String stroke) {
        return Stream.of(stroke.split("[ ,]"))
                .mapToDouble(number -> Double.parseDouble(number) / 100)
                .toArray();
    }
}
