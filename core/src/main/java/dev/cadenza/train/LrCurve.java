package dev.cadenza.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The losses that a learning-rate finder saw while it raised the learning rate, and the learning rates they suggest.
 *
 * <p>The four suggestions look at the same part of the curve: without the first tenth of the planned iterations, where
 * the smoothed loss has not settled, without the last 5, where it flies off, and only up to the first loss that is NaN
 * or infinite (fastai stops at NaN only). Each is a rule of thumb; {@link #valley} is fastai's default. Distrust all of
 * them when they are far apart, and look at the curve.
 *
 * <p>A suggestion with too few points in that part throws an {@link IllegalStateException}, which says how many it wants.
 */
public final class LrCurve {
    private static final int UNSETTLED = 10;
    private static final int FLYING_OFF = 5;

    private final double[] lrs;
    private final double[] losses;

    /** The points that suggestions look at: the first of them, and the one after the last. */
    private final int from;

    private final int to;

    /** Keep what was recorded of {@code planned} iterations, {@code num_it} in fastai, of which fewer may have run. */
    LrCurve(double[] lrs, double[] losses, int planned) {
        if (lrs.length != losses.length) {
            throw new IllegalArgumentException("wanted one loss for each learning rate, but got: " + lrs.length
                    + " learning rates and " + losses.length + " losses; record both at the same event");
        }
        this.lrs = lrs.clone();
        this.losses = losses.clone();
        this.from = Math.min(planned / UNSETTLED, lrs.length);
        this.to = IntStream.range(from, lrs.length - FLYING_OFF)
                .filter(i -> !Double.isFinite(losses[i]))
                .findFirst()
                .orElse(Math.max(from, lrs.length - FLYING_OFF));
    }

    /** Give the learning rate of each iteration that was run. */
    public double[] lrs() {
        return lrs.clone();
    }

    /** Give the smoothed loss after each iteration that was run. */
    public double[] losses() {
        return losses.clone();
    }

    /**
     * Suggest a tenth of the learning rate at which the loss is least; a cautious upper end.
     *
     * @throws IllegalStateException if there is no point to look at
     */
    public double minimum() {
        return suggest(LrRule.MINIMUM);
    }

    /**
     * Suggest the learning rate at which the loss falls fastest, by {@code Δloss / Δlog(lr)} ({@code steep}).
     *
     * @throws IllegalStateException with fewer than 2 points
     */
    public double steepest() {
        return suggest(LrRule.STEEPEST);
    }

    /**
     * Suggest the middle of the longest valley: half way through the longest selection of losses that falls strictly,
     * where losses left out in between may rise. If the loss never falls, that is the least learning rate looked at.
     *
     * @throws IllegalStateException if there is no point to look at
     */
    public double valley() {
        return suggest(LrRule.VALLEY);
    }

    /**
     * Suggest where the loss is about to take off: an interval of 15 iterations moves from the right end to the left
     * until the loss changes equally at both its ends (within 0.005), and its left end just before that is taken.
     *
     * @throws IllegalStateException with fewer than 16 points
     */
    public double slide() {
        return suggest(LrRule.SLIDE);
    }

    /**
     * Collect the suggestions by name: valley, slide, minimum, steepest, in this order.
     *
     * <p>One with too few points is left out, so the map is empty for a run that ended at once.
     */
    public Map<String, Double> suggestions() {
        Map<String, Double> found = new LinkedHashMap<>();
        for (LrRule rule : LrRule.values()) {
            if (rule.points() <= to - from) {
                found.put(rule.toString(), suggest(rule));
            }
        }
        return found;
    }

    /**
     * Write a line {@code lr,loss} for each iteration, below a line with these names.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public void writeCsv(Path file) {
        Stream<String> lines = IntStream.range(0, lrs.length).mapToObj(i -> lrs[i] + "," + losses[i]);
        try {
            Files.write(file, Stream.concat(Stream.of("lr,loss"), lines).toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the learning rates and losses to " + file + ": " + e, e);
        }
    }

    /** Show how many iterations there are and what they suggest, a line each. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(lrs.length + " iterations");
        if (lrs.length > 0) {
            text.append(String.format(Locale.ROOT, ", lr %.2e to %.2e", lrs[0], lrs[lrs.length - 1]));
        }
        suggestions().forEach((name, lr) -> text.append(String.format(Locale.ROOT, "\n%-8s %.2e", name, lr)));
        return text.toString();
    }

    private double suggest(LrRule rule) {
        int points = to - from;
        if (points < rule.points()) {
            throw new IllegalStateException("wanted at least " + rule.points() + " points of the curve for '" + rule
                    + "', but got: " + points + " of " + lrs.length + " iterations, since the first " + from
                    + ", the last " + FLYING_OFF + " and all from the first loss that is not finite do not count;"
                    + " plan more iterations or begin with a smaller learning rate");
        }
        return rule.suggest(Arrays.copyOfRange(lrs, from, to), Arrays.copyOfRange(losses, from, to));
    }
}
