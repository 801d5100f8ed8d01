package dev.cadenza.train;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** The ways to read a learning rate off a curve of finite losses, in the order in which they are shown. */
enum LrRule {
    VALLEY(1),
    SLIDE(16),
    MINIMUM(1),
    STEEPEST(2);

    private static final double SLIDE_TOLERANCE = 0.005;

    private final int points;

    LrRule(int points) {
        this.points = points;
    }

    /** Give the least number of points that the rule can work with. */
    int points() {
        return points;
    }

    double suggest(double[] lrs, double[] losses) {
        return switch (this) {
            case VALLEY -> valley(lrs, losses);
            case SLIDE -> slide(lrs, losses);
            case MINIMUM -> minimum(lrs, losses);
            case STEEPEST -> steepest(lrs, losses);
        };
    }

    private static double minimum(double[] lrs, double[] losses) {
        return lrs[argMin(losses)] / 10;
    }

    private static double steepest(double[] lrs, double[] losses) {
        double[] slopes = IntStream.range(0, lrs.length - 1)
                .mapToDouble(i -> (losses[i + 1] - losses[i]) / Math.log(lrs[i + 1] / lrs[i]))
                .toArray();
        return lrs[argMin(slopes)];
    }

    private static double valley(double[] lrs, double[] losses) {
        int[] lengths = fallingLengths(losses);
        int longest = Arrays.stream(lengths).max().orElseThrow();
        int end = IntStream.range(0, lengths.length)
                .filter(i -> lengths[i] == longest)
                .findFirst()
                .orElseThrow();
        // as fastai: one before the first point, had the valley no gaps; two roundings of a third and of a sixth
        int middle = end - longest + longest / 3 + longest / 6;
        return lrs[Math.max(middle, 0)]; // -1 for a valley of one step at the very left, where fastai takes the last lr
    }

    /** Give for each point the length of the longest strictly falling selection that ends with it. */
    private static int[] fallingLengths(double[] losses) {
        int[] lengths = new int[losses.length];
        for (int i = 0; i < losses.length; i++) {
            lengths[i] = 1;
            for (int before = 0; before < i; before++) {
                if (losses[before] > losses[i]) {
                    lengths[i] = Math.max(lengths[i], lengths[before] + 1);
                }
            }
        }
        return lengths;
    }

    private static double slide(double[] lrs, double[] losses) {
        int width = SLIDE.points - 1;
        double[] changes = changes(losses);
        int left = lrs.length - 1 - width;
        int taken = left;
        while (left >= 0 && Math.abs(changes[left + width] - changes[left]) > SLIDE_TOLERANCE) {
            taken = left;
            left--;
        }
        return lrs[taken];
    }

    /** Give the change per iteration: half of that between both neighbours, at the ends that to the only one. */
    private static double[] changes(double[] losses) {
        int last = losses.length - 1;
        return IntStream.rangeClosed(0, last)
                .mapToDouble(i -> {
                    int left = Math.max(i - 1, 0);
                    int right = Math.min(i + 1, last);
                    return (losses[right] - losses[left]) / (right - left);
                })
                .toArray();
    }

    private static int argMin(double[] values) {
        int least = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] < values[least]) {
                least = i;
            }
        }
        return least;
    }

    /** Give the name in lower case. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
