package dev.cadenza.schedule;

/**
 * Say which value a hyper-parameter has at each position of the training: 0 is its beginning, 1 its end.
 *
 * <p>With {@code p} the position, {@code s} the start and {@code e} the end:
 *
 * <table>
 * <caption>The ready schedules</caption>
 * <tr><th>schedule</th><th>value at {@code p}</th><th>name in fastai</th></tr>
 * <tr><td>{@link #lin}</td><td>{@code s + p (e - s)}</td><td>{@code SchedLin}</td></tr>
 * <tr><td>{@link #cos}</td><td>{@code s + (1 + cos(π (1 - p))) (e - s) / 2}</td><td>{@code SchedCos}</td></tr>
 * <tr><td>{@link #exp}</td><td>{@code s (e / s)^p}</td><td>{@code SchedExp}</td></tr>
 * <tr><td>{@link #poly}</td><td>{@code s + (e - s) p^power}</td><td>{@code SchedPoly}</td></tr>
 * <tr><td>{@link #constant}</td><td>{@code s}</td><td>{@code SchedNo}</td></tr>
 * </table>
 *
 * <p>They are joined by {@link #until} or {@link #combine}. One of your own is a lambda:
 *
 * <pre>{@code
 * Schedule warm = Schedule.cos(0.3, 0.6).until(0.3, Schedule.cos(0.6, 0.2));
 * double middle = warm.at(0.5);
 * Schedule steps = p -> p < 0.5 ? 0.1 : 0.01;
 * }</pre>
 *
 * <p>A schedule keeps no state: the same position gives the same value, in any order. The ready ones show themselves in
 * words, as {@code cos(0.3 → 0.6) until 0.3, then cos(0.6 → 0.2)}, and all refuse positions outside {@code [0, 1]}.
 */
@FunctionalInterface
public interface Schedule {
    /**
     * Give the value at a position of the training.
     *
     * @param position the share of the training that is done, in {@code [0, 1]}
     * @throws IllegalArgumentException from the ready schedules, if the position is NaN or not in {@code [0, 1]}
     */
    double at(double position);

    /**
     * Play this schedule over the first share of the positions and the next one over the rest.
     *
     * <p>Both see positions of their own from 0 to 1. At the border itself the next one has begun. To join more, join
     * the rest first or use {@link #combine}.
     *
     * @param share what this schedule covers, in {@code [0, 1]}; with 0 it never plays, with 1 the next one never does
     * @param next what plays from there to the end, position 1 included
     * @throws IllegalArgumentException if the share is NaN or not in {@code [0, 1]}
     */
    default Schedule until(double share, Schedule next) {
        Check.share(share);
        return combine(new double[] {share, 1 - share}, this, next);
    }

    /**
     * Play schedules one after the other, each over its share of the positions ({@code combine_scheds}).
     *
     * <p>Each sees positions of its own from 0 to 1, and the last one covers position 1. A piece begins at its border; a
     * position that misses the border by rounding counts as on it, so that restarts are on time. A piece with share 0
     * never plays.
     *
     * @param shares one for each piece, none negative; their sum may miss 1 by 1e-9, as {@code 0.7 + 0.2 + 0.1} does
     * @throws IllegalArgumentException if there are not as many shares as pieces, or the shares are not as said
     */
    static Schedule combine(double[] shares, Schedule... pieces) {
        return new Combined(shares, pieces);
    }

    /**
     * Go from start to end in a straight line.
     *
     * @throws IllegalArgumentException if start or end is not finite
     */
    static Schedule lin(double start, double end) {
        Check.finite("lin", start, end);
        return new Formula(Words.fromTo("lin", start, end), p -> start + p * (end - start));
    }

    /**
     * Go from start to end along half a wave of the cosine: slow, fast, slow.
     *
     * @throws IllegalArgumentException if start or end is not finite
     */
    static Schedule cos(double start, double end) {
        Check.finite("cos", start, end);
        return new Formula(
                Words.fromTo("cos", start, end), p -> start + (1 + Math.cos(Math.PI * (1 - p))) * (end - start) / 2);
    }

    /**
     * Go from start to end by equal factors, as a learning-rate finder does.
     *
     * @throws IllegalArgumentException if start or end is zero or not finite, or if their signs differ
     */
    static Schedule exp(double start, double end) {
        Check.factor(start, end);
        // s^(1-p) e^p is s (e/s)^p without a quotient that could overflow, and gives start and end exactly
        double sign = Math.signum(start);
        return new Formula(
                Words.fromTo("exp", start, end),
                p -> sign * Math.pow(Math.abs(start), 1 - p) * Math.pow(Math.abs(end), p));
    }

    /**
     * Stay at one value.
     *
     * @throws IllegalArgumentException if the value is not finite
     */
    static Schedule constant(double value) {
        Check.finite("constant", value);
        return new Formula("constant(" + Words.number(value) + ")", p -> value);
    }

    /**
     * Go from start to end along a power of the position.
     *
     * @param power 1 is a straight line, more than 1 starts slowly, less than 1 starts fast
     * @throws IllegalArgumentException if start or end is not finite, or if the power is not a finite number above 0
     */
    static Schedule poly(double start, double end, double power) {
        Check.finite("poly", start, end);
        Check.power(power);
        String words = Words.fromTo("poly", start, end).replace(")", ", power " + Words.number(power) + ")");
        return new Formula(words, p -> start + (end - start) * Math.pow(p, power));
    }

    /**
     * Go from start to middle and on to end by two cosines, as one-cycle training does ({@code combined_cos}).
     *
     * @param share the positions that the way to the middle takes, in {@code [0, 1]}
     * @throws IllegalArgumentException if the share is NaN or not in {@code [0, 1]}, or another argument is not finite
     */
    static Schedule combinedCos(double share, double start, double middle, double end) {
        return cos(start, middle).until(share, cos(middle, end));
    }
}
